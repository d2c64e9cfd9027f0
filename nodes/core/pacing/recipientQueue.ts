import { LIMIT_TTL } from './cubicRateLimiter';
import { MAX_SLEEP, settles, type Waiting } from '../waiting';

/** Exclusive access to a recipient. Must always be released. */
export interface RecipientLock {
	/** Waits until a message may be sent; false if cancelled. Call before every attempt. */
	ready: () => Promise<boolean>;
	/** A message was just sent. */
	sent: () => void;
	/** From now on the service requires this many milliseconds between messages to this recipient. */
	space: (milliseconds: number) => void;
	/** Admits the next one; a second call does nothing. */
	release: () => void;
}

class Queue {
	/** Settles when the last in the queue has released. */
	last = Promise.resolve();
	length = 0;
	spacing = 0;
	spacedUntil = -Infinity;
	nextAt = -Infinity;
}

/**
 * One message at a time per recipient, across all executions of the process: messages never overtake each other, and are spaced once the
 * service demands it (code 131056: 1msg-api.md, section 8). Times in milliseconds.
 */
export class RecipientQueues {
	/** By channel and recipient; empty ones are kept while spaced, the latest at the end. */
	readonly queues = new Map<string, Queue>();

	/** `now` returns monotonic milliseconds. */
	constructor(private readonly now: () => number) {}

	/** Waits for all earlier messages; null if cancelled. `key` identifies channel and recipient. */
	async acquire(key: string, waiting: Waiting): Promise<RecipientLock | null> {
		const queue = this.queues.get(key) ?? new Queue();
		this.queues.set(key, queue);
		const before = queue.last;
		const isFirst = queue.length++ === 0;
		let release = () => {};
		queue.last = new Promise<void>((resolve) => (release = resolve)).then(() => this.onRelease(key, queue));
		if (!isFirst && !(await settles(before, waiting))) {
			void before.then(release);
			return null;
		}
		const ready = async () => {
			while (queue.nextAt > this.now() && !waiting.isCancelled()) await waiting.sleep(Math.min(queue.nextAt - this.now(), MAX_SLEEP));
			return !waiting.isCancelled();
		};
		const sent = () => {
			if (queue.spacedUntil < this.now()) queue.spacing = 0;
			queue.nextAt = this.now() + queue.spacing;
		};
		const space = (milliseconds: number) => {
			queue.spacing = milliseconds;
			queue.spacedUntil = this.now() + LIMIT_TTL;
			this.queues.delete(key);
			this.queues.set(key, queue);
			sent();
		};
		return { ready, sent, space, release };
	}

	private onRelease(key: string, queue: Queue): void {
		if (--queue.length === 0 && queue.spacedUntil < this.now()) this.queues.delete(key);
		for (const [oldest, { length, spacedUntil }] of this.queues) {
			if (length > 0 || spacedUntil >= this.now()) break;
			this.queues.delete(oldest);
		}
	}
}
