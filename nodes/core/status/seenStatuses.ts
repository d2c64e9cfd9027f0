import QuickLRU from 'quick-lru';
import { RANK, type ReportedStatus } from './status';

/** Messages remembered per trigger; those not heard of for longest are forgotten first. About 200 bytes each, and up to twice as many until they are. */
export const MAX_REMEMBERED = 20_000;

/** Characters of a message ID that is remembered at most; WhatsApp's have some sixty. */
const LONGEST_ID = 512;

/** What is known about a status that comes in. */
export interface Seen {
	/** Just this status of this message was seen before. */
	repeat: boolean;
	/** A higher one was. */
	late: boolean;
}

/**
 * Remembers which statuses of which messages were already seen. A saving, not a guarantee:
 * it lives in one process, is bounded, and forgets on restart.
 */
export class SeenStatuses {
	/** Per message ID the ranks seen, as bits. */
	private readonly ranks: QuickLRU<string, number>;

	constructor(most = MAX_REMEMBERED) {
		this.ranks = new QuickLRU({ maxSize: most });
	}

	/** Records a status and tells what was seen before it. With `forgetLate`, a late one is not recorded. */
	record(messageId: string, status: ReportedStatus, { forgetLate = false } = {}): Seen {
		if (messageId.length > LONGEST_ID) return { repeat: false, late: false };
		const bit = 1 << RANK[status];
		const before = this.ranks.get(messageId) ?? 0;
		const late = before >= bit << 1;
		this.ranks.set(messageId, late && forgetLate ? before : before | bit);
		return { repeat: (before & bit) !== 0, late };
	}

	get size(): number {
		return this.ranks.size;
	}
}
