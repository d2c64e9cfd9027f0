import type { IExecuteFunctions } from 'n8n-workflow';
import { askingProblem, retryAfterOf, type Answer } from '../../core/outcome/outcome';
import { clock } from '../../shared/clock';
import { ask, type ChannelRequest, type OpenChannel } from '../../shared/transport';
import { pacerOf } from '../resources/shared/channelPacers';
import { nodeLimiterOf } from '../resources/shared/nodeLimiter';
import { DEFAULT_RETRY_FOR } from '../resources/shared/settings';
import { waitingOf, waitingUntil } from '../resources/shared/waiting';

/** Milliseconds before a question that the service could not answer is asked again, one after the other. */
export const WAITS_AFTER_FAILURE = [500, 2000, 5000];

/** Milliseconds that every question gets for its answer, even where the time to wait is over sooner: without it nothing is known. */
const TIME_FOR_AN_ANSWER = 1000;

/** Seconds for a single question that a person may be waiting for in the editor. */
export const SHORT_RETRY = 30;

/** The end of a wait for which questions are asked; it begins with the first question that leaves, or earlier. */
export class Deadline {
	/** `seconds` from the begin. */
	constructor(
		private readonly seconds: number,
		private begunAt?: number,
	) {}

	private isOver = false;

	/** Ends the wait now. */
	end(): void {
		this.isOver = true;
	}

	/** Begins the wait, where it has not begun. */
	begin(): void {
		this.begunAt ??= clock();
	}

	/** Milliseconds of `clock`; Infinity before the begin. */
	at(): number {
		if (this.isOver) return -Infinity;
		return this.begunAt === undefined ? Infinity : this.begunAt + this.seconds * 1000;
	}

	/** Milliseconds that are left; the whole wait before its begin. */
	left(): number {
		return Math.max(0, Math.min(this.seconds * 1000, this.at() - clock()));
	}
}

/**
 * Asks the channel at its pace. Asking changes nothing, so a question is asked again: for `retryFor` seconds while the
 * channel throttles it or cannot be reached, and a few times where the service could not answer.
 * Nothing is asked or waited for behind `deadline`.
 */
export async function askPaced(
	context: IExecuteFunctions,
	channel: OpenChannel,
	request: ChannelRequest,
	{ maxConcurrency, retryFor = DEFAULT_RETRY_FOR, deadline = new Deadline(Infinity) }: { maxConcurrency?: number; retryFor?: number; deadline?: Deadline },
): Promise<Answer> {
	const waiting = waitingUntil(waitingOf(context), () => deadline.at());
	const since = clock();
	const patience = Math.min(retryFor * 1000, deadline.left());
	const waits = [...WAITS_AFTER_FAILURE];
	let answer: Answer = { kind: 'lost', reason: 'the execution was cancelled, or the time to wait was over' };
	for (let isRetry = false; ; isRetry = true) {
		const nodePermit = await nodeLimiterOf(context).acquire({ maxConcurrency }, waiting);
		if (!nodePermit) return answer;
		try {
			const { permit } = await pacerOf(channel.root).acquire({ ...waiting, isRetry, patience, since });
			if (!permit) return answer;
			if (waiting.isCancelled()) {
				permit.release({ kind: 'unused' });
				return answer;
			}
			deadline.begin();
			answer = await ask(context, channel, { ...request, timeout: Math.min(request.timeout, Math.max(TIME_FOR_AN_ANSWER, deadline.left())) });
			const isThrottled = answer.kind === 'answer' && answer.status === 429;
			permit.release(isThrottled ? { kind: 'throttled', retryAfter: retryAfterOf(answer, Date.now()) } : { kind: answer.kind === 'answer' ? 'other' : answer.kind });
		} finally {
			nodePermit.release();
		}
		const code = askingProblem(answer, Date.now(), channel.secrets)?.code;
		const wait = code === 'service-unavailable' ? waits.shift() : code === 'rate-limited' || code === 'channel-unreachable' ? 0 : undefined;
		if (wait === undefined || clock() - since + wait >= patience) return answer;
		await waiting.sleep(wait);
		if (waiting.isCancelled()) return answer;
	}
}
