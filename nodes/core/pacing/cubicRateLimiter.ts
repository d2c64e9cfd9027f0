import { INITIAL_WINDOW } from './concurrencyWindow';

/** Seconds' worth of messages that a channel saves up. Doubled: the first estimate is half the limit. Halved: it is twice the limit, and 12 % are refused. */
const BURST = 1;
/** Acceptances that the first estimate looks back on. Doubled: more memory, nothing gained. Halved: 300 ms of latency cost half a percent of 250/s. */
const SAMPLES = 1000;
/** Factor of a decrease (beta of RFC 9438). Nearer to 1: a limit that falls to a tenth is followed in 20 s. Halved: one late answer costs seconds. */
const DECREASE = 0.7;
/** Share of the limit at which the rate starts again. Nearer to 1: a few more are refused. 0.9: 2 % of a limit of 250/s stay unused. */
const HEADROOM = 0.96;
/** Growth per cubic second, as a share of the limit (C of RFC 9438). Doubled: a tenth more is refused. Halved: a limit that rises fourfold is followed in 12 s. */
const SCALE = 0.005;
/** Milliseconds for which permits are gathered. Doubled: 250/s loses another percent. Halved: waking up costs as much CPU as sending at 80/s. */
const GATHER = 50;

/**
 * Spaces requests once the channel has throttled one. Until then it lets everything pass and counts. The first throttled request gives the
 * first estimate of the limit; each later one, at most one per round trip, a multiplicative decrease; in between the rate follows the cubic
 * function of RFC 9438: back up, flat around the last limit, steep once the limit seems to be gone. A channel is taken for a token bucket
 * that holds one second's worth. Times in milliseconds, rates in messages per second.
 */
export class CubicRateLimiter {
	/** The limit as the last throttled request showed it (W_max); null while nothing was throttled. */
	private lastLimit: number | null = null;
	/** The share of it at which the rate started again. */
	private start = HEADROOM;
	/** Seconds since then in which the limiter held requests back (t). */
	private limitedFor = 0;
	private throttledAt = Infinity;
	private acceptedSince = 0;
	private firstThrottledAt = Infinity;
	/** A permit given after the first throttled request led to an acceptance: what was given before has been heard of. */
	private hasRecovered = false;
	/** Until the second decrease: when permits were given whose messages were accepted. */
	private samples: number[] | null = [];

	private tokens = 0;
	private refilledAt = 0;
	private fullAt = -Infinity;
	private notBefore = -Infinity;

	/** Messages per second; null while nothing was throttled. */
	get rate(): number | null {
		if (this.lastLimit === null) return null;
		// The first estimate is far too low where the channel's bucket was not full: it may grow as if it were higher.
		const scale = SCALE * (this.samples ? Math.max(this.lastLimit, INITIAL_WINDOW) : this.lastLimit);
		const recovery = Math.cbrt((this.lastLimit * (1 - this.start)) / scale);
		return this.lastLimit + scale * (this.limitedFor - recovery) ** 3;
	}

	/** When the next permit may be given. Those held back are gathered, because waking up costs CPU. */
	nextAt(now: number): number {
		const { rate } = this;
		if (rate === null) return now;
		const missing = Math.max(0, 1 - this.tokensAt(now, rate));
		if (missing > 0 && this.notBefore <= now) this.notBefore = now + GATHER;
		return Math.max(this.notBefore, now + (missing * 1000) / rate);
	}

	/** A permit is given. */
	take(now: number): void {
		const { rate } = this;
		if (rate !== null) {
			const full = Math.max(2, BURST * rate);
			const tokens = this.tokensAt(now, rate);
			if (tokens >= full) this.fullAt = now;
			this.tokens = Math.min(full, tokens) - 1;
		}
		this.refilledAt = now;
	}

	/** A permit was not used. */
	giveBack(): void {
		this.tokens++;
	}

	/** A message whose permit was given at `grantedAt` was accepted. */
	onAccepted(grantedAt: number): void {
		const { rate } = this;
		this.acceptedSince++;
		this.hasRecovered ||= grantedAt > this.firstThrottledAt;
		// A rate that nobody uses up proves nothing: it grows only once what the channel had saved up must be gone.
		if (rate !== null && grantedAt > Math.max(this.throttledAt, this.fullAt + BURST * 1000)) this.limitedFor += 1 / rate;
		if (!this.samples || grantedAt > this.throttledAt) return;
		this.samples.push(grantedAt);
		if (this.samples.length > SAMPLES) this.samples.shift();
		if (this.lastLimit !== null) this.lastLimit = Math.max(this.lastLimit, estimate(this.samples));
	}

	/** A message whose permit was given at `grantedAt` was throttled; false when an earlier one of its round trip has told as much. */
	onThrottled(grantedAt: number, now: number): boolean {
		const { rate } = this;
		if (rate !== null && grantedAt <= this.throttledAt) return false;
		if (rate === null) {
			this.lastLimit = estimate(this.samples!);
			this.firstThrottledAt = now;
		} else if (this.acceptedSince > 0 && this.hasRecovered) {
			this.samples = null;
			// Between two moments at which nothing was left, what was accepted is the limit itself.
			const measured = (this.acceptedSince * 1000) / (now - this.throttledAt);
			const limit = Math.max(rate * DECREASE, Math.min(rate, measured));
			this.lastLimit = (rate + limit) / 2;
			this.start = (limit * HEADROOM) / this.lastLimit;
		}
		this.limitedFor = 0;
		this.acceptedSince = 0;
		this.throttledAt = now;
		this.tokens = Math.min(this.tokens, 0);
		return true;
	}

	private tokensAt(now: number, rate: number): number {
		return this.tokens + ((now - this.refilledAt) * rate) / 1000;
	}
}

/**
 * The least limit that explains what was accepted: the highest, over every look-back, of the messages accepted divided by the time they took
 * and the burst. It stays true while late answers come in, and where the channel saved up less than it could.
 */
function estimate(samples: readonly number[]): number {
	const newestFirst = [...samples].sort((a, b) => b - a);
	return newestFirst.reduce((best, at, index) => Math.max(best, (index + 1) / (BURST + (newestFirst[0]! - at) / 1000)), 1 / BURST);
}
