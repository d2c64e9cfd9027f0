/** Time driven by the world: timers and dates are virtual, promises and immediates are real. */
import FakeTimers, { type Clock } from '@sinonjs/fake-timers';

/** Result of a wait: it happened; nothing left could make it happen; or the limit was reached. */
export type Waited = 'done' | 'stuck' | 'late';

/** Real milliseconds until a world without timers counts as stuck: the engine's other work is done by then. */
const REAL_PATIENCE = 20;

/** Milliseconds; Node replaces a longer delay with 1 ms. */
const MAX_DELAY = 2 ** 31 - 1;

const realImmediate = setImmediate;
const realTimeout = setTimeout;
const realRandom = Math.random;

/** The clock of one world. Time is virtual between `install` and `uninstall`. */
export class VirtualTime {
	private clock: Clock | undefined;
	/** Milliseconds the wall clock was moved forward so far. */
	private jumped = 0;
	/** Counts events, so that `settle` can detect activity. */
	private activity = 0;
	/** Timers of an older generation never fire: their process is gone. */
	private generation = 0;

	private readonly epoch: number;
	private readonly chance: number;

	/** `epoch` is the initial time in milliseconds; `chance` seeds `Math.random`. */
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

	/** Milliseconds since the world began, regardless of the wall clock. */
	elapsed(): number {
		return this.own.now - this.epoch - this.jumped;
	}

	/** Moves the wall clock forward or, if negative, back; timers are unaffected. */
	jump(milliseconds: number): void {
		this.own.setSystemTime(this.own.now + milliseconds);
		this.jumped += milliseconds;
	}

	/** Runs a callback later in this world, independent of its processes. Returns a cancel function. */
	after(milliseconds: number, run: () => void): () => void {
		const id = this.own.setTimeout(run, milliseconds);
		return () => this.own.clearTimeout(id);
	}

	/** Reports an event outside of timers, so that `settle` checks again. */
	note(): void {
		this.activity++;
	}

	/** Resolves later in this world, independent of its processes. */
	async sleep(milliseconds: number): Promise<void> {
		await new Promise<void>((resolve) => void this.after(milliseconds, resolve));
	}

	/** Drops all timers but the world's own, as in a crash. */
	dropTimers(): void {
		this.generation++;
	}

	/** Runs everything that needs no time. */
	async settle(): Promise<void> {
		for (let before = -1; before !== this.activity; ) {
			before = this.activity;
			await new Promise<void>((resolve) => void realImmediate(resolve));
		}
	}

	/** Advances time from timer to timer until the promise settles, up to `limit` (milliseconds of this world). */
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

	/** Advances time by this much, running what is due. */
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

/** Node's timers use whole milliseconds, at least one. */
function asNodeTakesIt(milliseconds: unknown): number {
	const delay = Number(milliseconds);
	return delay >= 1 && delay <= MAX_DELAY ? Math.trunc(delay) : 1;
}

/** A seeded random series from 0 up to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
	};
}
