import { steadyClock } from './steadyClock';

declare const performance: { now(): number };

/** Longest sleep in milliseconds: after it, whoever waits is asked whether it was cancelled. */
const SLICE = 250;
/** How long a lane stays spaced after the service asked for it, in milliseconds. */
const SPACED_FOR = 600_000;
/** Lanes that are kept although nobody is in them, because they are spaced. */
const MOST_KEPT = 5000;

export interface LaneOptions {
	/** Sleeps milliseconds (never more than 250 at a time are asked for); a rejection counts as cancelled. */
	sleep: (milliseconds: number) => Promise<void>;
	/** Asked at least four times a second. */
	isCancelled?: () => boolean;
}

/** The right to be the only one who sends to one phone. Must be handed back by `leave`, whatever happens. */
export interface Place {
	/** Waits until the spacing lets a message go; false when cancelled meanwhile. To be asked before every try. */
	ready: () => Promise<boolean>;
	/** A message went out now. */
	sent: () => void;
	/** The service wants so many milliseconds between two messages to this phone, from now on. */
	space: (milliseconds: number) => void;
	leave: () => void;
}

interface Lane {
	/** Who is in the lane, first the one whose turn it is. */
	line: object[];
	/** Wakes whoever is next. */
	wake: Map<object, () => void>;
	spacing: number;
	spacedUntil: number;
	notBefore: number;
}

/**
 * One lane per phone, for all executions of the process: two messages to one phone never overtake each other,
 * and stand apart once the service said that they must (code 131056: 1msg-api.md, section 8).
 */
export class Lanes {
	private readonly lanes = new Map<string, Lane>();
	private readonly now: () => number;

	/** `now` gives milliseconds; it may jump. */
	constructor(now: () => number) {
		this.now = steadyClock(now);
	}

	/** Lanes in memory. */
	get size(): number {
		return this.lanes.size;
	}

	/** Waits until everyone who entered this lane before has left; null when cancelled meanwhile. `name` tells channel and phone. */
	async enter(name: string, options: LaneOptions): Promise<Place | null> {
		const lane: Lane = this.lanes.get(name) ?? { line: [], wake: new Map(), spacing: 0, spacedUntil: -Infinity, notBefore: -Infinity };
		this.lanes.set(name, lane);
		const me = {};
		lane.line.push(me);
		while (lane.line[0] !== me) {
			const awoken = new Promise<void>((wake) => lane.wake.set(me, wake));
			if (!(await rest(options, SLICE, awoken))) {
				this.leave(name, lane, me);
				return null;
			}
		}
		return {
			ready: async () => {
				for (;;) {
					const wait = lane.notBefore - this.now();
					if (wait <= 0) return options.isCancelled?.() !== true;
					if (!(await rest(options, Math.min(wait, SLICE)))) return false;
				}
			},
			sent: () => {
				if (lane.spacedUntil < this.now()) lane.spacing = 0;
				lane.notBefore = this.now() + lane.spacing;
			},
			space: (milliseconds) => {
				lane.spacing = milliseconds;
				lane.spacedUntil = this.now() + SPACED_FOR;
				lane.notBefore = this.now() + milliseconds;
			},
			leave: () => this.leave(name, lane, me),
		};
	}

	private leave(name: string, lane: Lane, me: object): void {
		lane.wake.delete(me);
		const place = lane.line.indexOf(me);
		if (place < 0) return;
		lane.line.splice(place, 1);
		const next = lane.line[0];
		if (next) lane.wake.get(next)?.();
		else if (lane.spacedUntil < this.now()) this.lanes.delete(name);
		if (this.lanes.size > MOST_KEPT) this.forgetOld();
	}

	private forgetOld(): void {
		for (const [name, { line }] of this.lanes) {
			if (this.lanes.size <= MOST_KEPT / 2) return;
			if (line.length === 0) this.lanes.delete(name);
		}
	}
}

/** Sleeps, or until `awoken`; false when cancelled. */
async function rest({ sleep, isCancelled }: LaneOptions, milliseconds: number, awoken?: Promise<void>): Promise<boolean> {
	try {
		await (awoken ? Promise.race([sleep(milliseconds), awoken]) : sleep(milliseconds));
	} catch {
		return false;
	}
	return isCancelled?.() !== true;
}

/** Shared by every execution of the process. */
export const lanes = new Lanes(() => performance.now());
