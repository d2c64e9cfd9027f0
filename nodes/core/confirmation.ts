import type { StatusEvent } from './events';
import { RANK, type StatusReport } from './status';

/**
 * A status event with what the channel itself says about the message: `confirmed` is true where it reports that status,
 * or a delivered or read beyond it. Then its time and its failure with the number win; else the event stays as it came.
 */
export function confirm(event: StatusEvent, reports: readonly StatusReport[]): StatusEvent {
	const same = reports.filter(({ status }) => status === event.status);
	const beyond = reports.some(({ status }) => status !== 'failed' && event.status !== 'failed' && RANK[status] > event.rank);
	const at = same.map((report) => report.at).filter((time) => time !== null).sort()[0];
	const failure = same.map((report) => report.failure).find((known) => known !== null && known.code !== 'unknown-failure');
	const { raw, ...rest } = event;
	return { ...rest, confirmed: same.length > 0 || beyond, occurredAt: at ?? event.occurredAt, failure: failure ?? event.failure, raw };
}
