/** Do Not Contact lists of a world, from its own customers and others. */
import { contactKey, readRecipient } from './oracle/recipient.mts';
import type { Row } from './world.mts';

/** A list to be made for a node's rows. */
export interface ContactListPlan {
	as: 'array' | 'objects' | 'items' | 'text' | 'lines';
	/** A row's customer in one of several forms, or anything. */
	entries: Array<{ row: number; form: 'asGiven' | 'contactKey' | 'chat' | 'plus' | 'number' | 'whatsApp' } | { given: unknown }>;
	nothing?: 'null' | 'blank';
}

/** The option's value. */
export function listOf({ as, entries, nothing }: ContactListPlan, rows: readonly Row[]): unknown {
	if (nothing) return nothing === 'null' ? null : ' ';
	const given = entries.map((entry) => ('given' in entry ? entry.given : written(rows[entry.row % rows.length]!.phone, entry.form)));
	switch (as) {
		case 'array':
			return given;
		case 'objects':
			return given.map((entry, index) => ({ [['phone', 'recipient'][index % 2]!]: entry }));
		case 'items':
			return given.map((entry) => ({ json: { phone: entry, since: '2026-01-01' } }));
		case 'text':
			return given.map(String).join(', ');
		case 'lines':
			return given.map(String).join('\n');
	}
}

function written(phone: unknown, form: 'asGiven' | 'contactKey' | 'chat' | 'plus' | 'number' | 'whatsApp'): unknown {
	const [to] = readRecipient(phone, undefined).to;
	if (form === 'asGiven' || to === undefined) return phone;
	if (!/^\d+$/.test(to)) return form === 'contactKey' ? contactKey(to) : form === 'number' ? to.toLowerCase() : to;
	switch (form) {
		case 'contactKey':
			return contactKey(to);
		case 'chat':
			return `${to}@c.us`;
		case 'plus':
			return `+${to}`;
		case 'number':
			return Number(to);
		case 'whatsApp':
			return `+${to.replace(/^55(\d\d)9(\d{8})$/, '55$1$2').replace(/^52(\d{10})$/, '521$1').replace(/^549/, '54')}`;
	}
}
