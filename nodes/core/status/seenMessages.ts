import QuickLRU from 'quick-lru';
import { RANK, type ReportedStatus } from './status';

/** Messages remembered per trigger, evicted LRU. About 200 bytes each, and up to twice as many before eviction. */
export const MAX_REMEMBERED = 20_000;

/** Longer message IDs are not remembered; WhatsApp's have about sixty characters. */
const MAX_ID_LENGTH = 512;

/** What is known about an incoming status. */
export interface Seen {
	/** The same status of this message was seen before. */
	repeat: boolean;
	/** A higher status was seen before. */
	late: boolean;
}

/** The bit of a message itself; no status has its rank. */
const MESSAGE = 1 << RANK.noReport;

/**
 * Remembers which messages, and which statuses of messages, were seen: by message ID, which is one customer's whoever they are.
 * Best effort: per process, bounded, lost on restart.
 */
export class SeenMessages {
	/** Bitmask of the ranks seen per message ID, and of the message itself. */
	private readonly ranks: QuickLRU<string, number>;

	constructor(maxSize = MAX_REMEMBERED) {
		this.ranks = new QuickLRU({ maxSize: maxSize });
	}

	/** Records a message, received or echoed, and returns whether it was seen before. */
	recordMessage(messageId: string): boolean {
		if (messageId.length > MAX_ID_LENGTH) return false;
		const before = this.ranks.get(messageId) ?? 0;
		this.ranks.set(messageId, before | MESSAGE);
		return (before & MESSAGE) !== 0;
	}

	/** Records a status and returns what was seen before it. With `forgetLate`, a late one is not recorded. */
	record(messageId: string, status: ReportedStatus, { forgetLate = false } = {}): Seen {
		if (messageId.length > MAX_ID_LENGTH) return { repeat: false, late: false };
		const bit = 1 << RANK[status];
		const before = this.ranks.get(messageId) ?? 0;
		const late = before >= bit << 1;
		this.ranks.set(messageId, late && forgetLate ? before : before | bit);
		return { repeat: (before & bit) !== 0, late };
	}

	/** Forgets a status, or without one the message itself. */
	forget(messageId: string, status?: ReportedStatus): void {
		const before = this.ranks.get(messageId);
		if (before !== undefined) this.ranks.set(messageId, before & ~(status ? 1 << RANK[status] : MESSAGE));
	}

	get size(): number {
		return this.ranks.size;
	}
}
