import { backoff } from './backoff';

/** Consecutive throttled round trips with nothing accepted. Doubled: a channel in an outage gets requests for longer. Halved: a few bad answers stop a working channel. */
const FAILURES_TO_OPEN = 8;
/** Maximum milliseconds the circuit stays open. Doubled: a recovered channel waits longer for its messages. Halved: a channel that is down gets twice the requests. */
const MAX_OPEN = 8000;

/** Why a channel accepts nothing. */
export type OutageCause = 'throttled' | 'unreached';

/**
 * Blocks requests to a channel that accepts nothing, because it is unreachable or throttles everything: open for a while, then half-open
 * for one probe, then closed, or open for longer. Times in milliseconds.
 */
export class CircuitBreaker {
	/** Start and cause of the outage; null while messages are accepted. */
	outage: { since: number; cause: OutageCause } | null = null;
	private failures = 0;
	/** Since the last acceptance. */
	timesOpened = 0;
	private openedAt = -Infinity;
	private halfOpenAt = -Infinity;
	/** The probe of a half-open circuit is in flight. */
	isProbing = false;

	/** When the next request may be sent; Infinity while a probe is in flight. */
	get nextAt(): number {
		return this.isProbing ? Infinity : this.halfOpenAt;
	}

	/** A request is being sent; true if it is a probe. */
	onSend(): boolean {
		return (this.isProbing = this.timesOpened > 0);
	}

	/** The channel accepted a message, or refused it for another reason. */
	close(): void {
		this.outage = null;
		this.failures = 0;
		this.timesOpened = 0;
		this.halfOpenAt = -Infinity;
		this.isProbing = false;
	}

	/** The channel throttled the first message of a round trip, or the probe; true if that opens the circuit. */
	onThrottled(wasProbe: boolean, now: number): boolean {
		this.outage ??= { since: now, cause: 'throttled' };
		if (!wasProbe && (this.timesOpened > 0 || ++this.failures < FAILURES_TO_OPEN)) return false;
		this.open(now);
		return true;
	}

	/** The request whose permit was granted at `grantedAt` did not reach the channel. */
	onUnreachable(grantedAt: number, wasProbe: boolean, now: number): void {
		this.outage = { since: this.outage?.since ?? now, cause: 'unreached' };
		// A request sent before the circuit opened says nothing new.
		if (wasProbe || (this.timesOpened === 0 && grantedAt > this.openedAt)) this.open(now);
	}

	open(now: number): void {
		this.isProbing = false;
		this.openedAt = now;
		this.halfOpenAt = now + backoff(this.timesOpened++, MAX_OPEN);
	}
}
