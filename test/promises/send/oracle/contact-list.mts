/** Who is on a Do Not Contact list, from interface.md ("Log rows"), not from the node. */
import { contactKey, readRecipient } from './recipient.mts';

/** As in recipient.mts: every form that the vendor takes. */
const ANY_BSUID = /^[A-Za-z0-9_-]{2,16}\.[A-Za-z0-9._:-]{1,128}$/;

/** A list may be written by hand: in any case. */
export function listKey(address: string): string {
	return contactKey(address).toLowerCase();
}

/** What a list says. */
export interface ListReading {
	/** Keys that must not be messaged. */
	blocked: Set<string>;
	/** Keys that may be refused: the rules leave their entries open. */
	open: Set<string>;
	/** An entry names nobody: nothing may be sent. */
	isUnreadable: boolean;
	/** A refusal for an unreadable entry is right, too. */
	mayBeUnreadable: boolean;
}

/** Reads an option's value, with the item's Default Country. */
export function readList(given: unknown, defaultCountry: unknown): ListReading {
	const reading: ListReading = { blocked: new Set(), open: new Set(), isUnreadable: given === undefined || given === null, mayBeUnreadable: false };
	for (const entry of entriesOf(given)) read(entry, defaultCountry, reading);
	return reading;
}

function read(entry: unknown, defaultCountry: unknown, list: ListReading): void {
	const text = typeof entry === 'string' || typeof entry === 'number' ? String(entry).replace(/\p{Cf}/gu, '').trim() : '';
	if (text === '') {
		list.isUnreadable = true;
		return;
	}
	const { to, mayRefuse } = readRecipient(entry, defaultCountry);
	const digits = text.replace(/\D/g, '');
	// A leading bracket hides the code from readRecipient.
	const isAmbiguous = to.length === 0 && /^[\d\s().\-/]+$/.test(text) && readRecipient(digits, defaultCountry).codes.includes('ambiguous-phone');
	// Digits may be a contact key or a national number.
	if (/^\d+$/.test(text)) list.open.add(listKey(text));
	for (const address of to) (mayRefuse || to.length > 1 ? list.open : list.blocked).add(listKey(address));
	if (isAmbiguous) {
		list.mayBeUnreadable = true;
		for (const country of ['+', '+1']) for (const address of readRecipient(country + digits, undefined).to) list.open.add(listKey(address));
		for (const address of readRecipient(`0${digits}`, defaultCountry).to) list.open.add(listKey(address));
	} else if (to.length === 0 && ANY_BSUID.test(text) && /[A-Za-z]/.test(text.split('.')[0]!)) {
		// A contact key, although Recipient cannot tell it from a username.
		list.blocked.add(text.toLowerCase());
		list.open.add(`@${text.toLowerCase()}`);
	} else if (to.length === 0 && text.includes(',')) list.mayBeUnreadable = true;
	else if (to.length === 0) list.isUnreadable = true;
	list.mayBeUnreadable ||= mayRefuse;
}

function entriesOf(given: unknown): unknown[] {
	if (typeof given === 'string') return given.trim() === '' ? [] : partsOf(given);
	return Array.isArray(given) ? given.flatMap(namesIn) : [];
}

/** A gap is an entry without a name; a blank line and a separator at a line's end are none. */
function partsOf(text: string): string[] {
	if (text.trim() === '') return [text];
	const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
	return lines.flatMap((line) => line.replace(/[,;]\s*$/, '').split(/[,;]/));
}

function namesIn(element: unknown): unknown[] {
	if (typeof element === 'string') return partsOf(element);
	if (typeof element !== 'object' || element === null) return [element];
	const { json, ...own } = element as { json?: object };
	const { phone, recipient } = { ...own, ...json } as Record<string, unknown>;
	return [phone ?? recipient];
}
