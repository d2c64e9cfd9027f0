import { RANK, type ReportedStatus } from './status';

/** Messages remembered per trigger; the ones not heard of for longest are forgotten first. About 200 bytes each. */
export const MOST_REMEMBERED = 20_000;

/**
 * Remembers which statuses of which messages were already seen. A saving, not a guarantee:
 * it lives in one process, is bounded, and forgets on restart.
 */
export class SeenStatuses {
	/** Per message ID the ranks seen, as bits. */
	private readonly ranks = new Map<string, number>();

	constructor(private readonly most = MOST_REMEMBERED) {}

	/** Records a status; tells whether just that was seen before (`repeat`) and whether a higher one was (`late`). */
	record(messageId: string, status: ReportedStatus): { repeat: boolean; late: boolean } {
		const bit = 1 << RANK[status];
		const before = this.ranks.get(messageId) ?? 0;
		this.ranks.delete(messageId);
		this.ranks.set(messageId, before | bit);
		if (this.ranks.size > this.most) {
			const oldest = this.ranks.keys().next();
			if (!oldest.done) this.ranks.delete(oldest.value);
		}
		return { repeat: (before & bit) !== 0, late: before >= bit << 1 };
	}

	get size(): number {
		return this.ranks.size;
	}
}
