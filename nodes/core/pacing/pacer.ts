import Queue from 'yocto-queue';
import { CircuitBreaker, type OutageCause } from './circuitBreaker';
import { ConcurrencyWindow } from './concurrencyWindow';
import { BATCH_SIZE, CubicRateLimiter, LIMIT_TTL } from './cubicRateLimiter';
import { boundedRetryAfter } from './backoff';
import { MAX_SLEEP, type Waiting } from '../waiting';

/** Milliseconds for the event loop to read pending answers. Doubled: half the speed without a limit. Halved: no timer is that short. */
const TICK = 1;
/** Acceptances since the last throttled message after which a refused retry no longer counts against the channel. Doubled: one bad number slows the others. Halved: a slow channel is blamed on its recipients. */
const OTHERS_ACCEPTED = 20;

/**
 * What an answer tells the pacer. `throttled`: refused for the channel's rate, with `Retry-After` in seconds, if any.
 * `unreached`: the request was never sent. `lost`: no usable answer. `other`: any other answer, so the rate was fine.
 * `unused`: no request was made.
 */
export type Feedback = { kind: 'throttled'; retryAfter: number | null } | { kind: 'accepted' | 'unreached' | 'lost' | 'other' | 'unused' };

/** Permission to make one request now. Must always be released; a second `release` does nothing. */
export type Permit = { release: (feedback: Feedback) => void };

/** A permit, or the reason it was denied. */
export type Acquired = { permit: Permit } | { permit: null; cause: 'cancelled' | OutageCause };

export interface AcquireOptions extends Waiting {
	/** The message was refused before: it takes precedence over new ones. */
	isRetry?: boolean;
	/** Gives up after an outage of this many milliseconds, counted from `since` at the earliest. */
	patience?: number;
	/** Milliseconds; defaults to now. */
	since?: number;
}

type Waiter = Required<AcquireOptions> & { settled: boolean; settle: (acquired: Acquired) => void };

/**
 * Paces a channel's messages, or one kind of query, for all executions of the process: a concurrency window that grows with acceptances, a CUBIC rate limiter once the
 * channel throttles, a circuit breaker while it accepts nothing. Permits are granted first come, first served, retries first.
 */
export class Pacer {
	private window = new ConcurrencyWindow();
	limiter = new CubicRateLimiter();
	private readonly breaker = new CircuitBreaker();
	/** Retries, then new messages. */
	private readonly queues = [new Queue<Waiter>(), new Queue<Waiter>()] as const;
	private inFlight = 0;
	/** Permits granted since the last tick. */
	private batch = 0;
	private pausedUntil = -Infinity;
	private wakesAt = Infinity;
	private sweptAt = -Infinity;
	private usedAt = -Infinity;
	private acceptedInARow = 0;

	/** `now` returns monotonic milliseconds. */
	constructor(private readonly now: () => number) {}

	/** Nothing is in flight or waiting. */
	get isIdle(): boolean {
		return this.inFlight === 0 && this.first() === undefined;
	}

	/** Waits for a permit. Never rejects. */
	async acquire(options: AcquireOptions): Promise<Acquired> {
		if (this.isIdle) this.reset(this.now() - this.usedAt);
		return await new Promise((resolve) => {
			const waiter: Waiter = { isRetry: false, patience: Infinity, since: this.now(), ...options, settle: resolve, settled: false };
			this.queues[waiter.isRetry ? 0 : 1].enqueue(waiter);
			this.pump();
		});
	}

	private first(): Waiter | undefined {
		// Retries would take every probe of an open circuit: every other one is a new message.
		for (const queue of this.breaker.timesOpened % 2 === 1 ? [...this.queues].reverse() : this.queues) {
			while (queue.peek()?.settled) queue.dequeue();
			if (queue.size > 0) return queue.peek();
		}
		return undefined;
	}

	/** Grants every permit that is due and schedules a wake-up for the next. */
	private pump(): void {
		for (let waiter = this.first(); waiter; waiter = this.first()) {
			const now = this.now();
			if (this.settleIfEnded(waiter, now)) continue;
			const at = this.nextAt(now);
			if (at > now) return this.wakeUp(waiter, at, now);
			settle(waiter, { permit: this.grant(waiter.isRetry, now) });
		}
	}

