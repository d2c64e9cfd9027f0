import type { StatusEvent } from '../events/events';
import type { Failure } from '../failure/failure';
import type { Problem } from '../problem';
import type { MessageStatus, Status } from '../status/status';

/** One flat row for any log; the same columns everywhere, in this order (interface.md, "Log rows"). */
export interface LogRow {
	/** Identifies the row, never empty. */
	logId: string;
	messageId: string | null;
	contactKey: string | null;
	/** Digits. */
	phone: string | null;
	orderReference: string | null;
	customerName: string | null;
	productName: string | null;
	/** Name without language; null for a message without a template. */
	template: string | null;
	outcome: Outcome;
	/** ISO 8601 UTC; null unless accepted. */
	acceptedAt: string | null;
	/** Null until the first report. */
	status: Exclude<Status, 'noReport'> | null;
	rank: number;
	/** ISO 8601 UTC. */
	statusAt: string | null;
	errorCode: string | null;
	errorMessage: string | null;
	action: Problem['action'] | null;
	/** Seconds. */
	retryAfter: number | null;
	/** Whether the message must not be sent again automatically. */
	told: boolean;
}

type Outcome = 'accepted' | 'queued' | 'unknown' | 'skipped' | 'rehearsed' | 'refused';

/** What a send's row says of its message, whatever became of it. */
export interface LoggedMessage extends Pick<LogRow, 'contactKey' | 'phone' | 'orderReference' | 'customerName' | 'productName' | 'template'> {
	/** The `logId` without a message ID; unique per customer. */
	key: string;
}

/** The fields of a send's output item that its row needs. */
export interface SendResult extends Partial<Pick<MessageStatus, 'status' | 'rank' | 'sentAt' | 'deliveredAt' | 'readAt' | 'failedAt' | 'failure'>> {
	outcome: Exclude<Outcome, 'refused'>;
	messageId: string | null;
	jobId?: string;
	/** Why the outcome is unknown. */
	reason?: string;
}

type FailureColumns = Pick<LogRow, 'errorCode' | 'errorMessage' | 'action' | 'retryAfter'>;

const NO_FAILURE: FailureColumns = { errorCode: null, errorMessage: null, action: null, retryAfter: null };

/** The row of a message that was sent, or that may have been. */
export function sentRow(message: LoggedMessage, result: SendResult): LogRow {
	const { outcome, messageId, status, failure, reason } = result;
	const isReported = status !== undefined && status !== 'noReport';
	return {
		logId: logIdOf(message, result),
		messageId,
		...columnsOf(message),
		outcome,
		acceptedAt: outcome === 'accepted' ? (result.sentAt ?? null) : null,
		status: isReported ? status : null,
		rank: isReported ? (result.rank ?? 0) : 0,
		statusAt: isReported ? timeOfStatus(status, result) : null,
		...(failure ? failureColumns(failure) : { ...NO_FAILURE, errorMessage: reason ?? null }),
		told: outcome !== 'rehearsed',
	};
}

/** The row of a message that was not sent. */
export function refusedRow(message: LoggedMessage, { code, message: errorMessage, action, retryAfter }: Problem): LogRow {
	return {
		logId: message.key,
		messageId: null,
		...columnsOf(message),
		outcome: 'refused',
		acceptedAt: null,
		status: null,
		rank: 0,
		statusAt: null,
		errorCode: code,
		errorMessage,
		action,
		retryAfter,
		told: false,
	};
}

function columnsOf({ contactKey, phone, orderReference, customerName, productName, template }: LoggedMessage): Omit<LoggedMessage, 'key'> {
	return { contactKey, phone, orderReference, customerName, productName, template };
}

function logIdOf({ key, contactKey }: LoggedMessage, { outcome, messageId, jobId }: SendResult): string {
	// A rehearsal must not overwrite the row of a message that was sent.
	if (outcome === 'rehearsed') return `rehearsed|${key}`;
	// A skipped message's row would reset the status in the row of the one that was sent.
	if (outcome === 'skipped') return key;
	// Channels may count their jobs alike.
	if (messageId === null && jobId !== undefined) return `${jobId}|${contactKey}`;
	return messageId ?? key;
}

/** The columns of a row that a status fills; an upsert by `logId` keeps the others. */
export type StatusRow = Pick<LogRow, 'logId'> & { messageId: string } & Partial<Pick<LogRow, 'status' | 'rank' | 'statusAt'> & FailureColumns>;

/** The row of a status; a message without a report gives only its ID, so that nothing is reset. */
export function statusRow(found: Pick<MessageStatus, 'messageId' | 'status' | 'rank' | 'sentAt' | 'deliveredAt' | 'readAt' | 'failedAt' | 'failure'>): StatusRow {
	const { messageId, status, rank, failure } = found;
	if (status === 'noReport') return { logId: messageId, messageId };
	return reportedRow({ messageId, status, rank, failure }, timeOfStatus(status, found));
}

/** The row of a status event; timed by its arrival if the service gave no time. */
export function eventRow({ messageId, status, rank, failure, occurredAt, receivedAt }: StatusEvent): StatusRow {
	return reportedRow({ messageId, status, rank, failure }, occurredAt ?? receivedAt);
}

/** No `contactKey` or `phone`: a hook may know the customer only by another name, and would replace the one that the send wrote. */
function reportedRow({ messageId, status, rank, failure }: Pick<StatusEvent, 'messageId' | 'status' | 'rank' | 'failure'>, statusAt: string | null): StatusRow {
	const row = { logId: messageId, messageId, status, rank, statusAt };
	if (status === 'failed') return { ...row, ...(failure ? failureColumns(failure) : NO_FAILURE) };
	// A delivery clears an earlier failure; that it was sent does not.
	return status === 'sent' ? row : { ...row, ...NO_FAILURE };
}

function failureColumns({ code, title, details, action, retryAfter }: Failure): FailureColumns {
	return { errorCode: code, errorMessage: title === details ? title : `${title}: ${details}`, action, retryAfter };
}

function timeOfStatus(status: Exclude<Status, 'noReport'>, times: Partial<Pick<MessageStatus, 'sentAt' | 'deliveredAt' | 'readAt' | 'failedAt'>>): string | null {
	return { sent: times.sentAt, delivered: times.deliveredAt, read: times.readAt, failed: times.failedAt }[status] ?? null;
}
