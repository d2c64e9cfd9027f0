import type { IExecuteFunctions } from 'n8n-workflow';
import pLimit from 'p-limit';
import type { Result } from '../../core/problem';
import { mergeReports } from '../../core/status/status';
import { judgeStatusAnswer, statusQuestion, type FoundStatus } from '../../core/status/hookInfo';
import type { OpenChannel } from '../../shared/transport';
import { askPaced, type Deadline } from './ask';
import { waitingOf, waitingUntil } from '../resources/shared/waiting';
import { hasReached, type WaitUntil } from './waitUntil';

export interface LookUpOptions {
	/** Milliseconds for one answer. */
	timeout: number;
	maxConcurrency?: number;
	/** Nothing is requested after it. */
	deadline?: Deadline;
}

/** Queries hookInfo for one message. Gives `status-unavailable` if the channel does not offer it (1msg-api.md, section 4). */
export async function lookUpStatus(context: IExecuteFunctions, channel: OpenChannel, messageId: string, { timeout, maxConcurrency, deadline }: LookUpOptions): Promise<Result<FoundStatus>> {
	const answer = await askPaced(context, channel, statusQuestion(messageId, timeout), { maxConcurrency, deadline });
	return judgeStatusAnswer(messageId, answer, Date.now(), channel.secrets);
}

/** The status of a message without reports. */
export function emptyStatus(messageId: string): FoundStatus {
	return { status: mergeReports(messageId, []), text: '' };
}

/** A message whose status is awaited. */
export interface Awaited {
	messageId: string;
	until: WaitUntil['until'];
	lookUp: LookUpOptions & { deadline: Deadline };
	/** The status known before waiting. */
	known?: FoundStatus;
}

/** Milliseconds between polling rounds: initial and maximum. */
const INITIAL_INTERVAL = 500;
const MAX_INTERVAL = 15_000;
const GROWTH = 1.5;
/** Milliseconds reserved for the last poll, and the minimum worth one. */
const ANSWER_TIME = 500;
const MIN_POLL_TIME = 100;

/**
 * Polls many messages together until each reaches the awaited status or its deadline: then it is `timedOut`.
 * Polls at growing intervals, at the channel's pace; unanswered requests are repeated.
 * Returns statuses in the given order; `noReport` for a message without reports.
 */
export async function followStatuses(context: IExecuteFunctions, channel: OpenChannel, awaited: readonly Awaited[]): Promise<FoundStatus[]> {
	const latest = () => awaited.reduce((most, { lookUp }) => Math.max(most, lookUp.deadline.at()), -Infinity);
	const waiting = waitingUntil(waitingOf(context), latest);
	const found = awaited.map(({ messageId, known }) => known ?? emptyStatus(messageId));
	const unanswerable = new Set<number>();
	const limit = pLimit(200);
	const isOpen = (index: number) => !unanswerable.has(index) && !hasReached(found[index]!.status, awaited[index]!.until);
	for (const { lookUp } of awaited) lookUp.deadline.begin();
	let open = awaited.map((_, index) => index).filter(isOpen);
	for (let interval = INITIAL_INTERVAL; open.length > 0 && !waiting.isCancelled(); interval = Math.min(interval * GROWTH, MAX_INTERVAL)) {
		const left = open.reduce((most, index) => Math.max(most, awaited[index]!.lookUp.deadline.left()), 0);
		await waiting.sleep(Math.min(interval, Math.max(left - ANSWER_TIME, left / 2)));
		await Promise.all(
			open.map(async (index) =>
				await limit(async () => {
					const { messageId, lookUp } = awaited[index]!;
					const result = await lookUpStatus(context, channel, messageId, lookUp);
					if (result.ok) found[index] = result.value;
					else if (result.problem.code === 'status-unavailable') unanswerable.add(index);
				}),
			),
		);
		open = open.filter((index) => isOpen(index) && awaited[index]!.lookUp.deadline.left() > MIN_POLL_TIME);
	}
	return found.map((one, index) => {
		const timedOut = !hasReached(one.status, awaited[index]!.until);
		return timedOut ? { ...one, status: { ...one.status, timedOut } } : one;
	});
}
