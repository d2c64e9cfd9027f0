import type { SendOutcome } from './outcome/outcome';
import { LONGEST_PAUSE } from './pace';
import { isPairRefusal, isRateRefusal } from './paceSignal';
import type { Problem } from './problem';

/** Seconds for which a message that was certainly not accepted is tried again, where the user set nothing. */
export const DEFAULT_RETRY_FOR = 300;
/** Milliseconds that WhatsApp wants between two messages to one customer (1msg-api.md, section 8). */
export const PAIR_SPACING = 6000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

/** How a message has fared so far. Times in milliseconds. */
export interface Tries {
	/** Requests made, the last one included. */
	count: number;
	firstAt: number;
	now: number;
	/** Seconds that the service asked for with the last answer; null where it named none. */
	askedWait: number | null;
	/** Seconds; 0 for one try only. */
	retryFor: number;
}

/** What to do after a try. `after` in milliseconds, besides what the channel's pace makes everybody wait. */
export type Step = { step: 'settle' } | { step: 'again'; after: number } | { step: 'giveUp'; problem: Problem };

/** Decides what becomes of a message: only one that was certainly not accepted, and that time may help, is tried again. */
export function stepAfter(outcome: SendOutcome, tries: Tries): Step {
	if (outcome.outcome !== 'refused') return { step: 'settle' };
	const isUnreached = outcome.problem.code === 'channel-unreachable';
	const isRate = isRateRefusal(outcome);
	if (!isUnreached && !isRate && !isPairRefusal(outcome)) return { step: 'settle' };
	const after = isUnreached ? 0 : ownWait(isRate ? 0 : PAIR_SPACING, tries);
	if (tries.now - tries.firstAt + after < tries.retryFor * 1000) return { step: 'again', after };
	return { step: 'giveUp', problem: isRate ? rateLimited(outcome.problem, tries) : outcome.problem };
}

/** Two refusals are the channel's pace to deal with; what is refused again and again waits ever longer by itself. */
function ownWait(least: number, { count, askedWait }: Tries): number {
	const growing = count < 3 ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(count - 3, 10));
	const asked = askedWait !== null && askedWait > 0 ? Math.min(askedWait * 1000, LONGEST_PAUSE) : 0;
	return Math.max(least, growing, asked);
}

function rateLimited(problem: Problem, { count, now, firstAt }: Tries): Problem {
	const seconds = Math.round((now - firstAt) / 1000);
	const how = count === 1 ? 'once' : `${count} times in ${seconds} seconds`;
	return {
		...problem,
		code: 'rate-limited',
		message: `The channel refused this message ${how} because it takes no more at a time. ${problem.message}`,
		description: 'Nothing was sent. Send it again later, send fewer messages at once, or allow more time in the Retry For option.',
		action: 'retryLater',
	};
}

/** The problem of a message that never left, because the channel took nothing for the whole of `retryFor` (seconds). */
export function neverLeft(because: 'refusedForRate' | 'unreached', retryFor: number): Problem {
	const base = { action: 'retryLater' as const, httpCode: null, saidBy: 'service' as const, retryAfter: 60 };
	if (because === 'unreached') {
		return {
			...base,
			code: 'channel-unreachable',
			message: `The service could not be reached for ${retryFor} seconds, so this message was not tried any more`,
			description: "Nothing was sent. Check the credential's Base URL and the network of this n8n; trying again later is safe.",
		};
	}
	return {
		...base,
		code: 'rate-limited',
		message: `The channel refused every message for ${retryFor} seconds because of its rate, so this one was not tried any more`,
		description: 'Nothing was sent. Send it again later.',
	};
}
