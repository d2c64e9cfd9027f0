/** Time that stands still until the world's driver moves it: timers and dates are virtual, promises and immediates are real. */
import FakeTimers, { type Clock } from '@sinonjs/fake-timers';

/** How waiting for something ended: it happened; nothing is left that could make it happen; or the limit was reached. */
export type Waited = 'done' | 'stuck' | 'late';

/** Milliseconds of real time before a world without a timer counts as stuck: what the engine does outside of timers has ended then. */
const REAL_PATIENCE = 20;

/** Milliseconds; Node takes a longer delay for one of a millisecond. */
const LONGEST_DELAY = 2 ** 31 - 1;

const realImmediate = setImmediate;
const realTimeout = setTimeout;
const realRandom = Math.random;

/** The clock of one world. `install` and `uninstall` frame it: outside of them, time is real. */
export class VirtualTime {
	private clock: Clock | undefined;
	/** Milliseconds that the clock on the wall was set forward so far. */
	private jumped = 0;
	/** Counts what happens, so that `settle` can see whether anything did. */
	private activity = 0;
	/** Timers of an earlier generation never fire: their process is gone. */
	private generation = 0;

	private readonly epoch: number;
	private readonly chance: number;

	/** `epoch` in milliseconds is what the clock shows at first; `chance` seeds `Math.random`. */
	constructor(epoch: number, chance: number) {
		this.epoch = epoch;
		this.chance = chance;
	}

	install(): void {
		this.clock = FakeTimers.install({
			now: this.epoch,
			toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
			shouldClearNativeTimers: true,
			ignoreMissingTimers: true,
		});
		const { setTimeout: once, setInterval: again } = this.clock;
		globalThis.setTimeout = this.mortal(once) as unknown as typeof setTimeout;
		globalThis.setInterval = this.mortal(again) as unknown as typeof setInterval;
		globalThis.setImmediate = ((...args: Parameters<typeof setImmediate>) => {
			this.activity++;
			return realImmediate(...args);
		}) as typeof setImmediate;
		Math.random = seededRandom(this.chance);
	}

	uninstall(): void {
		this.clock?.uninstall();
		this.clock = undefined;
		globalThis.setImmediate = realImmediate;
		Math.random = realRandom;
	}

	/** Milliseconds since the world began, whatever the clock on the wall shows. */
	elapsed(): number {
		return this.own.now - this.epoch - this.jumped;
	}

	/** Sets the clock on the wall forward or, below zero, back; timers go on as if nothing had happened. */
	jump(milliseconds: number): void {
		this.own.setSystemTime(this.own.now + milliseconds);
		this.jumped += milliseconds;
	}

	/** Runs something at a later moment of this world, whatever becomes of the processes in it. Gives a way to call it off. */
	after(milliseconds: number, run: () => void): () => void {
		const id = this.own.setTimeout(run, milliseconds);
		return () => this.own.clearTimeout(id);
	}

	/** Says that something happened that no timer shows, so that `settle` looks once more. */
	note(): void {
		this.activity++;
	}

	/** A promise for a later moment of this world, whatever becomes of the processes in it. */
	async sleep(milliseconds: number): Promise<void> {
		await new Promise<void>((resolve) => void this.after(milliseconds, resolve));
	}

	/** The timers of everything but the world itself are gone, as when the machine goes down. */
	dropTimers(): void {
		this.generation++;
	}

	/** Lets everything run that needs no time. */
	async settle(): Promise<void> {
		for (let before = -1; before !== this.activity; ) {
			before = this.activity;
			await new Promise<void>((resolve) => void realImmediate(resolve));
		}
	}

	/** Moves time from timer to timer until the promise is settled, at most to the moment `limit` (milliseconds of this world). */
	async until(promise: Promise<unknown>, limit: number): Promise<Waited> {
		let isDone = false;
		const end = () => {
			isDone = true;
		};
		promise.then(end, end);
		for (;;) {
			await this.settle();
			if (isDone) return 'done';
			if (this.own.countTimers() === 0) {
				await new Promise<void>((resolve) => void realTimeout(resolve, REAL_PATIENCE));
				await this.settle();
				if (isDone) return 'done';
				if (this.own.countTimers() === 0) return 'stuck';
			}
			if (this.elapsed() > limit) return 'late';
			this.own.next();
		}
	}

	/** Moves time on by so much, with all that happens meanwhile. */
	async pass(milliseconds: number): Promise<void> {
		await this.until(this.sleep(milliseconds), Infinity);
	}

	private get own(): Clock {
		if (!this.clock) throw new Error('This virtual time is not installed');
		return this.clock;
	}

	/** A timer function whose timers die with their process. */
	private mortal(original: (run: () => void, milliseconds?: number) => unknown): (...args: unknown[]) => unknown {
		return (run, milliseconds, ...args) => {
			this.activity++;
			const { generation } = this;
			return original(() => {
				if (generation === this.generation) (run as (...given: unknown[]) => void)(...args);
			}, asNodeTakesIt(milliseconds));
		};
	}
}

/** Node's timers count whole milliseconds, at least one. */
function asNodeTakesIt(milliseconds: unknown): number {
	const delay = Number(milliseconds);
	return delay >= 1 && delay <= LONGEST_DELAY ? Math.trunc(delay) : 1;
}

/** Numbers from 0 up to 1 that follow from the seed alone (mulberry32). */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
	};
}
