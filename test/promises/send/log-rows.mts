/** Log rows, read back as what they stand for. */
import type { IDataObject } from 'n8n-workflow';
import type { NodePlan } from './world.mts';

/** The columns of a send's row, in order (interface.md, "Log rows"). */
export const COLUMNS = [
	'logId', 'messageId', 'contactKey', 'phone', 'orderReference', 'customerName', 'productName', 'template', 'outcome', 'acceptedAt',
	'status', 'rank', 'statusAt', 'errorCode', 'errorMessage', 'action', 'retryAfter', 'told',
];

export function givesRows(node: NodePlan): boolean {
	return node.options.output?.values[0] === 'logRow' && node.operation !== 'findSentMessage';
}

/** A row as the standard item or error item of the same result. */
export function resultOfRow(row: IDataObject, itemIndex: number): IDataObject {
	if ('error' in row) return row;
	const { logId, errorMessage, errorCode, ...rest } = row;
	const outcome = row.outcome === 'rehearsed' ? outcomeBehind(row) : row.outcome;
	if (outcome === 'refused') return { error: { message: errorMessage, code: errorCode, itemIndex } };
	if (outcome === undefined) return { ...rest, status: rest.status ?? 'noReport', rank: rest.rank ?? 0 };
	return { ...rest, outcome, ...(outcome === 'queued' ? { jobId: String(logId).split('|')[0] } : {}), ...(outcome === 'unknown' ? { reason: errorMessage } : {}) };
}

/** What the Test Recipient's message came to, which its row calls a rehearsal. */
function outcomeBehind({ logId, acceptedAt, errorMessage, status }: IDataObject): string {
	if (acceptedAt !== null) return 'accepted';
	// A skipped row shows why the message that was sent before failed.
	if (errorMessage !== null && status !== 'failed') return 'unknown';
	if (String(logId).startsWith('rehearsed|')) return 'rehearsed';
	// A job's ID and the customer; a key has more parts.
	return String(logId).split('|').length === 2 ? 'queued' : 'skipped';
}
