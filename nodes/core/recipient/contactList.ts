import { fieldsOf } from '../json';
import { err, foundBeforeSending, ok, type Result } from '../problem';
import { contactKeyOf } from './contactKey';
import { contactKeyFor, isBsuid, isUsername, type Identity } from './identity';
import { INVISIBLE, readPhoneReadings } from './phone';
import { readRecipient } from './recipient';

/** What may name a customer in an object of a list, such as a table's row. */
const FIELDS = ['contactKey', 'recipient', 'phone', 'bsuid', 'username'] as const;

/** One name of one customer, as given. */
export interface ContactEntry {
	/** The object's field; undefined for a bare text. */
	field?: (typeof FIELDS)[number];
	text: string;
}

/** Every key of the listed customers, in lower case. */
export type ContactList = ReadonlySet<string>;

/**
 * Takes a list of customers apart: an array of texts, numbers or objects with any of `FIELDS` (n8n items, too),
 * or a text with commas, semicolons or line breaks. A blank text and an empty array are an empty list.
 * Gives `invalid-option` for what leaves open who is meant: nothing at all, an entry without a name, a gap between two separators.
 */
export function contactEntriesOf(given: unknown): Result<ContactEntry[]> {
	if (given === undefined || given === null) return err(noList());
	if (typeof given === 'string' && given.trim() === '') return ok([]);
	const entries: ContactEntry[] = [];
	for (const element of Array.isArray(given) ? (given as unknown[]) : [given]) {
		const found = entriesOf(element);
		if (found.length === 0) return err(unreadable(element));
		// One by one: a text may have more entries than a call has arguments.
		for (const entry of found) entries.push(entry);
	}
	return ok(entries);
}

function entriesOf(element: unknown): ContactEntry[] {
	if (typeof element === 'string') return entriesIn(element);
	if (typeof element === 'number') return [{ text: String(element) }];
	const item = fieldsOf(element);
	const fields = fieldsOf(item?.json) ?? item;
	return FIELDS.flatMap((field) => {
		const value = fields?.[field];
		const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
		return text === '' ? [] : [{ field, text }];
	});
}

/** None for a text with a gap. A blank line is no gap, and neither is a separator at a line's end. */
function entriesIn(text: string): ContactEntry[] {
	const texts = text.split(/[\r\n\u2028\u2029]+/).flatMap((line) => {
		const parts = line.split(/[,;]/).map((part) => part.trim());
		return parts.at(-1) === '' ? parts.slice(0, -1) : parts;
	});
	return texts.includes('') ? [] : texts.map((one) => ({ text: one }));
}

/** Reads entries into a list; national numbers by `defaultCountry`'s rules. Gives `invalid-option` for an unreadable entry, or `invalid-country`. */
export function readContactList(entries: readonly ContactEntry[], defaultCountry?: unknown): Result<ContactList> {
	const list = new Set<string>();
	for (const entry of entries) {
		const keys = keysIn(entry, defaultCountry);
		if (!keys.ok) return keys;
		for (const key of keys.value) list.add(key.toLowerCase());
	}
	return ok(list);
}

/** Whether any name of a customer is listed. */
export function isListed(list: ContactList, customer: Identity): boolean {
	return [...keysOf(customer)].some((key) => list.has(key));
}

/** The keys of all names of a customer, in lower case: a list may have been written by hand. */
export function keysOf({ phone, bsuid, username }: Identity): ContactList {
	return new Set([keyOf({ phone }), keyOf({ bsuid }), keyOf({ username })].flatMap((key) => (key === null ? [] : [key.toLowerCase()])));
}

function keyOf(name: Partial<Identity>): string | null {
	return contactKeyFor({ phone: null, bsuid: null, username: null, ...name });
}

/** Every key that an entry may mean: who may be the one that opted out is not messaged. */
function keysIn({ field, text }: ContactEntry, defaultCountry: unknown): Result<string[]> {
	const given = text.replace(INVISIBLE, '').trim();
	const asUsername = given.replace(/^@/, '');
	if (field === 'username' && isUsername(asUsername)) return ok([keyOf({ username: asUsername })!]);
	if (field === 'bsuid' && isBsuid(given)) return ok([given]);
	// A contact key is not always a valid number: with a + WhatsApp is asked for any.
	if (field === 'contactKey' && /^\d{8,15}$/.test(given)) return ok([contactKeyOf(given)]);
	const phones = readPhoneReadings(given, defaultCountry);
	if (phones.ok) return ok([...phones.value, ...(/^\d+$/.test(given) ? [given] : [])].map(contactKeyOf));
	if (phones.problem.code === 'invalid-country') return phones;
	const read = readRecipient(given, defaultCountry);
	if (read.ok) return ok([contactKeyFor(read.value)!]);
	// The contact key of a user ID may have a username's form.
	return isBsuid(given) ? ok([given, keyOf({ username: given })!]) : err(unreadable(text));
}

function noList() {
	return foundBeforeSending({
		code: 'invalid-option',
		message: 'Do Not Contact is not a list',
		description: 'Check its expression. An empty array or an empty text is a list with nobody on it.',
	});
}

function unreadable(entry: unknown) {
	const shown = typeof entry === 'string' ? entry : (JSON.stringify(entry) ?? 'nothing');
	return foundBeforeSending({
		code: 'invalid-option',
		message: `Do Not Contact has an entry that names no customer: "${shown.slice(0, 50)}"`,
		description:
			'Correct the entry: a phone number with its country code, a contact key, a user ID (BSUID) or an @username. In a table, one of the columns contactKey, recipient, phone, bsuid and username.',
	});
}
