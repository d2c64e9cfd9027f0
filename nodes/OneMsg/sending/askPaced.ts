import type { IExecuteFunctions } from 'n8n-workflow';
import { askingProblem, type Answer } from '../../core/outcome';
import type { Ticket } from '../../core/pace';
import { paces } from '../../core/paces';
import { askedWait } from '../../core/paceSignal';
import { ask, type ChannelRequest, type OpenChannel } from '../../transport';
import { waitingOf } from './cancel';

/** Seconds that a question goes on being asked while the channel refuses it for its rate. */
export const ASK_FOR = 300;

/** Asks the channel inside its pace; a question that was refused for the rate is asked again, since asking changes nothing. */
export async function askPaced(
	context: IExecuteFunctions,
	channel: OpenChannel,
	request: ChannelRequest,
	limits: { maxConcurrency?: number; retryFor?: number },
): Promise<Answer> {
	const waiting = waitingOf(context);
	const { maxConcurrency, retryFor = ASK_FOR } = limits;
	const since = Date.now();
	let again: Ticket | undefined;
	for (;;) {
		const turn = await paces.of(channel.root).turn({ ...waiting, maxConcurrency, again, patience: retryFor * 1000, since });
		if (!turn.ticket) return { kind: 'lost', reason: turn.because === 'cancelled' ? 'the execution was cancelled' : 'the channel takes no more requests' };
		const answer = await ask(context, channel, request);
		const now = Date.now();
		const isRefused = answer.kind === 'answer' && answer.status === 429;
		turn.ticket.done(isRefused ? { kind: 'refusedForRate', retryAfter: askedWait(answer, now) } : { kind: answer.kind === 'answer' ? 'other' : answer.kind });
		const problem = askingProblem(answer, now, channel.secrets);
		if (problem?.code !== 'rate-limited' || now - since >= retryFor * 1000 || waiting.isCancelled()) return answer;
		again = turn.ticket;
	}
}
