import { z } from 'zod';
import { customerFields, type CustomerFields, type Identity } from '../recipient/identity';
import { bsuidIn, usernameIn, usernameOfChat } from '../recipient/names';
import { cluesIn } from '../errorClues';
import { explainFailure, type Failure } from '../failure/failure';
import { fieldsOf, isYes, parseJson, textOf } from '../json';
import { timeOf } from '../time';

/** How far a message got; a higher rank wins over a lower one, in any order of arrival (interface.md). */
export const RANK = { noReport: 0, sent: 1, failed: 2, delivered: 3, read: 4 } as const;

export type Status = keyof typeof RANK;
export type ReportedStatus = Exclude<Status, 'noReport'>;

const WORDS = new Map<string, ReportedStatus>([
	['sent', 'sent'],
	['delivered', 'delivered'],
	['read', 'read'],
	['viewed', 'read'],
	['played', 'read'],
	['failed', 'failed'],
	['undelivered', 'failed'],
]);

/** `failed` and `read` are final. */
export function isFinal(status: Status): boolean {
	return status === 'failed' || status === 'read';
}

/** One report about one message, from hookInfo or a webhook. */
export interface StatusReport extends Identity {
	messageId: string;
	status: ReportedStatus;
	/** ISO 8601 UTC, null if the service gave no time (`ack[]` never does). */
	at: string | null;
	chatId: string | null;
	/** What the message is billed as, such as `utility` or `marketing_lite`; null if the service gave none. */
	category: string | null;
	/** Whether it went over Marketing Messages; null if the service does not say. */
	mmLite: boolean | null;
	failure: Failure | null;
}

/** The digits of a `...@c.us` chat ID or a plain number; null for groups, hidden numbers and anything else. */
export function phoneOfChat(chat: string): string | null {
	const match = /^\+?(\d{5,15})(?:@c\.us|@s\.whatsapp\.net)?$/.exec(chat);
	return match?.[1] ?? null;
}

/**
 * Reads one element of `hooks[]`, `ack[]`, hookInfo or Meta's `statuses[]`; they differ only in which keys are present
 * (1msg-api.md, sections 4 and 6; 1msg-contract-2.md, section 3). Null if it is not a report about a message.
 */
export function readStatusReport(element: unknown): StatusReport | null {
	const fields = fieldsOf(element);
	const status = typeof fields?.status === 'string' ? WORDS.get(fields.status.trim().toLowerCase()) : undefined;
	const messageId = textOf(fields?.id).trim();
	if (!fields || !status || messageId === '') return null;
	const chatId = textOf(fields.chatId);
	const category = textOf(fields.category) || textOf(fieldsOf(fields.pricing)?.category) || textOf(fieldsOf(fieldsOf(fields.conversation)?.origin)?.type);
	return {
		messageId,
		status,
		at: timeOf(fields.timestamp) ?? timeOf(fields.time),
		...identityIn(fields, chatId),
		chatId: chatId || null,
		category: category || null,
		mmLite: typeof fields.mmLite === 'boolean' || isYes(fields.mmLite) ? isYes(fields.mmLite) : category === 'marketing_lite' ? true : null,
		failure: status === 'failed' ? explainFailure(cluesIn({ error: fields.error, errors: fields.errors })) : null,
	};
}

function identityIn(fields: Record<string, unknown>, chatId: string): Identity {
	// The ID is the group's.
	if (fields.recipient_type === 'group') return { phone: null, bsuid: null, username: null };
	return {
		phone: phoneOfChat(textOf(fields.phone)) ?? phoneOfChat(textOf(fields.recipient_id)) ?? phoneOfChat(chatId),
		bsuid: bsuidIn(fields.bsuid, fields.recipient_user_id, fields.recipient_parent_user_id, chatId),
		username: usernameIn(fields.userName) ?? usernameOfChat(chatId),
	};
}

/** What Get Message Status returns for one message (interface.md). */
export type MessageStatus = CustomerFields & {
	messageId: string;
	status: Status;
	rank: number;
	isFinal: boolean;
	sentAt: string | null;
	deliveredAt: string | null;
	readAt: string | null;
	failedAt: string | null;
	/** Set only while `failed` is the highest status; a later delivery clears it but keeps `failedAt`. */
	failure: Failure | null;
	timedOut: boolean;
};

/** The same item; one whose delivery failed begins with that, for who reads its first fields. */
export function failureFirst<T extends { status?: unknown; failure?: unknown }>(item: T): T {
	return item.status === 'failed' ? { status: item.status, failure: item.failure, ...item } : item;
}

/** Merges reports about one message, in any order and with repeats; no reports mean `noReport`. */
export function mergeReports(messageId: string, reports: readonly StatusReport[]): MessageStatus {
	let status: Status = 'noReport';
	for (const report of reports) {
		if (RANK[report.status] > RANK[status]) status = report.status;
	}
	const earliest = (wanted: ReportedStatus) =>
		reports
			.filter((report) => report.status === wanted && report.at !== null)
			.map((report) => report.at)
			.sort()[0] ?? null;
	const first = (name: 'phone' | 'bsuid' | 'username' | 'chatId') => reports.find((report) => report[name] !== null)?.[name] ?? null;
	const customer = customerFields({ phone: first('phone'), bsuid: first('bsuid'), username: first('username') });
	const failures = reports.map((report) => report.failure).filter((failure) => failure !== null);
	return {
		messageId,
		status,
		rank: RANK[status],
		isFinal: isFinal(status),
		...customer,
		chatId: first('chatId') ?? customer.chatId,
		sentAt: earliest('sent'),
		deliveredAt: earliest('delivered'),
		readAt: earliest('read'),
		failedAt: earliest('failed'),
		failure: status === 'failed' ? (failures.find(({ code }) => code !== 'unknown-failure') ?? failures[0] ?? null) : null,
		timedOut: false,
	};
}

const hookInfo = z.object({ hooks: z.array(z.unknown()).nullish() }).nullish();

/**
 * The reports about one message in a 2xx answer of `GET /hookInfo`; an empty list, a missing key and `null` all mean none.
 * Undefined if the text is not hookInfo's answer.
 */
export function readHookInfoReports(messageId: string, text: string): StatusReport[] | undefined {
	const json = text.trim() === '' ? null : parseJson(text);
	const parsed = json === undefined ? undefined : hookInfo.safeParse(json);
	if (!parsed?.success) return undefined;
	return (parsed.data?.hooks ?? [])
		.map((element) => readStatusReport(withId(element, messageId)))
		.filter((report) => report !== null)
		.filter((report) => report.messageId === messageId);
}

/** The status in a 2xx answer of `GET /hookInfo`, `noReport` without reports. Undefined as in `readHookInfoReports`. */
export function readHookInfo(messageId: string, text: string): MessageStatus | undefined {
	const reports = readHookInfoReports(messageId, text);
	return reports && mergeReports(messageId, reports);
}

/** An element without an ID is about the message that was asked for. */
function withId(element: unknown, messageId: string): unknown {
	return element !== null && typeof element === 'object' && !('id' in element) ? { ...element, id: messageId } : element;
}
