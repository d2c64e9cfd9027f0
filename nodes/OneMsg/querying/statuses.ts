import type { IExecuteFunctions } from 'n8n-workflow';
import pLimit from 'p-limit';
import type { Result } from '../../core/problem';
import { mergeReports } from '../../core/status/status';
import { judgeStatusAnswer, statusQuestion, type FoundStatus } from '../../core/status/hookInfo';
import type { OpenChannel } from '../../shared/transport';
import { askPaced, type Deadline } from './ask';
import { waitingOf, waitingUntil } from '../resources/shared/waiting';
import { hasReached, type WaitUntil } from './waitUntil';

export interface LookUp {
	/** Milliseconds for one answer. */
	timeout: number;
	maxConcurrency?: number;
	/** Nothing is asked behind it. */
	deadline?: Deadline;
}

/** Asks hookInfo about one message. Gives `status-unavailable` where the channel has no such question (1msg-api.md, section 4). */
export async function lookUpStatus(context: IExecuteFunctions, channel: OpenChannel, messageId: string, { timeout, maxConcurrency, deadline }: LookUp): Promise<Result<FoundStatus>> {
	const answer = await askPaced(context, channel, statusQuestion(messageId, timeout), { maxConcurrency, deadline });
	return judgeStatusAnswer(messageId, answer, Date.now(), channel.secrets);
}

/** What is known of a message that nobody has told anything about yet. */
export function nothingKnown(messageId: string): FoundStatus {
	return { status: mergeReports(messageId, []), text: '' };
}

/** One message that is waited for. */
export interface Awaited {
	messageId: string;
	until: WaitUntil['until'];
	lookUp: LookUp & { deadline: Deadline };
	/** What is known before waiting. */
	known?: FoundStatus;
}

/** Milliseconds between two rounds of questions: at first, and at most. */
const FIRST_INTERVAL = 500;
const LONGEST_INTERVAL = 15_000;
const GROWTH = 1.5;
/** Milliseconds of the wait that are kept for its last question, and how few are not worth one. */
const TIME_FOR_AN_ANSWER = 500;
const TOO_SHORT = 100;

/**
 * Follows many messages together until each got as far as it is waited for, or its time is up: then it says `timedOut`.
 * Rounds of questions come at growing intervals, inside the channel's pace. A question without an answer is asked again.
 * Returned in the order given; a message of which nothing was learnt is `noReport`.
 */
export async function followStatuses(context: IExecuteFunctions, channel: OpenChannel, awaited: readonly Awaited[]): Promise<FoundStatus[]> {
	const latest = () => awaited.reduce((most, { lookUp }) => Math.max(most, lookUp.deadline.at()), -Infinity);
	const waiting = waitingUntil(waitingOf(context), latest);
	const found = awaited.map(({ messageId, known }) => known ?? nothingKnown(messageId));
	const unanswerable = new Set<number>();
	const limit = pLimit(200);
	const isOpen = (index: number) => !unanswerable.has(index) && !hasReached(found[index]!.status, awaited[index]!.until);
	for (const { lookUp } of awaited) lookUp.deadline.begin();
	let open = awaited.map((_, index) => index).filter(isOpen);
	for (let interval = FIRST_INTERVAL; open.length > 0 && !waiting.isCancelled(); interval = Math.min(interval * GROWTH, LONGEST_INTERVAL)) {
		const left = open.reduce((most, index) => Math.max(most, awaited[index]!.lookUp.deadline.left()), 0);
		await waiting.sleep(Math.min(interval, Math.max(left - TIME_FOR_AN_ANSWER, left / 2)));
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
		open = open.filter((index) => isOpen(index) && awaited[index]!.lookUp.deadline.left() > TOO_SHORT);
	}
	return found.map((one, index) => {
		const timedOut = !hasReached(one.status, awaited[index]!.until);
		return timedOut ? { ...one, status: { ...one.status, timedOut } } : one;
	});
}
