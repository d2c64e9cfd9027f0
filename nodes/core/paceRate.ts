import { TakenTimes } from './takenTimes';

/** No rate goes below this many messages per second. */
const SLOWEST = 0.5;
/** Where a rate was measured, it starts this share below, so that the channel saves up a little. */
const BELOW = 0.99;
/** Answers after a cut that a second measurement needs. */
const ANSWERS_TO_MEASURE = 40;
/** Answers after a cut that show a collapse, when a third of them are refusals. */
const ANSWERS_TO_COLLAPSE = 8;
const COLLAPSE_SHARE = 1 / 3;
/** Milliseconds after a cut in which an empty channel refuses by the order of arrival: so few answers show nothing then. */
const SETTLING = 300;
const ANSWERS_WHILE_SETTLING = 24;
/** Fewer messages than these say little about a rate: it then doubles every second until refused. */
const MESSAGES_TO_TRUST = 10;
/** The first estimate is the least the channel allows: growth per second until the second refusal measures it. */
const FIRST_SLOPE = 0.04;
/** Milliseconds between two measuring points that make a measurement exact enough. */
const LONG_ENOUGH = 3000;
const MEASURING_POINTS = 20;

/** What is known of one request's way: when it was let go, and when it was probably seen by the channel. */
export interface Passage {
	/** Milliseconds. */
	grantedAt: number;
	/** Halfway between leaving and answer, in milliseconds: where the channel's own decision is looked for. */
	seenAt: number;
}

/**
 * The messages per second a channel takes, found out from what it refuses; null while it has refused nothing.
 * A refusal proves that nothing was left of the channel's allowance, so what was taken between two of them,
 * divided by the time between them, is the rate itself (1msg-api.md, section 8: no number is published).
 */
export class ChannelRate {
	private base: number | null = null;
	private trusted = false;
	/** Whether the last cut came from a measurement: else the rate is only the least there is. */
	private measured = false;
	/** Seconds since the last cut in which the rate held messages back. */
	private busy = 0;
	private cutAt = -Infinity;
	private cuts = 0;
	/** Moments at which the channel had nothing left. */
	private empty: number[] = [];
	private takenSinceCut = 0;
	private refusedSinceCut = 0;
	private readonly times = new TakenTimes();

	/** Messages per second. */
	get perSecond(): number | null {
		if (this.base === null) return null;
		if (!this.trusted) return this.base * 2 ** Math.min(this.busy, 10);
		if (!this.measured) return this.base * (1 + FIRST_SLOPE * this.busy);
		// Flat where the limit was found, so that a refusal costs one or two messages; steep once it seems to be gone.
		return this.base * (1 + 0.003 * this.busy + 0.002 * Math.max(0, this.busy - 8) ** 2);
	}

	/** A message was let go that this rate had held back. */
	heldBack(): void {
		const rate = this.perSecond;
		if (rate !== null) this.busy += 1 / rate;
	}

	taken({ grantedAt, seenAt }: Passage): void {
		this.times.add(seenAt);
		if (grantedAt > this.cutAt) this.takenSinceCut++;
		// Answers to the first volley come in any order: what was taken after all raises the first estimate.
		else if (this.cuts === 1) this.raiseTo(this.times.perSecondWithBurst(seenAt));
	}

	/** Whether a refusal of this request would say more than the one that last cut the rate. */
	isNews({ grantedAt }: Passage): boolean {
		return grantedAt > this.cutAt;
	}

	/** True when this refusal cut the rate: the many of one overshoot count once. */
	refused(passage: Passage, now: number): boolean {
		if (!this.isNews(passage)) return false;
		const { seenAt } = passage;
		const current = this.perSecond;
		if (current === null) {
			this.cut(this.times.perSecondWithBurst(seenAt), seenAt, now);
			return true;
		}
		this.refusedSinceCut++;
		const answers = this.takenSinceCut + this.refusedSinceCut;
		const from = this.empty.at(-1) ?? this.cutAt;
		const enough = seenAt - from < SETTLING ? ANSWERS_WHILE_SETTLING : ANSWERS_TO_COLLAPSE;
		if (answers >= enough && this.refusedSinceCut / answers >= COLLAPSE_SHARE) {
			// A short time says little: at most half is taken away then.
			const least = seenAt - from < 1000 ? current / 2 : 0;
			this.cut(Math.min(current, Math.max(this.times.perSecond(from, seenAt), least)), seenAt, now);
			// The limit is another one now: what was before says nothing about it.
			this.times.forget();
			this.empty = [seenAt];
			return true;
		}
		if (answers < ANSWERS_TO_MEASURE) return false;
		this.cut(Math.min(current, this.measure(seenAt)), seenAt, now, true);
		return true;
	}

	/** Nothing at all is taken: what was measured may not hold any more. */
	distrust(): void {
		this.base = Math.max(SLOWEST, (this.perSecond ?? 1) / 2);
		this.trusted = false;
		this.busy = 0;
	}

	private measure(seenAt: number): number {
		const from = this.empty.filter((at) => at <= seenAt - LONG_ENOUGH).at(-1) ?? this.empty[0] ?? this.cutAt;
		// The second counts where there were pauses in between: then the first is too low.
		return Math.max(this.times.perSecond(from, seenAt), this.times.perSecondWithBurst(seenAt));
	}

	private cut(perSecond: number, seenAt: number, now: number, measured = false): void {
		const measuredFor = seenAt - (this.empty.at(-1) ?? Infinity);
		this.trusted = this.times.count(-Infinity, seenAt) >= MESSAGES_TO_TRUST || (perSecond > 0 && measuredFor >= 2000);
		this.base = Math.max(SLOWEST, perSecond * BELOW);
		this.busy = 0;
		this.measured = measured;
		this.cutAt = now;
		this.cuts++;
		this.empty = [...this.empty, seenAt].slice(-MEASURING_POINTS);
		this.takenSinceCut = 0;
		this.refusedSinceCut = 0;
	}

	private raiseTo(perSecond: number): void {
		this.base = Math.max(this.base ?? 0, perSecond * BELOW);
		this.trusted = this.times.count(-Infinity, Infinity) >= MESSAGES_TO_TRUST;
	}
}
