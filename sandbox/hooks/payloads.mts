import { failureWords } from '../scenarios/failures.mts';
import type { JsonObject } from '../json.mts';
import type { Message, StatusRecord } from '../state/messages.mts';
import type { Settings } from '../state/settings.mts';

/** One entry of a payload; a POST groups entries by `list`. */
export interface HookEntry {
	raw: boolean;
	list: 'hooks' | 'ack' | 'messages' | 'statuses' | 'message_echoes';
	element: JsonObject;
}

const DAY_SECONDS = 86_400;
const BUSINESS_NUMBER = '12025550199';

/** An element of hooks[] and hookInfo: Meta's status, times as strings in seconds (1msg-api.md section 4). */
export function statusElement(message: Message, record: StatusRecord, settings: Settings): JsonObject {
	const at = seconds(record.at);
	const category = message.category ?? 'service';
	return {
		id: message.id,
		type: 'message',
		status: statusWord(record, settings),
		timestamp: String(at),
		recipient_id: message.phone,
		...(record.code === undefined
			? {
					pricing: { billable: true, category, pricing_model: 'PMP' },
					conversation: { id: `c${message.number}`, origin: { type: category }, expiration_timestamp: at + DAY_SECONDS },
				}
			: { errors: [graphError(record.code)] }),
	};
}

/** The entry for a status, in the form set by the channel and the sandbox (section 6). */
export function statusEntry(message: Message, record: StatusRecord, settings: Settings, raw: boolean): HookEntry {
	// A status in Meta's own envelope has no type.
	if (raw) return { raw, list: 'statuses', element: { ...statusElement(message, record, settings), type: undefined } };
	if (settings.hookForm === 'hooks') return { raw, list: 'hooks', element: statusElement(message, record, settings) };
	return { raw, list: 'ack', element: ackElement(message, record, settings) };
}

/** The entry for a message; `fromMe` is its direction (section 6.1). */
export function messageEntry(message: Message, raw: boolean): HookEntry {
	if (!raw) return { raw, list: 'messages', element: { ...normalisedMessage(message), fromMe: message.direction === 'out' } };
	return { raw, list: message.direction === 'out' ? 'message_echoes' : 'messages', element: rawMessage(message) };
}

/** A message with the keys shared by messages[] hooks and the history. */
export function normalisedMessage(message: Message): JsonObject {
	const out = message.direction === 'out';
	return {
		id: message.id,
		body: message.media?.url ?? message.shown.text,
		self: out ? 1 : 0,
		time: seconds(message.at),
		type: message.media?.type ?? (message.kind === 'button' ? 'button' : 'chat'),
		author: out ? `${BUSINESS_NUMBER}@c.us` : message.chatId,
		chatId: message.chatId,
		caption: message.media ? message.shown.text || null : null,
		chatName: message.phone,
		senderName: out ? 'Example Shop' : message.phone,
		authorBsuid: null,
		isForwarded: false,
		quotedMsgId: message.quotedMessageId ?? null,
		authorUserName: null,
	};
}

/** The body of one POST; entries are all raw or all not. */
export function payload(channelId: string, entries: readonly HookEntry[], settings: Settings): JsonObject {
	const lists: Record<string, JsonObject[]> = {};
	for (const { list, element } of entries) (lists[list] ??= []).push(element);
	if (!entries[0]?.raw) return { instanceId: channelId, ...lists };
	const metadata = { display_phone_number: BUSINESS_NUMBER, phone_number_id: '100000000000001' };
	const value = { messaging_product: 'whatsapp', metadata, ...lists };
	const field = lists.message_echoes ? 'smb_message_echoes' : 'messages';
	return {
		object: 'whatsapp_business_account',
		...(settings.rawHooksInstanceId && { instanceId: channelId }),
		entry: [{ id: '100000000000002', changes: [{ field, value }] }],
	};
}

// Normalised acks carry the failure as text only, and no time (observed in production).
function ackElement(message: Message, record: StatusRecord, settings: Settings): JsonObject {
	return {
		id: message.id,
		bsuid: null,
		phone: message.phone,
		chatId: message.chatId,
		status: statusWord(record, settings),
		category: message.category ?? 'service',
		userName: null,
		...(record.code !== undefined && { error: failureWords(record.code).title }),
	};
}

function rawMessage(message: Message): JsonObject {
	const { shown, media, kind } = message;
	const content: JsonObject =
		kind === 'button'
			? { type: 'button', button: { text: shown.text, payload: message.payload ?? shown.text } }
			: media
				? { type: media.type, [media.type]: { link: media.url, ...(shown.text && { caption: shown.text }) } }
				: { type: 'text', text: { body: shown.text } };
	return {
		...(message.direction === 'out' ? { from: BUSINESS_NUMBER, to: message.phone } : { from: message.phone }),
		id: message.id,
		timestamp: String(seconds(message.at)),
		...content,
		...(message.quotedMessageId && { context: { id: message.quotedMessageId } }),
	};
}

function graphError(code: number): JsonObject {
	const { title, details } = failureWords(code);
	return {
		code,
		title,
		message: title,
		error_data: { details },
		href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
	};
}

function statusWord(record: StatusRecord, settings: Settings): string {
	return record.status === 'read' && settings.legacyViewed ? 'viewed' : record.status;
}

function seconds(ms: number): number {
	return Math.floor(ms / 1000);
}
