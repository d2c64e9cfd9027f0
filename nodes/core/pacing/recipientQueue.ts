import { BELIEVED_FOR, MAX_SLEEP, type Waiting } from './waiting';

/** Queues that are kept although nobody is in them. Doubled: a megabyte more. Halved: after many refusals the spacing of some recipients is learnt again. */
const MAX_KEPT = 5000;

/** The right to be the only one who sends to a recipient. Must be left, whatever happens. */
export interface Place {
	/** Waits until a message may go; false when cancelled meanwhile. To be asked before every attempt. */
	ready: () => Promise<boolean>;
	/** A message went out now. */
	sent: () => void;
	/** From now on the service wants this many milliseconds between two messages to this recipient. */
	space: (milliseconds: number) => void;
	/** Lets the next one in; a second call does nothing. */
	leave: () => void;
}

class Queue {
	/** Settles when the last one in the queue has left. */
	last = Promise.resolve();
	length = 0;
	spacing = 0;
	spacedUntil = -Infinity;
	nextAt = -Infinity;
}

/**
 * One message at a time to one recipient, for all executions of the process: two messages never overtake each other, and stand apart
 * once the service said that they must (code 131056: 1msg-api.md, section 8). Times in milliseconds.
 */
export class RecipientQueues {
	/** By channel and recipient. */
	readonly queues = new Map<string, Queue>();

	/** `now` gives milliseconds of a clock that is never set. */
	constructor(private readonly now: () => number) {}

	/** Waits until everyone who came before has left; null when cancelled meanwhile. `name` tells channel and recipient. */
	async enter(name: string, waiting: Waiting): Promise<Place | null> {
		const queue = this.queues.get(name) ?? new Queue();
		this.queues.set(name, queue);
		const before = queue.last;
		let isFirst = queue.length++ === 0;
		if (!isFirst) void before.then(() => (isFirst = true));
		let leave = () => {};
		queue.last = new Promise<void>((resolve) => (leave = resolve)).then(() => this.left(name, queue));
		while (!isFirst && !waiting.isCancelled()) await Promise.race([before, waiting.sleep(MAX_SLEEP)]);
		if (!isFirst) {
			void before.then(leave);
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
			queue.spacedUntil = this.now() + BELIEVED_FOR;
			sent();
		};
		return { ready, sent, space, leave };
	}

	private left(name: string, queue: Queue): void {
		if (--queue.length === 0 && queue.spacedUntil < this.now()) this.queues.delete(name);
		for (const [old, { length }] of this.queues.size > MAX_KEPT ? this.queues : []) if (length === 0) this.queues.delete(old);
	}
}
