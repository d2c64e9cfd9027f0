import type { IExecuteFunctions } from 'n8n-workflow';
import { clock } from '../../shared/clock';
import type { Turn } from '../../core/pace';
import type { Waiting } from '../resources/shared/waiting';

/** What a node asks for itself, whatever the channel takes. */
export interface NodeLimits {
	maxConcurrency?: number;
	messagesPerSecond?: number;
}

/** Milliseconds that a set rate makes up for: no more than a late timer costs. */
const CATCH_UP = 400;
/** Milliseconds after which whoever waits asks whether the execution was cancelled. */
const SLICE = 250;
const MOST_NODES = 1000;

/** The limits that one node sets, for all its executions in this process; other nodes of the same channel do not wait for them. */
export class NodePace {
	private inFlight = 0;
	private readonly waiting: Array<{ limit: number; enter: () => void }> = [];
	private line: Promise<unknown> = Promise.resolve();
	private nextAt = -Infinity;

	/** A turn of the channel (`take`), at this node's own rate and with no more of its requests in flight than it allows. */
	async turn({ maxConcurrency, messagesPerSecond }: NodeLimits, waiting: Waiting, take: () => Promise<Turn>): Promise<Turn> {
		if (maxConcurrency !== undefined && !(await this.enter(maxConcurrency, waiting))) return { ticket: null, because: 'cancelled' };
		const turn = messagesPerSecond === undefined ? await take() : await this.inLine(1000 / messagesPerSecond, waiting, take);
		if (maxConcurrency === undefined) return turn;
		if (!turn.ticket) {
			this.leave();
			return turn;
		}
		const { ticket } = turn;
		let isOpen = true;
		const done: typeof ticket.done = (signal) => {
			ticket.done(signal);
			if (isOpen) this.leave();
			isOpen = false;
		};
		return { ticket: { done, get refusals() { return ticket.refusals; }, grantedAt: ticket.grantedAt } };
	}

	/** One after the other: who waits for the channel holds up who comes behind, or a pause of the channel would end in a burst. */
	private async inLine(interval: number, waiting: Waiting, take: () => Promise<Turn>): Promise<Turn> {
		const mine = this.line.then(async () => {
			await waiting.sleep(this.nextAt - clock());
			const turn = await take();
			if (turn.ticket) this.nextAt = Math.max(this.nextAt, clock() - CATCH_UP) + interval;
			return turn;
		});
		this.line = mine.catch(() => undefined);
		return await mine;
	}

	private async enter(limit: number, waiting: Waiting): Promise<boolean> {
		if (this.inFlight < limit && this.waiting.length === 0) {
			this.inFlight++;
			return true;
		}
		let hasEntered = false;
		let entry: (typeof this.waiting)[number] | undefined;
		const entered = new Promise<void>((resolve) => {
			entry = {
				limit,
				enter: () => {
					hasEntered = true;
					resolve();
				},
			};
			this.waiting.push(entry);
		});
		while (!hasEntered && !waiting.isCancelled()) await Promise.race([entered, waiting.sleep(SLICE)]);
		if (!hasEntered) this.waiting.splice(this.waiting.indexOf(entry!), 1);
		else if (!waiting.isCancelled()) return true;
		else this.leave();
		return false;
	}

	private leave(): void {
		this.inFlight--;
		while (this.waiting[0] && this.inFlight < this.waiting[0].limit) {
			this.inFlight++;
			this.waiting.shift()!.enter();
		}
	}
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
