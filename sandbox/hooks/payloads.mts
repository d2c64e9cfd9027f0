import { failureWords } from '../scenarios/failures.mts';
import type { JsonObject } from '../json.mts';
import type { Message, StatusRecord } from '../state/messages.mts';
import type { Names } from '../state/customers.mts';
import type { Settings } from '../state/settings.mts';

/** One entry of a payload; a POST groups entries by `list`. */
export interface HookEntry {
	raw: boolean;
	list: 'hooks' | 'ack' | 'messages' | 'statuses' | 'message_echoes';
	element: JsonObject;
	/** Meta's contact of the customer, beside the lists of a raw envelope. */
	contact?: JsonObject;
}

const DAY_SECONDS = 86_400;
const BUSINESS_NUMBER = '12025550199';

/**
 * An element of hooks[] and hookInfo: Meta's status, times as strings in seconds (1msg-api.md section 4).
 * A failed message that was sent to a phone does not name the user ID (1msg-contract-2.md section 3.3).
 */
export function statusElement(message: Message, record: StatusRecord, names: Names, settings: Settings): JsonObject {
	const at = seconds(record.at);
	const category = message.category ?? 'service';
	return {
		id: message.id,
		type: 'message',
		status: statusWord(record, settings),
		timestamp: String(at),
		...(names.phone !== null && { recipient_id: names.phone }),
		...(names.bsuid !== null && !(record.code !== undefined && wasSentToPhone(message)) && { recipient_user_id: names.bsuid }),
		...(record.code === undefined
			? {
					pricing: { billable: true, category, pricing_model: 'PMP' },
					conversation: { id: `c${message.number}`, origin: { type: category }, expiration_timestamp: at + DAY_SECONDS },
				}
			: { errors: [graphError(record.code)] }),
	};
}

/** The entries for a status, in the forms set by the channel and the sandbox (section 6). */
export function statusEntries(message: Message, record: StatusRecord, names: Names, settings: Settings, rawHooks: boolean): HookEntry[] {
	const element = statusElement(message, record, names, settings);
	const entries: HookEntry[] = [];
	if (!rawHooks || settings.rawHooksBeside) {
		if (settings.hookForm !== 'ack') entries.push({ raw: false, list: 'hooks', element });
		if (settings.hookForm !== 'hooks') entries.push({ raw: false, list: 'ack', element: ackElement(message, record, names, settings) });
	}
	const { status, code } = record;
	const contact = code === undefined ? rawContact(names, status === 'delivered' || status === 'read') : undefined;
	// A status in Meta's own envelope has no type.
	if (rawHooks) entries.push({ raw: true, list: 'statuses', element: { ...element, type: undefined }, contact });
	return entries;
}

/** The entries for a message; `fromMe` is its direction (section 6.1). */
export function messageEntries(message: Message, names: Names, settings: Settings, rawHooks: boolean): HookEntry[] {
	const isOut = message.direction === 'out';
	const entries: HookEntry[] = [];
	if (!rawHooks || settings.rawHooksBeside) entries.push({ raw: false, list: 'messages', element: { ...normalisedMessage(message, names), fromMe: isOut } });
	if (rawHooks) entries.push({ raw: true, list: isOut ? 'message_echoes' : 'messages', element: rawMessage(message, names), contact: rawContact(names, true) });
	return entries;
}

/** A message with the keys shared by messages[] hooks and the history. */
export function normalisedMessage(message: Message, names: Names): JsonObject {
	const out = message.direction === 'out';
	return {
		id: message.id,
		body: message.media?.url ?? message.shown.text,
		self: out ? 1 : 0,
		time: seconds(message.at),
		type: message.media?.type ?? (message.kind === 'button' ? 'button' : 'chat'),
		author: out ? `${BUSINESS_NUMBER}@c.us` : names.chatId,
		chatId: names.chatId,
		caption: message.media ? message.shown.text || null : null,
		chatName: names.name,
		senderName: out ? 'Example Shop' : names.name,
		authorBsuid: out ? null : names.bsuid,
		isForwarded: false,
		quotedMsgId: message.quotedMessageId ?? null,
		authorUserName: out ? null : names.username,
	};
}

/** The body of one POST; entries are all raw or all not. */
export function payload(channelId: string, entries: readonly HookEntry[], settings: Settings): JsonObject {
	const lists: Record<string, JsonObject[]> = {};
	for (const { list, element } of entries) (lists[list] ??= []).push(element);
	if (!entries[0]?.raw) return { instanceId: channelId, ...lists };
	const metadata = { display_phone_number: BUSINESS_NUMBER, phone_number_id: '100000000000001' };
	const contacts = contactsOf(entries);
	const value = { messaging_product: 'whatsapp', metadata, ...(contacts.length > 0 && { contacts }), ...lists };
	const field = lists.message_echoes ? 'smb_message_echoes' : 'messages';
	return {
		object: 'whatsapp_business_account',
		...(settings.rawHooksInstanceId && { instanceId: channelId }),
		entry: [{ id: '100000000000002', changes: [{ field, value }] }],
	};
}

// Normalised acks carry the failure as text only, and no time (observed in production).
function ackElement(message: Message, record: StatusRecord, names: Names, settings: Settings): JsonObject {
	const hidden = { null: null, absent: undefined, bsuid: names.bsuid }[settings.hiddenAckPhone];
	return {
		id: message.id,
		bsuid: names.bsuid,
		phone: names.phone ?? hidden,
		chatId: names.chatId,
		status: statusWord(record, settings),
		category: message.category ?? 'service',
		userName: names.username,
		...(message.mmLite === 'lite' && { mmLite: true }),
		...(record.code !== undefined && { error: failureWords(record.code).title }),
	};
}

function wasSentToPhone({ chatId }: Message): boolean {
	return chatId.endsWith('@c.us');
}

function rawContact({ phone, bsuid, username, name }: Names, withUsername: boolean): JsonObject {
	return {
		profile: { name, ...(withUsername && username !== null && { username }) },
		...(phone !== null && { wa_id: phone }),
		...(bsuid !== null && { user_id: bsuid }),
	};
}

function contactsOf(entries: readonly HookEntry[]): JsonObject[] {
	const contacts = entries.map(({ contact }) => contact).filter((contact) => contact !== undefined);
	return [...new Map(contacts.map((contact) => [`${contact.user_id ?? ''} ${contact.wa_id ?? ''}`, contact])).values()];
}

function rawMessage(message: Message, { phone, bsuid }: Names): JsonObject {
	const { shown, media, kind } = message;
	const content: JsonObject =
		kind === 'button'
			? { type: 'button', button: { text: shown.text, payload: message.payload ?? shown.text } }
			: media
				? { type: media.type, [media.type]: { link: media.url, ...(shown.text && { caption: shown.text }) } }
				: { type: 'text', text: { body: shown.text } };
	return {
		...(message.direction === 'out' && { from: BUSINESS_NUMBER }),
		...(phone !== null && { [message.direction === 'out' ? 'to' : 'from']: phone }),
		...(bsuid !== null && { [message.direction === 'out' ? 'to_user_id' : 'from_user_id']: bsuid }),
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