	/** When the next permit may be granted; Infinity if that depends on an answer. */
	private nextAt(now: number): number {
		if (this.inFlight + 1 > this.window.size) return Infinity;
		return Math.max(this.batch < BATCH_SIZE ? now : now + TICK, this.pausedUntil, this.breaker.nextAt, this.limiter.nextAt(now));
	}

	private grant(isRetry: boolean, now: number): Permit {
		this.usedAt = now;
		this.inFlight++;
		this.batch++;
		this.limiter.take(now);
		const isProbe = this.breaker.onSend();
		let isHeld = true;
		return {
			release: (feedback) => {
				if (!isHeld) return;
				isHeld = false;
				this.inFlight--;
				// After the circuit has closed, its probe is a request like any other.
				this.learn(feedback, now, isRetry, isProbe && this.breaker.outage !== null);
				this.pump();
			},
		};
	}

	private learn(feedback: Feedback, grantedAt: number, isRetry: boolean, isProbe: boolean): void {
		const now = this.now();
		// Answers come in bursts: read all that have arrived before sending more.
		this.batch = feedback.kind === 'unused' ? this.batch - 1 : BATCH_SIZE;
		if (feedback.kind === 'unused') {
			this.limiter.refund();
			if (isProbe) this.breaker.isProbing = false;
		} else if (feedback.kind === 'unreached') {
			this.breaker.onUnreachable(grantedAt, isProbe, now);
		} else if (feedback.kind === 'lost') {
			if (isProbe) this.breaker.open(now);
		} else if (feedback.kind !== 'throttled') {
			this.acceptedInARow++;
			this.breaker.close();
			this.limiter.onAccepted(grantedAt);
			if (feedback.kind === 'accepted') this.window.grow();
		} else if (isProbe || !isRetry || this.acceptedInARow <= OTHERS_ACCEPTED) {
			// Otherwise this message was refused again while all others were accepted: that concerns its recipient, not the channel.
			this.acceptedInARow = 0;
			this.pausedUntil = Math.max(this.pausedUntil, now + boundedRetryAfter(feedback.retryAfter));
			const isFirst = this.limiter.onThrottled(grantedAt, now);
			if ((isFirst || isProbe) && this.breaker.onThrottled(isProbe, now)) this.reset(Infinity);
		}
	}

	/** Settles a waiter that was cancelled or has run out of patience. */
	private settleIfEnded(waiter: Waiter, now: number): boolean {
		const { outage } = this.breaker;
		const cause = waiter.isCancelled() ? 'cancelled' : outage && now - Math.max(outage.since, waiter.since) >= waiter.patience ? outage.cause : null;
		if (cause) settle(waiter, { permit: null, cause });
		return cause !== null;
	}

	/** One sleep at a time drives the pacer: that of the first waiter. */
	private wakeUp(waiter: Waiter, at: number, now: number): void {
		const due = Math.min(at, now + MAX_SLEEP);
		if (this.wakesAt <= due) return;
		this.wakesAt = due;
		void waiter.sleep(Math.ceil(due - now)).catch(() => settle(waiter, { permit: null, cause: 'cancelled' })).then(() => {
			if (this.wakesAt === due) this.wakesAt = Infinity;
			this.batch = 0;
			if (this.now() - this.sweptAt >= MAX_SLEEP) this.sweep();
			this.pump();
		});
	}

	private sweep(): void {
		this.sweptAt = this.now();
		for (const queue of this.queues) for (const waiter of [...queue.drain()]) if (!waiter.settled && !this.settleIfEnded(waiter, this.sweptAt)) queue.enqueue(waiter);
	}

	/** An idle channel may have changed its template or lost its permission to send; after a long time, its limit too. */
	private reset(idleFor: number): void {
		this.batch = 0;
		this.window = new ConcurrencyWindow();
		if (idleFor > LIMIT_TTL) this.limiter = new CubicRateLimiter();
	}
}

function settle(waiter: Waiter, acquired: Acquired): void {
	waiter.settled = true;
	waiter.settle(acquired);
}
