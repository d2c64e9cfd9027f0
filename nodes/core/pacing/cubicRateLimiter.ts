import { INITIAL_WINDOW } from './concurrencyWindow';

/** Size of the channel's token bucket in seconds' worth of messages. Doubled: the first estimate is half the limit. Halved: it is twice the limit, and 12 % are refused. */
const BURST = 1;
/** Acceptances behind the first estimate. Doubled: more memory, no gain. Halved: 300 ms of latency cost half a percent of 250/s. */
const SAMPLES = 1000;
/** Messages per second during start-up. Doubled: up to 13 % are refused at 250/s. Halved: a limit of 250/s is used to 91 %. */
const STARTUP_RATE = 1150;
/** Acceptances that end start-up; more than the bucket of a channel with 250/s. Doubled: a thousand messages without a limit take 0.1 s longer. Halved: 13 % are refused at 250/s. */
const STARTUP_SIZE = 360;
/** Factor of the multiplicative decrease (beta of RFC 9438). Closer to 1: a limit that falls to a tenth takes 20 s to follow. Halved: one late answer costs seconds. */
const DECREASE = 0.7;
/** Fraction of the limit at which the rate restarts. Closer to 1: a few more are refused. 0.9: 2 % of a 250/s limit stay unused. */
const HEADROOM = 0.97;
/** Growth per cubic second as a fraction of the limit (C of RFC 9438). Doubled: a tenth more are refused. Halved: a limit that quadruples takes 12 s to follow. */
const SCALE = 0.005;
/** Milliseconds of lost time that start-up catches up on, as late timers cost. Doubled: 12 % are refused at 250/s. Halved: a busy n8n starts late. */
const STARTUP_CATCH_UP = 50;
/** Permits granted together. Doubled: answers wait while requests are made. Halved: wake-ups cost a tenth of the CPU without a limit. */
export const BATCH_SIZE = 8;
/** Maximum milliseconds to fill a batch. Doubled: a limit of 20/s is used to 95 % by 200 messages. Halved: wake-ups cost a quarter of the CPU at 80/s. */
const BATCH_INTERVAL = 100;
/** Milliseconds for which a learnt limit is trusted. Doubled: a new limit is found late. Halved: the next batch relearns what the last one knew. */
export const LIMIT_TTL = 600_000;

/**
 * Limits the rate once the channel has throttled a request. Until then it only spaces the first messages (start-up), so that few are in
 * flight when a limit shows. The first throttled request yields the first estimate of the limit; each later one, at most one per round
 * trip, a multiplicative decrease. In between the rate follows the cubic function of RFC 9438: back up, flat around the last limit, steep
 * once the limit seems to be gone. The channel is modelled as a token bucket that holds one second's worth. Times in milliseconds, rates
 * in messages per second.
 */
export class CubicRateLimiter {
	/** The limit at the last throttled request (W_max); null before the first one. */
	private lastLimit: number | null = null;
	/** Fraction of `lastLimit` at which the rate restarted. */
	private restartAt = HEADROOM;
	/** Seconds since then in which the limiter delayed requests (t). */
	private limitedFor = 0;
	private throttledAt = Infinity;
	private acceptedSince = 0;
	private firstThrottledAt = Infinity;
	/** A permit granted after the first throttled request was accepted, so all earlier ones have been answered. */
	private hasRecovered = false;
	/** Grant times of accepted messages, kept until the second decrease. */
	private samples: number[] | null = [];

	private tokens = 0;
	private refilledAt = 0;
	private fullAt = -Infinity;
	private batchAt = -Infinity;

	/** Messages per second; null before the first throttled request. */
	get rate(): number | null {
		if (this.lastLimit === null) return null;
		// The first estimate is far too low if the bucket was not full: let it grow as if it were higher.
		const scale = SCALE * (this.samples ? Math.max(this.lastLimit, INITIAL_WINDOW) : this.lastLimit);
		const recovery = Math.cbrt((this.lastLimit * (1 - this.restartAt)) / scale);
		return this.lastLimit + scale * (this.limitedFor - recovery) ** 3;
	}

	/** When the next permit may be granted. Delayed permits are batched, because wake-ups cost CPU. */
	nextAt(now: number): number {
		const { rate } = this;
		if (rate === null) return this.samples!.length < STARTUP_SIZE ? this.batchAt : now;
		const missing = Math.max(0, 1 - this.tokensAt(now, rate));
		if (missing > 0 && this.batchAt <= now) this.batchAt = now + Math.min(BATCH_INTERVAL, (BATCH_SIZE * 1000) / rate);
		return Math.max(this.batchAt, now + (missing * 1000) / rate);
	}

	/** A permit was granted. */
	take(now: number): void {
		const { rate } = this;
		if (rate === null) this.batchAt = Math.max(this.batchAt, now - STARTUP_CATCH_UP) + 1000 / STARTUP_RATE;
		else {
			const full = Math.max(2, BURST * rate);
			const tokens = this.tokensAt(now, rate);
			if (tokens >= full) this.fullAt = now;
			this.tokens = Math.min(full, tokens) - 1;
		}
		this.refilledAt = now;
	}

	/** A permit was not used. */
	refund(): void {
		if (this.rate === null) this.batchAt -= 1000 / STARTUP_RATE;
		else this.tokens++;
	}

	/** A message whose permit was granted at `grantedAt` was accepted. */
	onAccepted(grantedAt: number): void {
		const { rate } = this;
		this.acceptedSince++;
		this.hasRecovered ||= grantedAt > this.firstThrottledAt;
		// An unused rate proves nothing: it grows only once the bucket must be empty.
		if (rate !== null && grantedAt > Math.max(this.throttledAt, this.fullAt + BURST * 1000)) this.limitedFor += 1 / rate;
		if (!this.samples || grantedAt > this.throttledAt) return;
		this.samples.push(grantedAt);
		if (this.samples.length > SAMPLES) this.samples.shift();
		if (this.lastLimit !== null) this.lastLimit = Math.max(this.lastLimit, estimate(this.samples));
	}

	/** A message whose permit was granted at `grantedAt` was throttled; false if an earlier one of its round trip was, too. */
	onThrottled(grantedAt: number, now: number): boolean {
		const { rate } = this;
		if (rate !== null && grantedAt <= this.throttledAt) return false;
		if (rate === null) {
			this.lastLimit = estimate(this.samples!);
			this.firstThrottledAt = now;
		} else if (this.acceptedSince > 0 && this.hasRecovered) {
			this.samples = null;
			// Between two moments with an empty bucket, the accepted rate is the limit itself.
			const measured = (this.acceptedSince * 1000) / (now - this.throttledAt);
			const limit = Math.max(rate * DECREASE, Math.min(rate, measured));
			this.lastLimit = (rate + limit) / 2;
			this.restartAt = (limit * HEADROOM) / this.lastLimit;
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
 * The lowest limit that explains the acceptances: the maximum, over all look-back windows, of the messages accepted divided by their
 * duration plus the burst. Holds while late answers come in, and if the bucket was not full.
 */
function estimate(samples: readonly number[]): number {
	return [...samples].sort((a, b) => b - a).reduce((best, at, index, [newest]) => Math.max(best, (index + 1) / (BURST + (newest! - at) / 1000)), 1 / BURST);
}
