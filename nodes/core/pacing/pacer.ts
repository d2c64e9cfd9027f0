import Queue from 'yocto-queue';
import { CircuitBreaker, type OutageCause } from './circuitBreaker';
import { ConcurrencyWindow } from './concurrencyWindow';
import { CubicRateLimiter } from './cubicRateLimiter';
import { BELIEVED_FOR, boundedRetryAfter, MAX_SLEEP, type Waiting } from './waiting';

/** Permits given per tick. Doubled: answers wait for the requests that are being made. Halved: waking up costs a tenth of the CPU without a limit. */
const BATCH_PER_TICK = 8;
/** Milliseconds until the event loop has read the answers that came in. Doubled: half the speed without a limit. Halved: no timer is that short. */
const TICK = 1;
/** Messages accepted since one was throttled that clear the channel of a retry's refusal. Doubled: one bad number slows the others. Halved: a slow channel is blamed on its recipients. */
const OTHERS_ACCEPTED = 20;

/**
 * What an answer tells the pacer. `throttled`: refused for the channel's rate, with the seconds that the service named, if it did.
 * `unreached`: the request never left. `lost`: no usable answer came. `other`: any other answer, so the rate allowed it.
 * `unused`: no request was made after all.
 */
export type Feedback = { kind: 'throttled'; retryAfter: number | null } | { kind: 'accepted' | 'unreached' | 'lost' | 'other' | 'unused' };

/** The right to make one request now. Must be released, whatever happens; a second `release` does nothing. */
export type Permit = { release: (feedback: Feedback) => void };

/** A permit, or why there is none. */
export type Acquired = { permit: Permit } | { permit: null; cause: 'cancelled' | OutageCause };

export interface AcquireOptions extends Waiting {
	/** The message was refused before: it goes before those that never had a permit. */
	isRetry?: boolean;
	/** Gives up once the channel has taken nothing for this many milliseconds, counted from `since` at the earliest. */
	patience?: number;
	/** Milliseconds; now when left out. */
	since?: number;
}

type Waiter = Required<AcquireOptions> & { settled: boolean; settle: (acquired: Acquired) => void };

/**
 * The pace of one channel, shared by all executions of the process: a concurrency window that grows with acceptances, a CUBIC rate limiter
 * once the channel throttles, a circuit breaker while it takes nothing. Permits are given first come, first served, retries first.
 */
export class Pacer {
	private window = new ConcurrencyWindow();
	private limiter = new CubicRateLimiter();
	private readonly breaker = new CircuitBreaker();
	private readonly retries = new Queue<Waiter>();
	private readonly newcomers = new Queue<Waiter>();
	private inFlight = 0;
	/** Permits given since the last tick. */
	private batch = 0;
	private pausedUntil = -Infinity;
	private wakesAt = Infinity;
	private sweptAt = -Infinity;
	private usedAt = -Infinity;
	private acceptedInARow = 0;

	/** `now` gives milliseconds of a clock that is never set. */
	constructor(private readonly now: () => number) {}

	/** Nothing is in flight and nobody waits. */
	get isIdle(): boolean {
		return this.inFlight === 0 && this.first() === undefined;
	}

	/** Messages per second; null while the channel has throttled nothing. */
	get rate(): number | null {
		return this.limiter.rate;
	}

	/** Waits for a permit. Never rejects. */
	async acquire(options: AcquireOptions): Promise<Acquired> {
		if (this.isIdle) this.startAfresh(this.now() - this.usedAt);
		return await new Promise((resolve) => {
			const settle = (acquired: Acquired) => {
				waiter.settled = true;
				resolve(acquired);
			};
			const { isRetry = false, patience = Infinity, since = this.now() } = options;
			const waiter: Waiter = { ...options, isRetry, patience, since, settled: false, settle };
			(isRetry ? this.retries : this.newcomers).enqueue(waiter);
			this.pump();
		});
	}

	private first(): Waiter | undefined {
		for (const queue of [this.retries, this.newcomers]) {
			while (queue.peek()?.settled) queue.dequeue();
			if (queue.size > 0) return queue.peek();
		}
		return undefined;
	}

