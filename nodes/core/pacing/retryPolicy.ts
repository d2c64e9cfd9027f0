import { isPairLimited, isThrottled, type SendOutcome } from '../outcome/outcome';
import { backoff, boundedRetryAfter } from './waiting';

/** How a message has fared so far. Times in milliseconds. */
export interface Attempts {
	/** Requests made, the last one included. */
	count: number;
	firstAt: number;
	now: number;
	/** Seconds that the service asked for with the last answer; null where it named none. */
	retryAfter: number | null;
	/** Seconds; 0 for one attempt only. */
	retryFor: number;
}

/** What to do after an attempt. `delay` in milliseconds, besides what the pacer makes everybody wait. */
export type NextStep = { step: 'settle' | 'giveUp' } | { step: 'retry'; delay: number };

/** Decides what becomes of a message: only one that was certainly not accepted, and that time may help, is tried again. */
export function nextStep(outcome: SendOutcome, { count, firstAt, now, retryAfter, retryFor }: Attempts): NextStep {
	if (outcome.outcome !== 'refused') return { step: 'settle' };
	const isUnreached = outcome.problem.code === 'channel-unreachable';
	const isPair = isPairLimited(outcome);
	if (!isUnreached && !isPair && !isThrottled(outcome)) return { step: 'settle' };
	// Two refusals are the pacer's to deal with; what is refused again and again waits ever longer by itself.
	const delay = isUnreached ? 0 : Math.max(count < 3 ? 0 : backoff(count - 3), boundedRetryAfter(retryAfter), isPair ? boundedRetryAfter(outcome.problem.retryAfter) : 0);
	return now - firstAt + delay < retryFor * 1000 ? { step: 'retry', delay } : { step: 'giveUp' };
}
