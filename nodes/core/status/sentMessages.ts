import { z } from 'zod';
import { contactKeyFor } from '../recipient/identity';
import { bsuidIn } from '../recipient/names';
import { looseFlag, looseText, parseJson } from '../json';
import { phoneOfChat } from './status';
import { unixTime } from '../time';

/** A message sent by the business, from the channel's history. */
export interface SentMessage {
	messageId: string;
	phone: string | null;
	text: string | null;
	type: string;
	/** ISO 8601 UTC, null if the history gives no time. */
	sentAt: string | null;
}

/** The channel's history, or its notice that none is kept. */
export type History = { kind: 'messages'; sent: SentMessage[] } | { kind: 'notKept'; notice: string };

const entry = z.object({
	id: looseText,
	body: looseText,
	caption: looseText,
	type: looseText,
	fromMe: looseFlag,
	self: looseFlag,
	time: unixTime,
	chatId: looseText,
});

const history = z.object({
	messages: z.array(z.unknown()).nullish().catch(null),
	notice: looseText,
});

/**
 * Parses an answer of `GET /messages` (1msg-api.md, section 7) into what the business sent to this customer, newest first.
 * Undefined if the text is not a history.
 */
export function readHistory(text: string, contactKey: string): History | undefined {
	const parsed = history.safeParse(parseJson(text)).data;
	if (!parsed) return undefined;
	if (!parsed.messages) return parsed.notice === '' ? undefined : { kind: 'notKept', notice: parsed.notice };
	const sent = parsed.messages
		.flatMap((given) => entry.safeParse(given).data ?? [])
		.filter((message) => message.id !== '' && (message.fromMe || message.self) && isChatOf(message.chatId, contactKey))
		.map((message) => ({
			messageId: message.id,
			phone: phoneOfChat(message.chatId),
			text: message.body || message.caption || null,
			type: message.type || 'chat',
			sentAt: message.time,
		}));
	return { kind: 'messages', sent: sent.sort(newestFirst) };
}

export function newestFirst(a: SentMessage, b: SentMessage): number {
	return (b.sentAt ?? '').localeCompare(a.sentAt ?? '');
}

function isChatOf(chatId: string, contactKey: string): boolean {
	return contactKeyFor({ phone: phoneOfChat(chatId), bsuid: bsuidIn(chatId), username: null }) === contactKey;
}

/** Whether a message in the history equals one of these texts, ignoring line endings and surrounding whitespace; a partial match proves nothing. */
export function isShownAs({ text }: SentMessage, shownAs: readonly string[]): boolean {
	return text !== null && shownAs.some((shown) => plain(shown) === plain(text));
}

function plain(text: string): string {
	return text.replace(/\r\n?/g, '\n').trim();
}