	/** Gives every permit that can be given now, and sees to it that somebody wakes up for the next. */
	private pump(): void {
		for (let waiter = this.first(); waiter; waiter = this.first()) {
			const now = this.now();
			if (this.turnAway(waiter, now)) continue;
			const at = this.nextAt(now);
			if (at > now) return this.wakeUp(waiter, at, now);
			waiter.settle({ permit: this.grant(waiter.isRetry, now) });
		}
	}

	/** When the next permit may be given; Infinity when only an answer can tell. */
	private nextAt(now: number): number {
		if (this.inFlight + 1 > this.window.size) return Infinity;
		return Math.max(this.batch < BATCH_PER_TICK ? now : now + TICK, this.pausedUntil, this.breaker.nextAt, this.limiter.nextAt(now));
	}

	private grant(isRetry: boolean, now: number): Permit {
		this.usedAt = now;
		this.inFlight++;
		this.batch++;
		this.limiter.take(now);
		const isOnTrial = this.breaker.enter();
		let isHeld = true;
		return {
			release: (feedback) => {
				if (!isHeld) return;
				isHeld = false;
				this.inFlight--;
				this.learn(feedback, now, isRetry, isOnTrial);
				this.pump();
			},
		};
	}

	private learn(feedback: Feedback, grantedAt: number, isRetry: boolean, isOnTrial: boolean): void {
		const now = this.now();
		// Answers come in volleys: all that have come in are read before anything new is sent.
		this.batch = feedback.kind === 'unused' ? this.batch - 1 : BATCH_PER_TICK;
		if (feedback.kind === 'unused') {
			this.limiter.giveBack();
			if (isOnTrial) this.breaker.isOnTrial = false;
		} else if (feedback.kind === 'unreached') {
			this.breaker.onUnreached(grantedAt, isOnTrial, now);
		} else if (feedback.kind === 'lost') {
			if (isOnTrial) this.breaker.open(now);
		} else if (feedback.kind !== 'throttled') {
			this.acceptedInARow++;
			this.breaker.close();
			this.limiter.onAccepted(grantedAt);
			if (feedback.kind === 'accepted') this.window.grow();
		} else if (isOnTrial || !isRetry || this.acceptedInARow <= OTHERS_ACCEPTED) {
			// Otherwise the message was refused again while all others were accepted: that is about its recipient, not about the channel.
			this.acceptedInARow = 0;
			this.pausedUntil = Math.max(this.pausedUntil, now + boundedRetryAfter(feedback.retryAfter));
			const isFirst = this.limiter.onThrottled(grantedAt, now);
			if ((isFirst || isOnTrial) && this.breaker.onThrottled(isOnTrial, now)) this.startAfresh(Infinity);
		}
	}

	/** Lets go of a waiter that was cancelled or has lost patience. */
	private turnAway({ isCancelled, patience, since, settle }: Waiter, now: number): boolean {
		const { outage } = this.breaker;
		const cause = isCancelled() ? 'cancelled' : outage && now - Math.max(outage.since, since) >= patience ? outage.cause : null;
		if (cause) settle({ permit: null, cause });
		return cause !== null;
	}

	/** One sleep at a time drives the pacer; it is the sleep of whoever is first. */
	private wakeUp(waiter: Waiter, at: number, now: number): void {
		const due = Math.min(at, now + MAX_SLEEP);
		if (this.wakesAt <= due) return;
		this.wakesAt = due;
		const awake = () => {
			if (this.wakesAt === due) this.wakesAt = Infinity;
			this.batch = 0;
			this.sweep(this.now());
			this.pump();
		};
		void waiter.sleep(Math.ceil(due - now)).catch(() => waiter.settle({ permit: null, cause: 'cancelled' })).then(awake);
	}

	private sweep(now: number): void {
		if (now - this.sweptAt < MAX_SLEEP) return;
		this.sweptAt = now;
		for (const queue of [this.retries, this.newcomers]) for (const waiter of queue) if (!waiter.settled) this.turnAway(waiter, now);
	}

	/** A channel that rested may have another template now, or no right to send at all; or another limit, after milliseconds enough. */
	private startAfresh(rested: number): void {
		this.batch = 0;
		this.window = new ConcurrencyWindow();
		if (rested > BELIEVED_FOR) this.limiter = new CubicRateLimiter();
	}
}
