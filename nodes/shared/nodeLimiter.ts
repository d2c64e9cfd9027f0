import type { IExecuteFunctions } from 'n8n-workflow';
import QuickLRU from 'quick-lru';
import { settles, type Waiting } from '../core/waiting';
import { clock } from './clock';

/** A node's own limits, on top of the channel's. */
export interface NodeLimits {
	/** Requests in flight. */
	maxConcurrency?: number;
	/** Messages per second. */
	messagesPerSecond?: number;
}

/** Allows one message or query of the node to acquire the channel's permit. */
export interface NodePermit {
	/** A request was sent; otherwise the permit does not count against the node's rate. */
	used: () => void;
	/** Must always be called. */
	release: () => void;
}

/** Milliseconds of lost time that a fixed rate catches up on, as late timers cost. Doubled: a pause ends in a burst. Halved: a busy n8n falls behind. */
const CATCH_UP = 400;
/** Minimum number of due messages that may wait for the channel. Doubled: a pause of the channel ends in twice the burst. Halved: a slow recipient blocks others. */
const MIN_DUE = 10;

/** Enforces one node's limits across its executions in this process; other nodes of the channel are unaffected. */
export class NodeLimiter {
	private readonly inProgress = new Semaphore();
	private readonly due = new Semaphore();
	private nextAt = -Infinity;

	/** `now` returns monotonic milliseconds. */
	constructor(private readonly now: () => number) {}

	/** Waits until the node's limits allow one more; null if cancelled. */
	async acquire({ maxConcurrency, messagesPerSecond }: NodeLimits, waiting: Waiting): Promise<NodePermit | null> {
		if (maxConcurrency !== undefined && !(await this.inProgress.acquire(maxConcurrency, waiting))) return null;
		const releaseInProgress = once(() => maxConcurrency !== undefined && this.inProgress.release());
		if (messagesPerSecond === undefined) return { used: () => {}, release: releaseInProgress };
		if (!(await this.due.acquire(Math.max(MIN_DUE, messagesPerSecond), waiting))) {
			releaseInProgress();
			return null;
		}
		const interval = 1000 / messagesPerSecond;
		const at = Math.max(this.nextAt, this.now() - CATCH_UP);
		this.nextAt = at + interval;
		const releaseDue = once(() => this.due.release());
		let isUsed = false;
		const permit: NodePermit = {
			used: () => {
				isUsed = true;
				releaseDue();
			},
			release: once(() => {
				if (!isUsed) this.nextAt -= interval;
				releaseDue();
				releaseInProgress();
			}),
		};
		await waiting.sleep(Math.max(0, at - this.now()));
		if (!waiting.isCancelled()) return permit;
		permit.release();
		return null;
	}
}

/** A FIFO semaphore; each caller passes its own limit. */
class Semaphore {
	private held = 0;
	private readonly queue: Array<{ limit: number; isAdmitted: boolean; wake: () => void }> = [];

	/** False if cancelled. */
	async acquire(limit: number, waiting: Waiting): Promise<boolean> {
		const waiter = { limit, isAdmitted: false, wake: () => {} };
		const entered = new Promise<void>((resolve) => (waiter.wake = resolve));
		this.queue.push(waiter);
		this.admit();
		if (!waiter.isAdmitted) await settles(entered, waiting);
		if (!waiting.isCancelled()) return true;
		if (waiter.isAdmitted) {
			this.release();
		} else {
			this.queue.splice(this.queue.indexOf(waiter), 1);
			// The next in line may have a higher limit.
			this.admit();
		}
		return false;
	}

	release(): void {
		this.held--;
		this.admit();
	}

	private admit(): void {
		for (let first = this.queue[0]; first && this.held < first.limit; first = this.queue[0]) {
			this.queue.shift();
			this.held++;
			first.isAdmitted = true;
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

/** The running node's limiter. */
export function nodeLimiterOf(context: IExecuteFunctions): NodeLimiter {
	const name = `${context.getWorkflow().id}|${context.getNode().id}`;
	const limiter = limiters.get(name) ?? new NodeLimiter(clock);
	limiters.set(name, limiter);
	return limiter;
}
