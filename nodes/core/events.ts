import { z } from 'zod';
import type { Failure } from './failure';
import { looseFlag, looseText, parseJson } from './foreign';
import { isFinal, phoneOfChat, RANK, readStatusReport, type ReportedStatus } from './status';
import { unixTime } from './time';

export type StatusEvent = {
	event: 'messageStatus';
	messageId: string;
	status: ReportedStatus;
	rank: number;
	isFinal: boolean;
	phone: string | null;
	chatId: string | null;
	channelId: string | null;
	/** ISO 8601 UTC; null where the service gave no time. */
	occurredAt: string | null;
	receivedAt: string;
	failure: Failure | null;
	raw: unknown;
};

export type MessageEvent = {
	event: 'messageReceived' | 'messageEchoed';
	messageId: string;
	phone: string | null;
	chatId: string | null;
	senderName: string | null;
	/** WhatsApp's word for the kind: chat, text, image, button, ... */
	type: string;
	text: string | null;
	/** What the tapped button carries, null where no button was tapped or it carries nothing. */
	buttonPayload: string | null;
	/** A temporary link to the media file, null where there is none. */
	mediaUrl: string | null;
	quotedMessageId: string | null;
	channelId: string | null;
	occurredAt: string | null;
	receivedAt: string;
	raw: unknown;
};

export type ChannelEvent = StatusEvent | MessageEvent;

/** What a webhook body held: events in order, and how many entries were of no kind we know. */
export interface ReadEvents {
	events: ChannelEvent[];
	unknown: number;
	/** More entries than `MOST_ENTRIES`: nothing was read. */
	tooMany: boolean;
}

/** Entries read from one body; 1MSG sends a handful, so a body with more is not 1MSG's. */
export const MOST_ENTRIES = 100_000;

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

const normalisedMessage = z.object({
	id: looseText,
	type: looseText,
	body: looseText,
	caption: looseText,
	fromMe: looseFlag,
	self: looseFlag,
	time: unixTime,
	chatId: looseText,
	author: looseText,
	senderName: looseText,
	quotedMsgId: looseText,
	payload: looseText,
	button: z.object({ text: looseText, payload: looseText }).nullish().catch(null),
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
 * Reads a webhook body in any of 1MSG's forms, mixed too: `hooks[]`, `ack[]`, `messages[]` and Meta's own envelope
 * (1msg-api.md, section 6). Never throws; entries it cannot read are counted, not reported. `receivedAt` is ISO 8601.
 */
export function readEvents(input: unknown, receivedAt: string): ReadEvents {
	const json = typeof input === 'string' ? parseJson(input) : input;
	const parsed = body.safeParse(json).data;
	if (!parsed) return { events: [], unknown: 1, tooMany: false };
	const changes = parsed.entry.flatMap((entry) => rawEntry.safeParse(entry).data?.changes ?? []);
	const values = changes.flatMap((change) => (change ? [change.value] : []));
	const lists = [parsed.hooks, parsed.ack, parsed.messages, parsed.entry, ...values.flatMap((value) => [value.statuses, value.messages, value.message_echoes])];
	if (lists.reduce((sum, entries) => sum + entries.length, 0) > MOST_ENTRIES) {
		return { events: [], unknown: 0, tooMany: true };
	}
	const channelId = parsed.instanceId.replace(/^instance/i, '') || null;
	const frame = { channelId, receivedAt };
	const read: Array<ChannelEvent | null> = [];
	for (const element of [...parsed.hooks, ...parsed.ack]) read.push(statusEvent(element, frame));
	for (const element of parsed.messages) read.push(messageEvent(element, frame));
	for (const value of values) {
		const names = contactNames(value.contacts);
		for (const element of value.statuses) read.push(statusEvent(element, frame));
		for (const element of value.messages) read.push(rawMessageEvent(element, 'messageReceived', names, frame));
		for (const element of value.message_echoes) read.push(rawMessageEvent(element, 'messageEchoed', names, frame));
	}
	const events = read.filter((event) => event !== null);
	return { events, unknown: read.length - events.length, tooMany: false };
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
		phone: report.phone,
		chatId: report.chatId ?? (report.phone === null ? null : `${report.phone}@c.us`),
		channelId: frame.channelId,
		occurredAt: report.at,
		receivedAt: frame.receivedAt,
		failure: report.failure,
		raw: element,
	};
}

function messageEvent(element: unknown, frame: Frame): MessageEvent | null {
	const message = normalisedMessage.safeParse(element).data;
	if (!message || message.id === '') return null;
	const isLink = message.type !== 'chat' && /^https?:\/\//i.test(message.body);
	return {
		event: message.fromMe || message.self ? 'messageEchoed' : 'messageReceived',
		messageId: message.id,
		phone: phoneOfChat(message.chatId) ?? phoneOfChat(message.author),
		chatId: message.chatId || null,
		senderName: message.senderName || null,
		type: message.type || 'chat',
		text: (isLink ? message.caption : message.body || message.caption || message.button?.text) || null,
		buttonPayload: message.button?.payload || message.payload || null,
		mediaUrl: isLink ? message.body : null,
		quotedMessageId: message.quotedMsgId || null,
		channelId: frame.channelId,
		occurredAt: message.time,
		receivedAt: frame.receivedAt,
		raw: element,
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
		phone,
		chatId: phone === null ? null : `${phone}@c.us`,
		senderName: names.get(customer) ?? null,
		type: message.type || 'text',
		text: message.text?.body || message.button?.text || tapped?.title || file?.caption || null,
		buttonPayload: message.button?.payload || tapped?.id || null,
		mediaUrl: file?.link || file?.url || null,
		quotedMessageId: message.context?.id || null,
		channelId: frame.channelId,
		occurredAt: message.timestamp,
		receivedAt: frame.receivedAt,
		raw: element,
	};
}

function contactNames(contacts: readonly unknown[]): Map<string, string> {
	const known = contacts.flatMap((entry) => contact.safeParse(entry).data ?? []);
	return new Map(known.map(({ wa_id, profile }) => [wa_id, profile?.name ?? '']).filter(([, name]) => name !== '') as Array<[string, string]>);
}
