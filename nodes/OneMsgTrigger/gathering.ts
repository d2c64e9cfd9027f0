import { sleep, type IWebhookFunctions } from 'n8n-workflow';
import type { ChannelEvent } from '../core/events/events';
import { settles } from '../core/waiting';
import { clock } from '../shared/clock';

/** Events, and bytes of bodies, with which a window closes at once. A POST is never split: the last one may exceed them. */
export const FULL = { events: 1000, bytes: 4 * 1024 * 1024 };

/** How a window tells and spends time, in milliseconds. */
export interface Timing {
	/** Monotonic. */
	now: () => number;
	sleep: (milliseconds: number) => Promise<void>;
}

/** One POST. */
export interface Arrival {
	events: readonly ChannelEvent[];
	/** Of its body. */
	bytes: number;
	/** Milliseconds after an execution's start in which events wait for each other; 0 never. */
	gatherFor: number;
}

/** Events that wait to start together. */
interface Window {
	events: ChannelEvent[];
	bytes: number;
	end: () => void;
}

/**
 * Gathers the events of one trigger: the first after a quiet time starts its execution at once; what comes within `gatherFor` after
 * that start waits and starts together, in order of arrival, and the next window counts from there. In memory, per process.
 */
export class Gathering {
	private startedAt = -Infinity;
	private window: Window | undefined;

	constructor(private readonly timing: Timing = { now: clock, sleep: async (milliseconds) => await sleep(milliseconds) }) {}

	/**
	 * What the POST's own execution starts with, as soon as it may; nothing if another POST starts with its events.
	 * `onWaiting` is called if its events have to wait.
	 */
	async add({ events, bytes, gatherFor }: Arrival, onWaiting: () => void): Promise<readonly ChannelEvent[]> {
		const left = () => Math.max(0, this.startedAt + gatherFor - this.timing.now());
		if (!this.window && left() === 0) {
			this.startedAt = this.timing.now();
			return events;
		}
		onWaiting();
		if (this.window) {
			this.put(this.window, events, bytes);
			return [];
		}
		let end = () => {};
		const ended = new Promise<void>((resolve) => (end = resolve));
		const own: Window = { events: [], bytes: 0, end };
		this.window = own;
		this.put(own, events, bytes);
		await settles(ended, { sleep: async (milliseconds) => await this.timing.sleep(Math.min(milliseconds, left())), isCancelled: () => left() === 0 });
		if (this.window === own) this.close();
		return own.events;
	}

	/** Starts what was gathered now. */
	close(): void {
		if (!this.window) return;
		this.window.end();
		this.window = undefined;
		this.startedAt = this.timing.now();
	}

	private put(window: Window, events: readonly ChannelEvent[], bytes: number): void {
		for (const event of events) window.events.push(event);
		window.bytes += bytes;
		if (window.events.length >= FULL.events || window.bytes >= FULL.bytes) this.close();
	}
}

/** What a hook's execution starts with, and whether 1MSG has its answer already. */
export interface Gathered {
	/** Empty if another hook's execution starts with its events. */
	events: readonly ChannelEvent[];
	isAnswered: boolean;
}

/** Gathers a hook's events. One that has to wait is answered 200 first: slow answers open 1MSG's circuit breaker. */
export async function gather(context: IWebhookFunctions, gathering: Gathering, arrival: Arrival): Promise<Gathered> {
	let isAnswered = false;
	const onWaiting = () => {
		context.getResponseObject().status(200).end();
		isAnswered = true;
	};
	return { events: await gathering.add(arrival, onWaiting), isAnswered };
}
