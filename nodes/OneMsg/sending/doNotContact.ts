import type { IDataObject } from 'n8n-workflow';
import { err, foundBeforeSending, ok, type Result } from '../../core/problem';
import { contactEntriesOf, isListed, readContactList, type ContactEntry, type ContactList } from '../../core/recipient/contactList';
import type { Identity } from '../../core/recipient/identity';
import { invalidOption, shown } from '../resources/shared/settings';

const LABEL = 'Do Not Contact';

/** The Do Not Contact option of one run of the node. A list that several items share is read once. */
export class DoNotContact {
	private last: { given: unknown; defaultCountry: unknown; entries: readonly ContactEntry[]; list: Result<ContactList> } | undefined;

	/** Gives `no-opt-in` if any of the customers is on the item's list, `invalid-option` if the list cannot be read. */
	check(options: IDataObject, customers: readonly Identity[]): Result<null> {
		if (!Object.hasOwn(options, 'doNotContact')) return ok(null);
		const list = this.read(options.doNotContact, options.defaultCountry);
		if (!list.ok) return list;
		return customers.some((customer) => isListed(list.value, customer)) ? err(listed()) : ok(null);
	}

	private read(given: unknown, defaultCountry: unknown): Result<ContactList> {
		const { last } = this;
		if (last && last.given === given && last.defaultCountry === defaultCountry) return last.list;
		const found = contactEntriesOf(given);
		if (!found.ok) return err(unreadable(given, found.unreadable));
		const { entries } = found;
		const isSame = last?.list.ok && last.defaultCountry === defaultCountry && areEqual(last.entries, entries);
		const list = isSame ? last.list : listOf(entries, defaultCountry);
		this.last = { given, defaultCountry, entries, list };
		return list;
	}
}

function areEqual(some: readonly ContactEntry[], others: readonly ContactEntry[]): boolean {
	return some.length === others.length && some.every(({ field, text }, index) => others[index]!.field === field && others[index]!.text === text);
}

function listOf(entries: readonly ContactEntry[], defaultCountry: unknown): Result<ContactList> {
	const read = readContactList(entries, defaultCountry);
	return read.ok ? ok(read.list) : err(unreadable(entries, read.unreadable));
}

function unreadable(given: unknown, entry: string) {
	const isNothing = given === undefined || given === null;
	return invalidOption(
		isNothing ? `${LABEL} yields no list` : `${LABEL} has an entry that names no customer: "${shown(entry)}"`,
		LABEL,
		isNothing
			? 'Check its expression. An empty array or an empty text is a list with nobody on it.'
			: 'Correct the entry: a phone number with its country code, a contact key, a user ID (BSUID) or an @username. With objects, one of the fields contactKey, recipient, phone, bsuid and username.',
	);
}

function listed() {
	return foundBeforeSending({
		code: 'no-opt-in',
		message: 'This customer is on the Do Not Contact list, so nothing was sent',
		description: 'Remove the customer from the list if they agree to be messaged again.',
		action: 'otherChannel',
	});
}
