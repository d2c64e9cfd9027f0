import { backoff } from './waiting';

/** Round trips in a row that are throttled with nothing accepted. Doubled: a channel that takes nothing is asked for longer. Halved: a few bad answers stop a channel that works. */
const FAILURES_TO_OPEN = 8;
/** Milliseconds that the circuit stays open at most. Doubled: a channel that is back waits for its messages. Halved: one that is down gets twice the requests. */
const MAX_OPEN = 8000;

/** Why a channel takes nothing. */
export type OutageCause = 'throttled' | 'unreached';

/**
 * Keeps requests from a channel that takes nothing at all, because it cannot be reached or throttles everything: open for a while, then
 * half-open for one request on trial, then closed, or open for longer. Times in milliseconds.
 */
export class CircuitBreaker {
	/** Since when the channel takes nothing, and why; null while messages are taken. */
	outage: { since: number; cause: OutageCause } | null = null;
	private failures = 0;
	private timesOpened = 0;
	private openedAt = -Infinity;
	private halfOpenAt = -Infinity;
	/** A request is on its way that shows whether the channel takes something again. */
	isOnTrial = false;

	/** When the next request may leave; Infinity while one is on trial. */
	get nextAt(): number {
		return this.isOnTrial ? Infinity : this.halfOpenAt;
	}

	/** A request leaves; true when it is on trial. */
	enter(): boolean {
		return (this.isOnTrial = this.timesOpened > 0);
	}

	/** The channel took a message, or had another reason not to. */
	close(): void {
		this.outage = null;
		this.failures = 0;
		this.timesOpened = 0;
		this.halfOpenAt = -Infinity;
		this.isOnTrial = false;
	}

	/** The channel throttled the first message of a round trip, or the one on trial; true when that opens the circuit. */
	onThrottled(wasOnTrial: boolean, now: number): boolean {
		this.outage ??= { since: now, cause: 'throttled' };
		if (!wasOnTrial && (this.timesOpened > 0 || ++this.failures < FAILURES_TO_OPEN)) return false;
		this.open(now);
		return true;
	}

	/** The request whose permit was given at `grantedAt` did not reach the channel. */
	onUnreached(grantedAt: number, wasOnTrial: boolean, now: number): void {
		this.outage = { since: this.outage?.since ?? now, cause: 'unreached' };
		// What left before the circuit opened says nothing new.
		if (wasOnTrial || (this.timesOpened === 0 && grantedAt > this.openedAt)) this.open(now);
	}

	open(now: number): void {
		this.isOnTrial = false;
		this.openedAt = now;
		this.halfOpenAt = now + backoff(this.timesOpened++, MAX_OPEN);
	}
}
