import type { IExecuteFunctions } from 'n8n-workflow';
import QuickLRU from 'quick-lru';
import { MAX_SLEEP, type Waiting } from '../../../core/pacing/waiting';
import { clock } from '../../../shared/clock';

/** What a node sets for itself, whatever the channel takes. */
export interface NodeLimits {
	/** Requests in flight. */
	maxConcurrency?: number;
	/** Messages per second. */
	messagesPerSecond?: number;
}

/** The right of one message or question of the node to ask the channel for a permit. */
export interface NodePermit {
	/** A request has left; a message that never did takes no time of the node's rate. */
	used: () => void;
	/** Must be called, whatever happens. */
	release: () => void;
}

/** Milliseconds that a set rate makes up for: no more than a late timer costs. Doubled: a pause ends in a burst. Halved: a busy n8n falls behind. */
const CATCH_UP = 400;
/** Messages whose time has come and that may still wait for the channel, at least. Doubled: a pause of the channel ends in twice the burst. Halved: a customer who is waited for holds up others. */
const MIN_OPEN = 10;
/** The limits that one node sets, for all its executions in this process; other nodes of the same channel do not wait for them. */
export class NodeLimiter {
	private readonly working = new Places();
	private readonly open = new Places();
	private nextAt = -Infinity;

	/** `now` gives milliseconds of a clock that is never set. */
	constructor(private readonly now: () => number) {}

	/** Waits until the node's own limits let one more go; null when cancelled meanwhile. */
	async acquire({ maxConcurrency, messagesPerSecond }: NodeLimits, waiting: Waiting): Promise<NodePermit | null> {
		if (maxConcurrency !== undefined && !(await this.working.enter(maxConcurrency, waiting))) return null;
		const stopWorking = once(() => maxConcurrency !== undefined && this.working.leave());
		if (messagesPerSecond === undefined) return { used: () => {}, release: stopWorking };
		if (!(await this.open.enter(Math.max(MIN_OPEN, messagesPerSecond), waiting))) {
			stopWorking();
			return null;
		}
		const interval = 1000 / messagesPerSecond;
		const at = Math.max(this.nextAt, this.now() - CATCH_UP);
		this.nextAt = at + interval;
		const close = once(() => this.open.leave());
		let isUsed = false;
		const permit: NodePermit = {
			used: () => {
				isUsed = true;
				close();
			},
			release: once(() => {
				if (!isUsed) this.nextAt -= interval;
				close();
				stopWorking();
			}),
		};
		await waiting.sleep(Math.max(0, at - this.now()));
		if (!waiting.isCancelled()) return permit;
		permit.release();
		return null;
	}
}

/** A number of places, named by each who enters; first come, first served. */
class Places {
	private taken = 0;
	private readonly queue: Array<{ limit: number; hasEntered: boolean; wake: () => void }> = [];

	/** False when cancelled meanwhile. */
	async enter(limit: number, waiting: Waiting): Promise<boolean> {
		const place = { limit, hasEntered: false, wake: () => {} };
		const entered = new Promise<void>((resolve) => (place.wake = resolve));
		this.queue.push(place);
		this.letIn();
		while (!place.hasEntered && !waiting.isCancelled()) await Promise.race([entered, waiting.sleep(MAX_SLEEP)]);
		if (!waiting.isCancelled()) return true;
		if (place.hasEntered) {
			this.leave();
		} else {
			this.queue.splice(this.queue.indexOf(place), 1);
			// Whoever stood behind may have a higher limit.
			this.letIn();
		}
		return false;
	}

	leave(): void {
		this.taken--;
		this.letIn();
	}

	private letIn(): void {
		for (let first = this.queue[0]; first && this.taken < first.limit; first = this.queue[0]) {
			this.queue.shift();
			this.taken++;
			first.hasEntered = true;
			first.wake();
		}
	}
}

function once(work: () => unknown): () => void {
	let isDone = false;
	return () => {
		if (!isDone) work();
		isDone = true;
	};
}

const limiters = new QuickLRU<string, NodeLimiter>({ maxSize: 1000 });

/** The limiter of the node that is running. */
export function nodeLimiterOf(context: IExecuteFunctions): NodeLimiter {
	const name = `${context.getWorkflow().id}|${context.getNode().id}`;
	const limiter = limiters.get(name) ?? new NodeLimiter(clock);
	limiters.set(name, limiter);
	return limiter;
}
