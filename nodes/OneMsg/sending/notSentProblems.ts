import { isThrottled, type Refusal } from '../../core/outcome/outcome';
import type { OutageCause } from '../../core/pacing/circuitBreaker';
import type { Attempts } from '../../core/pacing/retryPolicy';
import { foundBeforeSending, type Problem } from '../../core/problem';

/** The execution was cancelled before the message was sent. */
export function cancelled(): Problem {
	return foundBeforeSending({
		code: 'cancelled',
		message: 'The execution was cancelled before this message was sent',
		description: 'Run the workflow again to send it.',
		action: 'alertPerson',
	});
}

/** The message's key could not be claimed. */
export function noStore(error: unknown): Problem {
	return foundBeforeSending({
		code: 'send-once-unavailable',
		message: `n8n could not say whether this message was sent before: ${error instanceof Error ? error.message : 'its database did not answer'}`,
		description: "Nothing was sent. Save the workflow first; if it is saved, check this n8n's database.",
		action: 'alertPerson',
	});
}

/** The message was refused in its last attempt. */
export function refused(outcome: Refusal, { count, now, firstAt }: Attempts): Problem {
	const { problem } = outcome;
	if (!isThrottled(outcome)) return problem;
	const seconds = Math.round((now - firstAt) / 1000);
	const how = count === 1 ? 'once' : `${count} times in ${seconds} seconds`;
	return {
		...problem,
		code: 'rate-limited',
		message: `The channel refused this message ${how} because of its rate limit. ${problem.message}`,
		description: 'Nothing was sent. Send it again later, send fewer messages at once, or allow more time in the Retry For option.',
		action: 'retryLater',
	};
}

/** The message was never accepted: the channel accepted nothing for `retryFor` seconds. */
export function neverLeft(cause: OutageCause, retryFor: number): Problem {
	const base = { action: 'retryLater' as const, httpCode: null, saidBy: 'service' as const, retryAfter: 60 };
	if (cause === 'unreached') {
		return {
			...base,
			code: 'channel-unreachable',
			message: `The service could not be reached for ${retryFor} seconds, so this message was abandoned`,
			description: "Nothing was sent. Check the credential's Base URL and the network of this n8n; trying again later is safe.",
		};
	}
	return {
		...base,
		code: 'rate-limited',
		message: `The channel refused every message for ${retryFor} seconds because of its rate limit, so this one was abandoned`,
		description: 'Nothing was sent. Send it again later.',
	};
}
