import { isThrottled, type Refusal } from '../../core/outcome/outcome';
import type { OutageCause } from '../../core/pacing/circuitBreaker';
import type { Attempts } from '../../core/pacing/retryPolicy';
import { foundBeforeSending, type Problem } from '../../core/problem';

/** The problem of a message whose execution was cancelled first. */
export function cancelled(): Problem {
	return foundBeforeSending({
		code: 'cancelled',
		message: 'The execution was cancelled before this message was sent',
		description: 'Run the workflow again to send it.',
		action: 'alertPerson',
	});
}

/** The problem of a message whose key could not be claimed. */
export function noStore(error: unknown): Problem {
	return foundBeforeSending({
		code: 'send-once-unavailable',
		message: `n8n could not say whether this message was sent before: ${error instanceof Error ? error.message : 'its store gave no answer'}`,
		description: 'Nothing was sent. Save the workflow first; if it is saved, look at the database of this n8n.',
		action: 'alertPerson',
	});
}

/** The problem of a message that was refused, after its last attempt. */
export function refused(outcome: Refusal, { count, now, firstAt }: Attempts): Problem {
	const { problem } = outcome;
	if (!isThrottled(outcome)) return problem;
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
export function neverLeft(cause: OutageCause, retryFor: number): Problem {
	const base = { action: 'retryLater' as const, httpCode: null, saidBy: 'service' as const, retryAfter: 60 };
	if (cause === 'unreached') {
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
