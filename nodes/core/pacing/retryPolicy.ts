import { isPairLimited, isThrottled, type SendOutcome } from '../outcome/outcome';
import { backoff, boundedRetryAfter } from './backoff';

/** A message's attempts so far. Times in milliseconds. */
export interface Attempts {
	/** Requests made, including the last one. */
	count: number;
	firstAt: number;
	now: number;
	/** `Retry-After` of the last answer in seconds; null if it had none. */
	retryAfter: number | null;
	/** Seconds; 0 means a single attempt. */
	retryFor: number;
}

/** What to do after an attempt. `delay` in milliseconds, on top of the pacer's. */
export type NextStep = { step: 'settle' | 'giveUp' } | { step: 'retry'; delay: number };

/** Retries only a message that was certainly not accepted, for a reason that may pass. */
export function nextStep(outcome: SendOutcome, { count, firstAt, now, retryAfter, retryFor }: Attempts): NextStep {
	const isUnreached = outcome.outcome === 'refused' && outcome.problem.code === 'channel-unreachable';
	if (!isUnreached && !isPairLimited(outcome) && !isThrottled(outcome)) return { step: 'settle' };
	const delay = isUnreached ? 0 : Math.max(throttledDelay(count, retryAfter), isPairLimited(outcome) ? boundedRetryAfter(outcome.problem.retryAfter) : 0);
	return now - firstAt + delay < retryFor * 1000 ? { step: 'retry', delay } : { step: 'giveUp' };
}

/** Milliseconds before a request that was throttled `count` times: the pacer handles the first two; from the third on the request backs off on its own. */
export function throttledDelay(count: number, retryAfter: number | null): number {
	return Math.max(count < 3 ? 0 : backoff(count - 3), boundedRetryAfter(retryAfter));
}
