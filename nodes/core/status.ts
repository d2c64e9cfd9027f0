import { z } from 'zod';
import { explainFailure, type Failure } from './failure';
import { errorClues, looseText, parseJson } from './foreign';
import { unixTime } from './time';

/** How far a message got; a higher rank wins over a lower one, in whatever order they arrive (interface.md). */
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

/** `failed` and `read` end a message's story. */
export function isFinal(status: Status): boolean {
	return status === 'failed' || status === 'read';
}

/** One report about one message, as hookInfo or a webhook told it. */
export interface StatusReport {
	messageId: string;
	status: ReportedStatus;
	/** ISO 8601 UTC, null where the service gave no time (`ack[]` never does). */
	at: string | null;
	/** Digits, null where only a hidden-number ID was given. */
	phone: string | null;
	chatId: string | null;
	failure: Failure | null;
}

const statusElement = z.object({
	id: looseText,
	status: z.string(),
	timestamp: unixTime,
	time: unixTime,
	recipient_id: looseText,
	phone: looseText,
	chatId: looseText,
	error: errorClues,
	errors: errorClues,
});

/** The digits of a `...@c.us` chat ID or of a plain number; null for groups, hidden numbers and anything else. */
export function phoneOfChat(chat: string): string | null {
	const match = /^\+?(\d{5,15})(?:@c\.us|@s\.whatsapp\.net)?$/.exec(chat);
	return match?.[1] ?? null;
}

/**
 * Reads one element of `hooks[]`, `ack[]`, hookInfo or Meta's `statuses[]`: they differ only in which keys they have
 * (1msg-api.md, sections 4 and 6). Null for anything that is no report about a message.
 */
export function readStatusReport(element: unknown): StatusReport | null {
	const parsed = statusElement.safeParse(element).data;
	const status = WORDS.get(parsed?.status.trim().toLowerCase() ?? '');
	if (!parsed || !status || parsed.id === '') return null;
	const clues = {
		code: parsed.errors.code ?? parsed.error.code,
		texts: [...parsed.errors.texts, ...parsed.error.texts],
	};
	return {
		messageId: parsed.id,
		status,
		at: parsed.timestamp ?? parsed.time,
		phone: phoneOfChat(parsed.phone) ?? phoneOfChat(parsed.recipient_id) ?? phoneOfChat(parsed.chatId),
		chatId: parsed.chatId || null,
		failure: status === 'failed' ? explainFailure(clues) : null,
	};
}

/** What Get Message Status returns for one message (interface.md). */
export type MessageStatus = {
	messageId: string;
	status: Status;
	rank: number;
	isFinal: boolean;
	phone: string | null;
	sentAt: string | null;
	deliveredAt: string | null;
	readAt: string | null;
	failedAt: string | null;
	/** Set only while `failed` is the highest: a later delivery takes it back, `failedAt` then still tells. */
	failure: Failure | null;
	timedOut: boolean;
};

/** Merges reports about one message, in any order and with repeats; none at all is `noReport`, never a guess. */
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
	const failures = reports.map((report) => report.failure).filter((failure) => failure !== null);
	return {
		messageId,
		status,
		rank: RANK[status],
		isFinal: isFinal(status),
		phone: reports.find((report) => report.phone !== null)?.phone ?? null,
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
 * The status in a 2xx answer of `GET /hookInfo`; an empty list, a missing key and `null` all mean `noReport`.
 * Undefined when the text is something else than hookInfo's answer.
 */
export function readHookInfo(messageId: string, text: string): MessageStatus | undefined {
	const json = text.trim() === '' ? null : parseJson(text);
	const parsed = json === undefined ? undefined : hookInfo.safeParse(json);
	if (!parsed?.success) return undefined;
	const reports = (parsed.data?.hooks ?? [])
		.map((element) => readStatusReport(withId(element, messageId)))
		.filter((report) => report !== null)
		.filter((report) => report.messageId === messageId);
	return mergeReports(messageId, reports);
}

/** hookInfo was asked for one message, so an element without an ID is about that one. */
function withId(element: unknown, messageId: string): unknown {
	return element !== null && typeof element === 'object' && !('id' in element) ? { ...element, id: messageId } : element;
}
