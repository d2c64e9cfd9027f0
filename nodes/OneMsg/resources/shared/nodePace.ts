import type { IExecuteFunctions } from 'n8n-workflow';
import { clock } from '../../../shared/clock';
import type { Waiting } from './waiting';

/** What a node asks for itself, whatever the channel takes. */
export interface NodeLimits {
	maxConcurrency?: number;
	/** Messages per second. */
	messagesPerSecond?: number;
}

/** The right of one message or question of the node to go to the channel. */
export interface NodePermit {
	/** It has left, once or several times; what never did takes no time of the node's rate. */
	used: () => void;
	/** Must be called, whatever happens. */
	release: () => void;
}

/** Milliseconds that a set rate makes up for: no more than a late timer costs. Doubled, a pause ends in a burst; halved, a busy n8n falls behind. */
const CATCH_UP = 400;
/** Messages whose time has come and that have not left yet, at the least: a customer who is waited for holds up no other, and a pause of the channel ends in a burst of this size. */
const LEAST_OPEN = 10;
/** Milliseconds after which whoever waits asks whether the execution was cancelled. */
const SLICE = 250;
const MOST_NODES = 1000;

/** The limits that one node sets, for all its executions in this process; other nodes of the same channel do not wait for them. */
export class NodePace {
	private readonly working = new Places();
	private readonly open = new Places();
	private nextAt = -Infinity;

	/** Waits until the node's own limits let one more go; null where the wait was cancelled. */
	async acquire({ maxConcurrency, messagesPerSecond }: NodeLimits, waiting: Waiting): Promise<NodePermit | null> {
		if (maxConcurrency !== undefined && !(await this.working.enter(maxConcurrency, waiting))) return null;
		const stopWorking = once(() => maxConcurrency !== undefined && this.working.leave());
		if (messagesPerSecond === undefined) return { used: () => {}, release: stopWorking };
		if (!(await this.open.enter(Math.max(LEAST_OPEN, messagesPerSecond), waiting))) {
			stopWorking();
			return null;
		}
		const interval = 1000 / messagesPerSecond;
		const at = Math.max(this.nextAt, clock() - CATCH_UP);
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
		await waiting.sleep(at - clock());
		if (!waiting.isCancelled()) return permit;
		permit.release();
		return null;
	}
}

/** A number of places that each who enters may set; first come, first served. */
class Places {
	private taken = 0;
	private readonly waiting: Array<{ limit: number; enter: () => void }> = [];

	/** False where the wait was cancelled. */
	async enter(limit: number, waiting: Waiting): Promise<boolean> {
		if (this.taken < limit && this.waiting.length === 0) {
			this.taken++;
			return true;
		}
		const { promise: entered, resolve } = withResolver();
		let hasEntered = false;
		const entry = {
			limit,
			enter: () => {
				hasEntered = true;
				resolve();
			},
		};
		this.waiting.push(entry);
		while (!hasEntered && !waiting.isCancelled()) await Promise.race([entered, waiting.sleep(SLICE)]);
		if (!waiting.isCancelled()) return true;
		if (hasEntered) this.leave();
		else this.waiting.splice(this.waiting.indexOf(entry), 1);
		return false;
	}

	leave(): void {
		this.taken--;
		while (this.waiting[0] && this.taken < this.waiting[0].limit) {
			this.taken++;
			this.waiting.shift()!.enter();
		}
	}
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
	let resolve = () => {};
	const promise = new Promise<void>((done) => (resolve = done));
	return { promise, resolve };
}

function once(work: () => unknown): () => void {
	let isDone = false;
	return () => {
		if (!isDone) work();
		isDone = true;
	};
}

const paces = new Map<string, NodePace>();

/** The pace of the node that is running. */
export function nodePaceOf(context: IExecuteFunctions): NodePace {
	const name = `${context.getWorkflow().id}|${context.getNode().id}`;
	const pace = paces.get(name) ?? new NodePace();
	paces.delete(name);
	paces.set(name, pace);
	if (paces.size > MOST_NODES) paces.delete(paces.keys().next().value!);
	return pace;
}
