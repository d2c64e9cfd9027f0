import { fieldsOf, isYes, textOf } from '../json';
import { recipientOf } from '../recipient/contactKey';
import { customerFields, type CustomerFields } from '../recipient/identity';
import { bsuidIn, usernameIn, usernameOfChat } from '../recipient/names';
import { phoneOfChat } from '../status/status';
import { timeOf } from '../time';
import { completed, type Contacts } from './contacts';
import { framed, type EventFrame, type Frame } from './frame';

export type MessageEvent = CustomerFields &
	EventFrame & {
		event: 'messageReceived' | 'messageEchoed';
		messageId: string;
		senderName: string | null;
		/** WhatsApp's word for the kind: chat, text, image, button, reaction, sticker, system, ... */
		type: string;
		text: string | null;
		/** The payload of the tapped button, null if there is none. */
		buttonPayload: string | null;
		/** Temporary link to the media file, null if there is none. */
		mediaUrl: string | null;
		/** The message that this one answers, or reacts to. */
		quotedMessageId: string | null;
	};

/** An element of `messages[]` (1msg-api.md, section 6.1; 1msg-contract-2.md, section 3.2); null if it has no ID. */
export function messageEvent(element: unknown, frame: Frame): MessageEvent | null {
	const fields = fieldsOf(element);
	const messageId = textOf(fields?.id);
	if (!fields || messageId === '') return null;
	const [type, written, chatId] = [textOf(fields.type) || 'chat', textOf(fields.body), textOf(fields.chatId)];
	const [button, reaction, sticker] = [fieldsOf(fields.button), fieldsOf(fields.reaction), fieldsOf(fields.sticker)];
	const isLink = type !== 'chat' && /^https?:\/\//i.test(written);
	const isEcho = isYes(fields.fromMe) || isYes(fields.self);
	// The author of an echo is the business.
	const author = isEcho ? '' : textOf(fields.author);
	const customer = customerFields({
		phone: phoneOfChat(chatId) ?? phoneOfChat(author),
		bsuid: bsuidIn(isEcho ? null : fields.authorBsuid, chatId, author),
		username: (isEcho ? null : usernameIn(fields.authorUserName)) ?? usernameOfChat(chatId) ?? usernameOfChat(author),
	});
	return {
		event: isEcho ? 'messageEchoed' : 'messageReceived',
		messageId,
		...customer,
		chatId: chatId || customer.chatId,
		senderName: textOf(fields.senderName) || null,
		type,
		text: (isLink ? '' : written) || textOf(fields.caption) || textOf(button?.text) || textOf(reaction?.emoji) || whatChanged(fields.system) || null,
		buttonPayload: textOf(button?.payload) || textOf(fields.payload) || null,
		mediaUrl: (isLink ? written : '') || textOf(sticker?.link) || textOf(sticker?.url) || null,
		quotedMessageId: textOf(fields.quotedMsgId) || textOf(reaction?.message_id) || null,
		...framed(frame, timeOf(fields.time), element),
	};
}

/** The fields of Meta's messages that hold a file. */
const FILES = ['image', 'video', 'document', 'audio', 'voice', 'sticker'];

/** An element of Meta's `messages[]` or `message_echoes[]` (1msg-contract-2.md, section 3.3); null if it has no ID. */
export function rawMessageEvent(element: unknown, event: MessageEvent['event'], contacts: Contacts, frame: Frame): MessageEvent | null {
	const fields = fieldsOf(element);
	const messageId = textOf(fields?.id);
	if (!fields || messageId === '') return null;
	const way = event === 'messageReceived' ? 'from' : 'to';
	const userIds = [fields[`${way}_user_id`], fields[`${way}_parent_user_id`], fields[way]];
	const named = { phone: phoneOfChat(textOf(fields[way])), bsuid: bsuidIn(...userIds), username: null };
	const contact = contacts.find(named.phone, ...userIds);
	const system = fieldsOf(fields.system);
	const isNobody = named.phone === null && named.bsuid === null;
	const customer = customerFields(isNobody && system ? changedIdentity(system) : completed(named, contact));
	// The former number may belong to somebody else by now.
	const newPhone = system ? newPhoneOf(system) : null;
	const [text, button, interactive, reaction] = [fieldsOf(fields.text), fieldsOf(fields.button), fieldsOf(fields.interactive), fieldsOf(fields.reaction)];
	const tapped = fieldsOf(interactive?.button_reply) ?? fieldsOf(interactive?.list_reply);
	const file = FILES.map((name) => fieldsOf(fields[name])).find((found) => found !== undefined);
	const groupId = textOf(fields.group_id);
	return {
		event,
		messageId,
		...customer,
		recipient: recipientOf(newPhone) ?? customer.recipient,
		chatId: groupId === '' ? customer.chatId : `${groupId.replace(/@g\.us$/, '')}@g.us`,
		senderName: contact?.name ?? null,
		type: textOf(fields.type) || 'text',
		text: textOf(text?.body) || textOf(button?.text) || textOf(tapped?.title) || textOf(reaction?.emoji) || textOf(file?.caption) || whatChanged(system, named.phone) || null,
		buttonPayload: textOf(button?.payload) || textOf(tapped?.id) || null,
		mediaUrl: textOf(file?.link) || textOf(file?.url) || null,
		quotedMessageId: textOf(fieldsOf(fields.context)?.id) || textOf(reaction?.message_id) || null,
		...framed(frame, timeOf(fields.timestamp), element),
	};
}

type System = Record<string, unknown>;

/** A customer who changed their number or user ID, if the message itself names nobody: by the old name, else by the new ones. */
function changedIdentity(system: System) {
	const former = bsuidIn(system.previous_user_id);
	return { phone: former === null ? newPhoneOf(system) : null, bsuid: former ?? bsuidIn(system.user_id, system.parent_user_id), username: null };
}

function newPhoneOf(system: System): string | null {
	return phoneOfChat(textOf(system.new_wa_id)) ?? phoneOfChat(textOf(system.wa_id));
}

/** What a system message says: WhatsApp's words, and the new number or user ID if they leave it out. Empty for any other message. */
function whatChanged(given: unknown, formerPhone: string | null = null): string {
	const system = fieldsOf(given);
	if (!system) return '';
	const [body, phone, bsuid] = [textOf(system.body), newPhoneOf(system), bsuidIn(system.user_id, system.parent_user_id)];
	return [
		body,
		phone === null || phone === formerPhone || body.includes(phone) ? '' : `New phone: +${phone}`,
		bsuid === null || body.includes(bsuid) ? '' : `New user ID: ${bsuid}`,
	].filter((words) => words !== '').join('. ');
}
