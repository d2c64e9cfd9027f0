import type { LoggedRow } from './n8n.mts';

/** A message of the channel as far as it is compared. */
export interface ChannelMessage {
	id: string;
	phone: string;
	statuses: Array<{ status: string }>;
}

/** What the log got wrong, in customers. */
export interface LogCheck {
	/** Customers without a message, or without a row. */
	missing: number;
	/** Customers with a row whose status or message ID is not the channel's. */
	wrong: number;
	/** Customers with more than one message, or more than one row. */
	twice: number;
}

/** Compares the log with the channel: each customer has one message and one row, which says what the channel says last. */
export function checkLog(phones: readonly string[], messages: readonly ChannelMessage[], rows: readonly LoggedRow[]): LogCheck {
	const messagesOf = Map.groupBy(messages, ({ phone }) => phone);
	const phoneOf = new Map(messages.map(({ id, phone }) => [id, phone]));
	// A row that a status made before the sender's may lack the phone.
	const rowsOf = Map.groupBy(rows, ({ messageId, phone }) => phone ?? phoneOf.get(messageId ?? '') ?? '');
	const check: LogCheck = { missing: 0, wrong: 0, twice: 0 };
	for (const phone of phones) {
		const [message, ...moreMessages] = messagesOf.get(phone) ?? [];
		const [row, ...moreRows] = rowsOf.get(phone) ?? [];
		if (message === undefined || row === undefined) check.missing++;
		else if (moreMessages.length > 0 || moreRows.length > 0) check.twice++;
		else if (row.messageId !== message.id || row.status !== (message.statuses.at(-1)?.status ?? null)) check.wrong++;
	}
	return check;
}
