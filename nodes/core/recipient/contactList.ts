import { fieldsOf } from '../json';
import { contactKeyOf } from './contactKey';
import { contactKeyFor, isBsuid, isUsername, type Identity } from './identity';
import { INVISIBLE, readPhoneReadings } from './phone';
import { readRecipient } from './recipient';

/** What may stand for a customer in an object of a list, such as a table's row. */
const NAMES = ['contactKey', 'recipient', 'phone', 'bsuid', 'username'] as const;
type Name = (typeof NAMES)[number];

/** One name of one customer, as given. */
export interface ContactEntry {
	/** The field of the object it comes from; undefined for a bare text. */
	field?: Name;
	text: string;
}

/** The entries of a list of customers, or the first part of it that is none, as text. */
export type ContactEntries = { ok: true; entries: ContactEntry[] } | { ok: false; unreadable: string };

/** Keys under which customers are listed. */
export type ContactList = ReadonlySet<string>;

/**
 * Takes a list of customers apart: an array of texts, numbers or objects with `contactKey`, `recipient`, `phone`, `bsuid` or `username`
 * (n8n items, too), or a text with commas, semicolons or line breaks. A blank text or an empty array is an empty list.
 * Anything that leaves open who is meant is unreadable: nothing at all, an entry without a value, two separators in a row.
 */
export function contactEntriesOf(given: unknown): ContactEntries {
	const entries: ContactEntry[] = [];
	for (const element of Array.isArray(given) ? (given as unknown[]) : [given]) {
		const found = typeof element === 'string' && !Array.isArray(given) ? textEntries(element) : entriesOf(element);
		if (!found) return { ok: false, unreadable: typeof element === 'string' ? element : (JSON.stringify(element) ?? 'nothing') };
		entries.push(...found);
	}
	return { ok: true, entries };
}

function entriesOf(element: unknown): ContactEntry[] | undefined {
	if (typeof element === 'number') return [{ text: String(element) }];
	if (typeof element === 'string') return element.trim() === '' ? undefined : textEntries(element);
	const item = fieldsOf(element);
	const fields = fieldsOf(item?.json) ?? item;
	const named = NAMES.flatMap((field) => {
		const value = fields?.[field];
		const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
		return text === '' ? [] : [{ field, text }];
	});
	return named.length === 0 ? undefined : named;
}

/** A blank between two separators is a customer who is missing; a blank line or a separator at its end is none. */
function textEntries(text: string): ContactEntry[] | undefined {
	const entries: ContactEntry[] = [];
	for (const line of text.split(/[\r\n\u2028\u2029]+/)) {
		if (line.trim() === '') continue;
		const parts = line.split(/[,;]/).map((part) => part.trim());
		if (parts.at(-1) === '') parts.pop();
		if (parts.length === 0 || parts.includes('')) return undefined;
		entries.push(...parts.map((part) => ({ text: part })));
	}
	return entries;
}

/** Reads the entries into a list, or names the first unreadable one. National numbers are read by `defaultCountry`'s rules. */
export function readContactList(entries: readonly ContactEntry[], defaultCountry?: unknown): { ok: true; list: ContactList } | { ok: false; unreadable: string } {
	const list = new Set<string>();
	for (const entry of entries) {
		const keys = keysOf(entry, defaultCountry);
		if (keys.length === 0) return { ok: false, unreadable: entry.text };
		for (const key of keys) list.add(key);
	}
	return { ok: true, list };
}

/** Whether any name of a customer is listed. */
export function isListed(list: ContactList, { phone, bsuid, username }: Identity): boolean {
	const names: Identity[] = [
		{ phone, bsuid: null, username: null },
		{ phone: null, bsuid, username: null },
		{ phone: null, bsuid: null, username },
	];
	return names.map(contactKeyFor).some((key) => key !== null && list.has(key));
}

/** Every key that an entry may mean: who might have opted out is not messaged. Empty if it is unreadable. */
function keysOf({ field, text }: ContactEntry, defaultCountry: unknown): string[] {
	const given = text.replace(INVISIBLE, '').trim();
	if (field === 'bsuid') return isBsuid(given) ? [given] : [];
	if (field === 'username') return isUsername(given.replace(/^@/, '')) ? [usernameKey(given)] : [];
	if (field === 'contactKey' && /^\d{5,15}$/.test(given)) return [contactKeyOf(given)];
	const readings = readPhoneReadings(given, defaultCountry);
	// Bare digits may be a contact key, too.
	if (readings.ok) return [...readings.value, ...(/^\d+$/.test(given) ? [given] : [])].map(contactKeyOf);
	const read = readRecipient(given, defaultCountry);
	if (read.ok) return [contactKeyFor(read.value)!];
	// A contact key of a user ID that could as well be a username.
	return isBsuid(given) ? [given, usernameKey(given)] : [];
}

function usernameKey(username: string): string {
	return contactKeyFor({ phone: null, bsuid: null, username: username.replace(/^@/, '') })!;
}
