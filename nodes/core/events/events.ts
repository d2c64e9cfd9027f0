import { z } from 'zod';
import { contactKeyOf, recipientOf } from '../recipient/contactKey';
import type { Failure } from '../failure/failure';
import { fieldsOf, isYes, looseText, parseJson, textOf } from '../json';
import { isFinal, phoneOfChat, RANK, readStatusReport, type ReportedStatus } from '../status/status';
import { timeOf, unixTime } from '../time';

export type StatusEvent = {
	event: 'messageStatus';
	messageId: string;
	status: ReportedStatus;
	rank: number;
	isFinal: boolean;
	phone: string | null;
	/** The address for a reply, and the key for joins (interface.md, `contactKey`). */
	recipient: string | null;
	contactKey: string | null;
	chatId: string | null;
	channelId: string | null;
	/** ISO 8601 UTC; null if the service gave no time. */
	occurredAt: string | null;
	receivedAt: string;
	failure: Failure | null;
	/** Whether hookInfo confirms the status; only set if it was queried. */
	confirmed?: boolean;
	/** The original entry; null if nested deeper than `MAX_LEVELS`. */
	raw: unknown;
};

export type MessageEvent = {
	event: 'messageReceived' | 'messageEchoed';
	messageId: string;
	phone: string | null;
	/** As in `StatusEvent`. */
	recipient: string | null;
	contactKey: string | null;
	chatId: string | null;
	senderName: string | null;
	/** WhatsApp's word for the kind: chat, text, image, button, ... */
	type: string;
	text: string | null;
	/** The payload of the tapped button, null if there is none. */
	buttonPayload: string | null;
	/** Temporary link to the media file, null if there is none. */
	mediaUrl: string | null;
	quotedMessageId: string | null;
	channelId: string | null;
	occurredAt: string | null;
	receivedAt: string;
	/** As in `StatusEvent`. */
	raw: unknown;
};

export type ChannelEvent = StatusEvent | MessageEvent;

/** The contents of a webhook body: events in order, and the number of unknown entries. */
export interface ReadEvents {
	events: ChannelEvent[];
	unknown: number;
	/** More entries than `MAX_ENTRIES`: nothing was read. */
	tooMany: boolean;
}

/** Maximum entries per body; 1MSG sends a handful, so a body with more is not 1MSG's. */
export const MAX_ENTRIES = 100_000;

/** Maximum nesting of an entry that is passed on; n8n cannot save data nested thousands of levels deep. */
export const MAX_LEVELS = 100;

const list = z.array(z.unknown()).nullish().catch(null).transform((value) => value ?? []);
const body = z.object({
	instanceId: looseText,
	hooks: list,
	ack: list,
	messages: list,
	entry: list,
});
const rawEntry = z.object({
	changes: z.array(
		z.object({ value: z.object({ statuses: list, messages: list, message_echoes: list, contacts: list }) }).nullish().catch(null),
	),
});

const reply = z.object({ id: looseText, title: looseText }).nullish().catch(null);
const media = z.object({ caption: looseText, link: looseText, url: looseText }).nullish().catch(null);
const rawMessage = z.object({
	id: looseText,
	from: looseText,
	to: looseText,
	type: looseText,
	timestamp: unixTime,
	text: z.object({ body: looseText }).nullish().catch(null),
	button: z.object({ text: looseText, payload: looseText }).nullish().catch(null),
	interactive: z.object({ button_reply: reply, list_reply: reply }).nullish().catch(null),
	image: media,
	video: media,
	document: media,
	audio: media,
	context: z.object({ id: looseText }).nullish().catch(null),
});
const contact = z.object({ wa_id: looseText, profile: z.object({ name: looseText }).nullish().catch(null) });

/**
 * Reads a webhook body in any mix of 1MSG's formats: `hooks[]`, `ack[]`, `messages[]` and Meta's own envelope
 * (1msg-api.md, section 6). Never throws; unknown entries are counted. `receivedAt` is ISO 8601.
 */
export function readEvents(input: unknown, receivedAt: string): ReadEvents {
	const json = typeof input === 'string' ? parseJson(input) : input;
	const parsed = body.safeParse(json).data;
	if (!parsed) return { events: [], unknown: 1, tooMany: false };
	const { hooks, ack, messages, entry } = parsed;
	const count = hooks.length + ack.length + messages.length + entry.length;
	if (count > MAX_ENTRIES) return { events: [], unknown: 0, tooMany: true };
	const envelope = readEnvelope(entry);
	if (count + envelope.count > MAX_ENTRIES) return { events: [], unknown: 0, tooMany: true };
	const frame = { channelId: parsed.instanceId.replace(/^instance/i, '') || null, receivedAt };
	const read: Array<ChannelEvent | null> = [];
	for (const element of hooks) read.push(statusEvent(element, frame));
	for (const element of ack) read.push(statusEvent(element, frame));
	for (const element of messages) read.push(messageEvent(element, frame));
	for (const value of envelope.values) {
		const names = contactNames(value.contacts);
		for (const element of value.statuses) read.push(statusEvent(element, frame));
		for (const element of value.messages) read.push(rawMessageEvent(element, 'messageReceived', names, frame));
		for (const element of value.message_echoes) read.push(rawMessageEvent(element, 'messageEchoed', names, frame));
	}
	const events = read.filter((event) => event !== null);
	const others = envelope.unknown + (count === 0 && !hasList(json) ? 1 : 0);
	return { events, unknown: read.length - events.length + others, tooMany: false };
}

