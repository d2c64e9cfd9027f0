import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { textOf } from '../../../core/json';
import { err, foundBeforeSending, ok, type Result } from '../../../core/problem';
import { contactEntriesOf, isListed, keysOf, readContactList, type ContactEntry, type ContactList } from '../../../core/recipient/contactList';
import { contactKeyFor, recipientFor, type Identity } from '../../../core/recipient/identity';
import { bsuidIn, usernameIn } from '../../../core/recipient/names';
import { readPhone } from '../../../core/recipient/phone';
import type { Recipient } from '../recipient';

/** The Do Not Contact option in one run of the node. A list that several items share is read once. */
export class DoNotContact {
	private last: { given: unknown; defaultCountry: unknown; entries: readonly ContactEntry[] | null; list: Result<ContactList> } | undefined;

	constructor(private readonly context: IExecuteFunctions) {}

	/** Gives `no-opt-in` if the customer or the recipient is on the item's list, `invalid-option` if the list cannot be read. */
	check(options: IDataObject, itemIndex: number, { customer, to }: Recipient): Result<null> {
		if (!Object.hasOwn(options, 'doNotContact')) return ok(null);
		const list = this.read(options.doNotContact, options.defaultCountry);
		if (!list.ok) return list;
		const known = [customer, to, ...otherNames(customer, this.context.getInputData()[itemIndex]?.json, options.defaultCountry)];
		return known.some((identity) => isListed(list.value, identity)) ? err(listed()) : ok(null);
	}

	private read(given: unknown, defaultCountry: unknown): Result<ContactList> {
		const { last } = this;
		if (last && last.given === given && last.defaultCountry === defaultCountry) return last.list;
		const found = contactEntriesOf(given);
		if (!found.ok) {
			this.last = { given, defaultCountry, entries: null, list: found };
			return found;
		}
		const entries = found.value;
		// An expression yields a new array for each item.
		const isSame = last?.entries && last.defaultCountry === defaultCountry && areEqual(last.entries, entries);
		const list = isSame ? last.list : readContactList(entries, defaultCountry);
		this.last = { given, defaultCountry, entries: isSame ? last.entries : entries, list };
		return list;
	}
}

function areEqual(some: readonly ContactEntry[], others: readonly ContactEntry[]): boolean {
	return some.length === others.length && some.every(({ field, text }, index) => others[index]!.field === field && others[index]!.text === text);
}

/** The names of a customer whom the input item is about, as in an event of the trigger or a table: they may have opted out under one of these. */
function otherNames(customer: Identity, json: IDataObject = {}, defaultCountry: unknown): Identity[] {
	const contactKey = textOf(json.contactKey);
	const phone = readPhone(/^\d+$/.test(contactKey) ? `+${contactKey}` : json.phone, defaultCountry);
	const item = { phone: phone.ok ? phone.value : null, bsuid: bsuidIn(json.bsuid), username: usernameIn(json.username) };
	const isAbout = contactKey === contactKeyFor(customer) || json.recipient === recipientFor(customer) || isListed(keysOf(item), customer);
	return isAbout ? [item] : [];
}

function listed() {
	return foundBeforeSending({
		code: 'no-opt-in',
		message: 'This customer is on the Do Not Contact list, so nothing was sent',
		description: 'Remove the customer from the list if they agree to be messaged again.',
		action: 'otherChannel',
	});
}
