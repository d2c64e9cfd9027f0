import type { Answer, SendOutcome } from './outcome/outcome';
import type { PaceSignal } from './pace';
import { readRetryAfter } from './retryAfter';

/** Refusals that concern the whole channel's rate: 429 and its like in a body (1msg-api.md, sections 8 and 9). */
const RATE_CODES = new Set(['rate-limited', '130429', '4', '80007', '131057']);
/** Too many messages to one customer: it concerns nobody else. */
const PAIR_LIMIT = '131056';

/** Whether a send was refused for the channel's rate. */
export function isRateRefusal(outcome: SendOutcome): boolean {
	return outcome.outcome === 'refused' && RATE_CODES.has(outcome.problem.code);
}

/** Whether a send was refused for too many messages to its customer. */
export function isPairRefusal(outcome: SendOutcome): boolean {
	return outcome.outcome === 'refused' && outcome.problem.code === PAIR_LIMIT;
}

/** The seconds that the service itself asked for; null where it named none. `now` in milliseconds. */
export function askedWait(answer: Answer, now: number): number | null {
	return answer.kind === 'answer' ? readRetryAfter(answer.headers['retry-after'], now) : null;
}

/** What an answer to a send tells about the channel's pace. `now` in milliseconds. */
export function paceSignal(answer: Answer, outcome: SendOutcome, now: number): PaceSignal {
	if (answer.kind !== 'answer') return { kind: answer.kind };
	if (isRateRefusal(outcome)) return { kind: 'refusedForRate', retryAfter: askedWait(answer, now) };
	return { kind: outcome.outcome === 'accepted' || outcome.outcome === 'queued' ? 'accepted' : 'other' };
}
