import type { IExecuteFunctions } from 'n8n-workflow';
import { askingProblem, retryAfterOf, type Answer } from '../../core/outcome/outcome';
import { clock } from '../../shared/clock';
import { ask, type ChannelRequest, type OpenChannel } from '../../shared/transport';
import { throttledDelay } from '../../core/pacing/retryPolicy';
import { pacerOf } from '../../shared/channelPacers';
import { nodeLimiterOf } from '../../shared/nodeLimiter';
import { DEFAULT_RETRY_FOR } from '../resources/shared/settings';
import { waitingOf, waitingUntil } from '../resources/shared/waiting';

/** Milliseconds before each retry of a request that the service could not answer. */
export const RETRY_DELAYS = [500, 2000, 5000];

/** Minimum milliseconds for an answer, even if the wait ends sooner: without an answer nothing is known. */
const MIN_ANSWER_TIME = 1000;

/** Why no request was made. */
const NOT_ASKED = {
	cancelled: 'the execution was cancelled, or the time to wait was over',
	throttled: 'the channel throttled every query, so this one was not sent',
	unreached: 'the service could not be reached, so this query was not sent',
};

/** Seconds of retries for a single request that a user may be waiting for in the editor. */
export const SHORT_RETRY = 30;

/** The deadline of a wait; its time starts with the first request sent, or earlier. */
export class Deadline {
	/** `seconds` after the start. */
	constructor(
		private readonly seconds: number,
		private startedAt?: number,
	) {}

	private isOver = false;

	/** Ends the wait immediately. */
	end(): void {
		this.isOver = true;
	}

	/** Starts the wait, unless already started; `at` in milliseconds of `clock`. */
	begin(at = clock()): void {
		this.startedAt ??= at;
	}

	/** Milliseconds of `clock`; Infinity before the start. */
	at(): number {
		if (this.isOver) return -Infinity;
		return this.startedAt === undefined ? Infinity : this.startedAt + this.seconds * 1000;
	}

	/** Remaining milliseconds; the whole wait before the start. */
	left(): number {
		return Math.max(0, Math.min(this.seconds * 1000, this.at() - clock()));
	}
}

/**
 * Sends a read-only request at the channel's pace. Being safe to repeat, it is retried for `retryFor` seconds while the
 * channel throttles it or is unreachable, and a few times if the service could not answer.
 * Nothing is sent or awaited after `deadline`.
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
	const waits = [...RETRY_DELAYS];
	let answer: Answer = { kind: 'lost', reason: NOT_ASKED.cancelled };
	let retryAfter: number | null = null;
	for (let attempts = 0, throttled = 0; ; attempts++) {
		const nodePermit = await nodeLimiterOf(context).acquire({ maxConcurrency }, waiting);
		if (!nodePermit) return answer;
		try {
			const acquired = await pacerOf(channel.root, `GET ${request.path}`).acquire({ ...waiting, isRetry: attempts > 0, patience, since });
			if (!acquired.permit) {
				// The whole wait was spent on an outage.
				if (acquired.cause !== 'cancelled') deadline.begin(since);
				return attempts > 0 ? answer : { kind: 'lost', reason: NOT_ASKED[acquired.cause] };
			}
			if (waiting.isCancelled()) {
				acquired.permit.release({ kind: 'unused' });
				return answer;
			}
			deadline.begin();
			answer = await ask(context, channel, { ...request, timeout: Math.min(request.timeout, Math.max(MIN_ANSWER_TIME, deadline.left())) });
			retryAfter = retryAfterOf(answer, Date.now());
			const isThrottled = answer.kind === 'answer' && answer.status === 429;
			acquired.permit.release(isThrottled ? { kind: 'throttled', retryAfter } : { kind: answer.kind === 'answer' ? 'accepted' : answer.kind });
		} finally {
			nodePermit.release();
		}
		const code = askingProblem(answer, Date.now(), channel.secrets)?.code;
		const delay =
			code === 'service-unavailable' ? waits.shift() : code === 'rate-limited' ? throttledDelay(++throttled, retryAfter) : code === 'channel-unreachable' ? 0 : undefined;
		if (delay === undefined || clock() - since + delay >= patience) return answer;
		await waiting.sleep(delay);
		if (waiting.isCancelled()) return answer;
	}
}
