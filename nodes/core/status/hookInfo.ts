import { askingProblem, type Answer } from '../outcome/outcome';
import { err, ok, type Problem, type Result } from '../problem';
import { quote } from '../redact';
import { readHookInfo, type MessageStatus } from './status';

/** A message's status and the service's raw answer. */
export interface FoundStatus {
	status: MessageStatus;
	text: string;
}

/** The hookInfo request for one message (1msg-api.md, section 4). `timeout` in milliseconds. */
export function statusQuestion(messageId: string, timeout: number) {
	return { method: 'GET' as const, path: '/hookInfo', query: { messageId }, timeout };
}

/**
 * Parses hookInfo's answer. `now` is in milliseconds; `secrets` never appear in the result.
 * Gives `status-unavailable` if the channel does not offer hookInfo, or any problem of `askingProblem`.
 */
export function judgeStatusAnswer(messageId: string, answer: Answer, now: number, secrets: readonly string[]): Result<FoundStatus> {
	if (answer.kind === 'answer' && answer.status === 404) return err(statusUnavailable(404, ''));
	const problem = askingProblem(answer, now, secrets);
	if (problem) return err(problem);
	const text = answer.kind === 'answer' ? answer.text : '';
	const status = readHookInfo(messageId, text);
	return status ? ok({ status, text }) : err(statusUnavailable(200, quote(text, secrets)));
}

function statusUnavailable(httpCode: number, said: string): Problem {
	return {
		code: 'status-unavailable',
		message: `The channel does not report message statuses on request${said === '' ? '' : `; it answers: ${said}`}`,
		description: 'Use the 1MSG Trigger, which receives every status from the channel.',
		action: 'alertPerson',
		retryAfter: null,
		httpCode,
		saidBy: 'service',
	};
}