/** A body with any of the lists, even empty, is known. */
function hasList(json: unknown): boolean {
	return Object.entries(json as object).some(([name, value]) => Object.hasOwn(body.shape, name) && Array.isArray(value));
}

/** The changes of Meta's envelope with statuses or messages, the number of entries, and the number of unknown changes. */
function readEnvelope(entries: readonly unknown[]) {
	const changes = entries.flatMap((entry) => rawEntry.safeParse(entry).data?.changes ?? [null]);
	const sizeOf = ({ statuses, messages, message_echoes }: NonNullable<(typeof changes)[number]>['value']) =>
		statuses.length + messages.length + message_echoes.length;
	const values = changes.flatMap((change) => (change && sizeOf(change.value) > 0 ? [change.value] : []));
	return { values, count: changes.length + values.reduce((sum, value) => sum + sizeOf(value), 0), unknown: changes.length - values.length };
}

type Frame = { channelId: string | null; receivedAt: string };

function statusEvent(element: unknown, frame: Frame): StatusEvent | null {
	const report = readStatusReport(element);
	if (!report) return null;
	return {
		event: 'messageStatus',
		messageId: report.messageId,
		status: report.status,
		rank: RANK[report.status],
		isFinal: isFinal(report.status),
		...identityOf(report.phone),
		chatId: report.chatId ?? (report.phone === null ? null : `${report.phone}@c.us`),
		channelId: frame.channelId,
		occurredAt: report.at,
		receivedAt: frame.receivedAt,
		failure: report.failure,
		raw: rawOf(element),
	};
}

function messageEvent(element: unknown, frame: Frame): MessageEvent | null {
	const fields = fieldsOf(element);
	const messageId = textOf(fields?.id);
	if (!fields || messageId === '') return null;
	const [type, written, chatId] = [textOf(fields.type) || 'chat', textOf(fields.body), textOf(fields.chatId)];
	const button = fieldsOf(fields.button);
	const isLink = type !== 'chat' && /^https?:\/\//i.test(written);
	const isEcho = isYes(fields.fromMe) || isYes(fields.self);
	return {
		event: isEcho ? 'messageEchoed' : 'messageReceived',
		messageId,
		// The author of an echo is the business.
		...identityOf(phoneOfChat(chatId) ?? (isEcho ? null : phoneOfChat(textOf(fields.author)))),
		chatId: chatId || null,
		senderName: textOf(fields.senderName) || null,
		type,
		text: (isLink ? '' : written) || textOf(fields.caption) || textOf(button?.text) || null,
		buttonPayload: textOf(button?.payload) || textOf(fields.payload) || null,
		mediaUrl: isLink ? written : null,
		quotedMessageId: textOf(fields.quotedMsgId) || null,
		channelId: frame.channelId,
		occurredAt: timeOf(fields.time),
		receivedAt: frame.receivedAt,
		raw: rawOf(element),
	};
}

function rawMessageEvent(
	element: unknown,
	event: MessageEvent['event'],
	names: Map<string, string>,
	frame: Frame,
): MessageEvent | null {
	const message = rawMessage.safeParse(element).data;
	if (!message || message.id === '') return null;
	const customer = event === 'messageReceived' ? message.from : message.to;
	const phone = phoneOfChat(customer);
	const tapped = message.interactive?.button_reply ?? message.interactive?.list_reply;
	const file = message.image ?? message.video ?? message.document ?? message.audio;
	return {
		event,
		messageId: message.id,
		...identityOf(phone),
		chatId: phone === null ? null : `${phone}@c.us`,
		// Two hidden senders in one body would share a name.
		senderName: customer === '' ? null : (names.get(customer) ?? null),
		type: message.type || 'text',
		text: message.text?.body || message.button?.text || tapped?.title || file?.caption || null,
		buttonPayload: message.button?.payload || tapped?.id || null,
		mediaUrl: file?.link || file?.url || null,
		quotedMessageId: message.context?.id || null,
		channelId: frame.channelId,
		occurredAt: message.timestamp,
		receivedAt: frame.receivedAt,
		raw: rawOf(element),
	};
}

function identityOf(phone: string | null): Pick<ChannelEvent, 'phone' | 'recipient' | 'contactKey'> {
	return { phone, recipient: recipientOf(phone), contactKey: phone === null ? null : contactKeyOf(phone) };
}

function contactNames(contacts: readonly unknown[]): Map<string, string> {
	const known = contacts.flatMap((entry) => contact.safeParse(entry).data ?? []);
	return new Map(known.map(({ wa_id, profile }) => [wa_id, profile?.name ?? '']).filter(([, name]) => name !== '') as Array<[string, string]>);
}

/** The entry itself, null if it is nested too deeply to be passed on. */
function rawOf(element: unknown): unknown {
	return isDeeperThan(element, MAX_LEVELS) ? null : element;
}

function isDeeperThan(value: unknown, levels: number): boolean {
	if (value === null || typeof value !== 'object') return false;
	if (levels === 0) return true;
	for (const name in value) {
		if (isDeeperThan((value as Record<string, unknown>)[name], levels - 1)) return true;
	}
	return false;
}
