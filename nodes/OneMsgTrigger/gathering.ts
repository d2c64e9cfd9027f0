import { sleep, type IWebhookFunctions } from 'n8n-workflow';
import type { ChannelEvent } from '../core/events/events';
import { settles } from '../core/waiting';
import { clock } from '../shared/clock';

/** Events, and bytes of bodies, with which a window closes at once. A POST is never split: the last one may exceed them. */
export const FULL = { events: 1000, bytes: 4 * 1024 * 1024 };

/** Milliseconds until gathered events start an execution of their own if none has taken them: n8n gives up a write to its database after that time. */
export const PATIENCE = 60_000;

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
	/** When it has to be answered at the latest. */
	answerBy: number;
}

/** Gathered events that join an execution: those that came before its own, and those that came after. */
export interface Joining {
	before: readonly ChannelEvent[];
	after: readonly ChannelEvent[];
}

/** What a POST's own execution starts with. */
export interface Start {
	/** Empty if another execution has them. */
	events: readonly ChannelEvent[];
	/** Called by the execution itself, where it runs in this process: what else belongs to it, once that is complete. */
	join: (isCancelled: () => boolean) => Promise<Joining>;
}

/** Events that wait to start together. */
interface Window {
	events: ChannelEvent[];
	/** With the POST whose execution the events join. */
	size: { posts: number; events: number; bytes: number };
	/** Whether an execution was started for its events to join. */
	isLed: boolean;
	/** When it ends, and when its events start an execution of their own. */
	until: number;
	patience: number;
	ended: Promise<void>;
	end: () => void;
	/** Whether a POST waits to start that execution. */
	isAwaited: boolean;
	/** Resolves when an execution waits for the events. */
	taken: Promise<void>;
	take: () => void;
	/** Whether the execution that waits for the events was cancelled; after the window's end, that of the execution that has them. */
	joined?: () => boolean;
}

/**
 * Gathers the events of one trigger: the first after a quiet time starts its execution at once; what comes within `gatherFor` after
 * that start is gathered, in order of arrival, and the next window counts from its end. In memory, per process.
 *
 * A window's first POST starts an execution at once, which waits for the events of the others: n8n has written it down, and awaits it
 * when it stops, while it forgets a webhook() that waits. If n8n cannot start that execution, the next window's takes its events.
 * Where another process runs the executions (queue mode), the first POST has to wait instead.
 */
export class Gathering {
	private startedAt = -Infinity;
	/** The last one gathers; those before it wait for an execution. */
	private windows: Window[] = [];
	/** Whether an execution has run in this process: n8n tells no node its mode. */
	private runsHere = false;

	constructor(private readonly timing: Timing = { now: clock, sleep: async (milliseconds) => await sleep(milliseconds) }) {}

	/**
	 * Resolves when the POST's own execution may start. If its events are gathered instead, `onSafe` is called once a running execution
	 * waits for them, or it is time to answer.
	 */
	async add(arrival: Arrival, onSafe: () => void): Promise<Start> {
		const { events, gatherFor } = arrival;
		const now = this.timing.now();
		const next = this.startedAt + gatherFor;
		const current = this.windows.at(-1);
		if (!current && now >= next) {
			this.startedAt = now;
			return this.start(events);
		}
		const isStalled = current?.isLed === true && now >= current.until && !isJoined(current);
		if (this.runsHere && (!current?.isLed || isStalled)) {
			// Opened before it was known that executions run here: the new one takes its events, too.
			if (current && !current.isLed) Object.assign(current, { isLed: true, patience: now + PATIENCE });
			const own = this.open({ isLed: true, until: isStalled ? now + gatherFor : next, patience: now + PATIENCE });
			this.count(own, arrival);
			return this.start(events, own);
		}
		const own = current ?? this.open({ isLed: false, until: next, patience: next });
		for (const event of events) own.events.push(event);
		this.count(own, arrival);
		const isFirst = !own.isAwaited;
		own.isAwaited = true;
		if (own.isLed && !isJoined(own)) await this.reached(own.taken, () => arrival.answerBy);
		onSafe();
		if (!isFirst) return this.start([]);
		await this.reached(own.ended, () => own.patience);
		this.finish(own);
		return this.start(own.joined ? [] : own.events);
	}

	/** Starts what was gathered now. */
	close(): void {
		for (const window of this.windows) this.shut(window);
	}

	private start(events: readonly ChannelEvent[], window?: Window): Start {
		const join = async (isCancelled: () => boolean) => {
			this.runsHere = true;
			if (!window || !this.windows.includes(window)) return NOTHING;
			// Their executions may never run.
			const earlier = this.windows.slice(0, this.windows.indexOf(window));
			window.joined = isCancelled;
			window.take();
			await this.reached(window.ended, () => window.until);
			if (window.joined !== isCancelled) return NOTHING;
			if (this.windows.includes(window) && isCancelled()) {
				window.patience = this.timing.now();
				return NOTHING;
			}
			const left = earlier.filter((one) => this.windows.includes(one) && !isJoined(one));
			for (const one of left) one.joined = isCancelled;
			for (const one of [...left, window]) this.finish(one);
			return { before: left.flatMap((one) => one.events), after: window.events };
		};
		return { events, join };
	}

	private open(how: Pick<Window, 'isLed' | 'until' | 'patience'>): Window {
		let [end, take] = [() => {}, () => {}];
		const ended = new Promise<void>((resolve) => (end = resolve));
		const taken = new Promise<void>((resolve) => (take = resolve));
		const window: Window = { ...how, events: [], size: { posts: 0, events: 0, bytes: 0 }, ended, end, isAwaited: false, taken, take };
		this.windows = [...this.windows, window];
		return window;
	}

	/** Waits for a promise, at most until a time that may change meanwhile. */
	private async reached(promise: Promise<void>, time: () => number): Promise<void> {
		const left = () => Math.max(0, time() - this.timing.now());
		await settles(promise, { sleep: async (milliseconds) => await this.timing.sleep(Math.min(milliseconds, left())), isCancelled: () => left() === 0 });
	}

	/** Ends a window, whoever takes its events. */
	private finish(window: Window): void {
		if (!this.windows.includes(window)) return;
		this.windows = this.windows.filter((one) => one !== window);
		// One POST alone is no load: the next counts as the first after a quiet time, or events at this pace would all wait.
		this.startedAt = window.size.posts > 1 ? this.timing.now() : -Infinity;
		if (!isJoined(window)) window.joined = undefined;
		window.take();
		window.end();
	}

	private count(window: Window, { events, bytes }: Arrival): void {
		window.size.posts++;
		window.size.events += events.length;
		window.size.bytes += bytes;
		if (window.size.events >= FULL.events || window.size.bytes >= FULL.bytes) this.shut(window);
	}

	/** Ends a window now; where its execution is only being started, as soon as that runs. */
	private shut(window: Window): void {
		window.until = this.timing.now();
		if (!window.isLed || isJoined(window)) this.finish(window);
	}
}

function isJoined({ joined }: Window): boolean {
	return joined?.() === false;
}

const NOTHING: Joining = { before: [], after: [] };

/** A hook's start, and whether 1MSG has its answer already. */
export interface Gathered extends Start {
	isAnswered: boolean;
}

/** Gathers a hook's events, and answers 200 once they are safe. */
export async function gather(context: IWebhookFunctions, gathering: Gathering, arrival: Arrival): Promise<Gathered> {
	let isAnswered = false;
	const onSafe = () => {
		context.getResponseObject().status(200).end();
		isAnswered = true;
	};
	return { ...(await gathering.add(arrival, onSafe)), isAnswered };
}
