import { z } from 'zod';
import type { Failure } from '../failure/failure';
import { fieldsOf, looseText, parseJson, textOf } from '../json';
import { customerFields, type CustomerFields } from '../recipient/identity';
import { isFinal, RANK, readStatusReport, type ReportedStatus } from '../status/status';
import { timeOf } from '../time';
import { changeEvent, clickEvent, preferenceEvent, type ChangeEvent } from './changes';
import { completed, Contacts } from './contacts';
import { rawOf, type EventFrame, type EventShape, type Frame } from './frame';
import { messageEvent, rawMessageEvent, type MessageEvent } from './messages';

export type StatusEvent = CustomerFields &
	EventFrame & {
		event: 'messageStatus';
		messageId: string;
		status: ReportedStatus;
		rank: number;
		isFinal: boolean;
		failure: Failure | null;
		/** As in `StatusReport`. */
		category: string | null;
		mmLite: boolean | null;
		/** Whether hookInfo confirms the status; only set if it was queried. */
		confirmed?: boolean;
	} & Partial<Record<(typeof TIME_NAMES)[ReportedStatus], string>>;

/** Where Get Message Status has the time of a status. */
const TIME_NAMES = { sent: 'sentAt', delivered: 'deliveredAt', read: 'readAt', failed: 'failedAt' } as const;

export type ChannelEvent = StatusEvent | MessageEvent | ChangeEvent;

/** The contents of a webhook body: events in order, and the number of unknown entries. */
export interface ReadEvents {
	events: ChannelEvent[];
	unknown: number;
	/** More entries than `MAX_ENTRIES`: nothing was read. */
	tooMany: boolean;
}

/** Maximum entries per body; 1MSG sends a handful, so a body with more is not 1MSG's. */
export const MAX_ENTRIES = 100_000;

const list = z.array(z.unknown()).nullish().catch(null).transform((value) => value ?? []);
const body = z.object({
	instanceId: looseText,
	type: looseText,
	hooks: list,
	ack: list,
	messages: list,
	entry: list,
});

/**
 * Reads a webhook body in any mix of 1MSG's formats: `hooks[]`, `ack[]`, `messages[]` and Meta's own envelope
 * (1msg-api.md, section 6; 1msg-contract-2.md, sections 3 and 5). Never throws; unknown entries are counted. `receivedAt` is ISO 8601.
 */
export function readEvents(input: unknown, receivedAt: string, shape: EventShape): ReadEvents {
	const json = typeof input === 'string' ? parseJson(input) : input;
	const parsed = body.safeParse(json).data;
	if (!parsed) return { events: [], unknown: 1, tooMany: false };
	const { hooks, ack, messages, entry } = parsed;
	const count = hooks.length + ack.length + messages.length + entry.length;
	if (count > MAX_ENTRIES) return { events: [], unknown: 0, tooMany: true };
	const changes = entry.flatMap(changesOf);
	if (changes.reduce((sum, change) => sum + 1 + sizeOf(change), count) > MAX_ENTRIES) return { events: [], unknown: 0, tooMany: true };
	const frame = { channelId: parsed.instanceId.replace(/^instance/i, '') || null, receivedAt, shape };
	const nobody = new Contacts([]);
	const read: Array<ChannelEvent | null> = [];
	for (const element of hooks) read.push(statusEvent(element, nobody, frame));
	for (const element of ack) read.push(statusEvent(element, nobody, frame));
	for (const element of messages) read.push(messageEvent(element, frame));
	for (const change of changes) read.push(...eventsIn(change, frame));
	const events = read.filter((event) => event !== null);
	const isKnown = count > 0 || parsed.type === 'calls' || hasList(json);
	return { events, unknown: read.length - events.length + (isKnown ? 0 : 1), tooMany: false };
}

/** A body with any of the lists, even empty, is known. */
function hasList(json: unknown): boolean {
	return Object.entries(json as object).some(([name, value]) => Object.hasOwn(body.shape, name) && Array.isArray(value));
}

/** A change of Meta's envelope. */
interface Change {
	field: string;
	value: Record<string, unknown>;
	/** ISO 8601 UTC; null if its entry has no time. */
	at: string | null;
}

/** The changes of an entry; null for each that is unreadable. */
function changesOf(entry: unknown): Array<Change | null> {
	const { changes, time } = fieldsOf(entry) ?? {};
	if (!Array.isArray(changes)) return [null];
	return changes.map((given: unknown) => {
		const change = fieldsOf(given);
		const value = fieldsOf(change?.value);
		return change && value ? { field: textOf(change.field), value, at: timeOf(time) } : null;
	});
}

const LISTS = ['statuses', 'messages', 'message_echoes', 'user_preferences', 'user_actions'] as const;

function sizeOf(change: Change | null): number {
	return LISTS.reduce((sum, name) => sum + listIn(change, name).length, 0);
}

function listIn(change: Change | null, name: string): unknown[] {
	const found = change?.value[name];
	return Array.isArray(found) ? found : [];
}

/** The events of a change, null for each unknown entry. */
function eventsIn(change: Change | null, frame: Frame): Array<ChannelEvent | null> {
	if (change?.field === 'calls') return [];
	const event = change && changeEvent(change.field, change.value, change.at, frame);
	if (event !== undefined || sizeOf(change) === 0) return [event ?? null];
	const contacts = new Contacts(listIn(change, 'contacts'));
	return [
		...listIn(change, 'statuses').map((element) => statusEvent(element, contacts, frame)),
		...listIn(change, 'messages').map((element) => rawMessageEvent(element, 'messageReceived', contacts, frame)),
		...listIn(change, 'message_echoes').map((element) => rawMessageEvent(element, 'messageEchoed', contacts, frame)),
		...listIn(change, 'user_preferences').map((element) => preferenceEvent(element, contacts, frame)),
		...listIn(change, 'user_actions').map((element) => clickEvent(element, contacts, frame)),
	];
}

/** Its fields are listed, not spread: statuses come in tens of thousands, and copies of copies take most of the memory. */
function statusEvent(element: unknown, contacts: Contacts, { channelId, receivedAt, shape }: Frame): StatusEvent | null {
	const report = readStatusReport(element);
	if (!report) return null;
	const { messageId, status, failure, category, mmLite } = report;
	const { phone, recipient, bsuid, username, contactKey, chatId } = customerFields(completed(report, contacts.find(report.phone, report.bsuid)));
	const event: StatusEvent = {
		event: 'messageStatus',
		messageId,
		status,
		rank: RANK[status],
		isFinal: isFinal(status),
		phone,
		recipient,
		bsuid,
		username,
		contactKey,
		chatId: report.chatId ?? chatId,
		failure,
		category,
		mmLite,
		channelId,
		receivedAt,
		occurredAt: report.at,
	};
	if (shape.statusTimes) setStatusTime(event);
	if (shape.raw) event.raw = rawOf(element);
	return event;
}

/** Sets `deliveredAt` and the like, of its status alone: an upsert with nulls for the others would erase what it knows. */
export function setStatusTime(event: StatusEvent): void {
	if (event.occurredAt !== null) event[TIME_NAMES[event.status]] = event.occurredAt;
}
