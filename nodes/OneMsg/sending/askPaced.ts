import type { IExecuteFunctions } from 'n8n-workflow';
import { askingProblem, type Answer } from '../../core/outcome';
import type { Ticket } from '../../core/pace';
import { paces } from '../../core/paces';
import { askedWait } from '../../core/paceSignal';
import { DEFAULT_RETRY_FOR } from '../../core/tryAgain';
import { ask, type ChannelRequest, type OpenChannel } from '../../transport';
import { waitingOf } from './cancel';

/** Milliseconds before a question that the service could not answer is asked again, one after the other. */
export const WAITS_AFTER_FAILURE = [500, 2000, 5000];

/** Seconds for a single question that a person may be waiting for in the editor. */
export const SHORT_RETRY = 30;

/**
 * Asks the channel inside its pace. Asking changes nothing, so a question is asked again: for `retryFor` seconds while the
 * channel refuses it for its rate or cannot be reached, and a few times where the service could not answer.
 */
export async function askPaced(
	context: IExecuteFunctions,
	channel: OpenChannel,
	request: ChannelRequest,
	{ maxConcurrency, retryFor = DEFAULT_RETRY_FOR }: { maxConcurrency?: number; retryFor?: number },
): Promise<Answer> {
	const waiting = waitingOf(context);
	const since = Date.now();
	const waits = [...WAITS_AFTER_FAILURE];
	let answer: Answer = { kind: 'lost', reason: 'the execution was cancelled' };
	let again: Ticket | undefined;
	for (;;) {
		const turn = await paces.of(channel.root).turn({ ...waiting, maxConcurrency, again, patience: retryFor * 1000, since });
		if (!turn.ticket) return answer;
		answer = await ask(context, channel, request);
		const now = Date.now();
		const isRefused = answer.kind === 'answer' && answer.status === 429;
		turn.ticket.done(isRefused ? { kind: 'refusedForRate', retryAfter: askedWait(answer, now) } : { kind: answer.kind === 'answer' ? 'other' : answer.kind });
		const code = askingProblem(answer, now, channel.secrets)?.code;
		const wait = code === 'service-unavailable' ? waits.shift() : code === 'rate-limited' || code === 'channel-unreachable' ? 0 : undefined;
		if (wait === undefined || now - since + wait >= retryFor * 1000 || waiting.isCancelled()) return answer;
		again = turn.ticket;
		await waiting.sleep(wait);
	}
}
