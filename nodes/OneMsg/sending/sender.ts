import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isPairLimited, isThrottled, judgeSend, retryAfterOf, type Answer, type SendOutcome } from '../../core/outcome/outcome';
import type { Acquired, Feedback, Permit } from '../../core/pacing/pacer';
import { RecipientQueues, type RecipientLock } from '../../core/pacing/recipientQueue';
import { nextStep } from '../../core/pacing/retryPolicy';
import { boundedRetryAfter } from '../../core/pacing/backoff';
import type { Waiting } from '../../core/waiting';
import { err, ok, type Problem, type Result } from '../../core/problem';
import { clock } from '../../shared/clock';
import { ask, type OpenChannel } from '../../shared/transport';
import { pacerOf } from '../../shared/channelPacers';
import { unexpected } from '../resources/shared/failedItems';
import { nodeLimiterOf, type NodeLimiter, type NodePermit } from '../../shared/nodeLimiter';
import { rawAnswer } from '../resources/shared/rawAnswer';
import { waitingOf, waitingWhile } from '../resources/shared/waiting';
import { ExecutionMemory } from './once/executionMemory';
import { FirstAnswers } from './firstAnswers';
import type { Message } from './message';
import { cancelled, neverLeft, noStore, refused } from './notSentProblems';
import { onceStoreOf, type OnceStore } from './once/onceStore';
import { ownMessages } from './ownMessages';
import { BatchStop } from './batchStop';

/** Minimum milliseconds to wait for a permit during an outage, even with a single attempt. */
const MIN_PATIENCE = 10_000;

/** Shared by all executions of the process, so that no two send to one recipient at a time. */
const recipientQueues = new RecipientQueues(clock);

/** Sends the messages of one execution of the node: each at most once, at the channel's pace, until none can succeed. */
export class Sender {
	private readonly memory: ExecutionMemory;
	private readonly once: OnceStore;
	private readonly nodeLimiter: NodeLimiter;
	private readonly stops = new BatchStop();
	private readonly firstAnswers = new FirstAnswers();
	private readonly waiting: Waiting;
	/** Milliseconds; an outage counts against the patience of all messages from here. */
	private readonly startedAt = clock();

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly channel: OpenChannel,
	) {
		this.memory = new ExecutionMemory(context);
		this.once = onceStoreOf(context);
		this.nodeLimiter = nodeLimiterOf(context);
		this.waiting = waitingOf(context);
	}

	/**
	 * Sends or rehearses one message and returns its output item (interface.md, "What a send returns").
	 * Never throws: an unexpected error affects only this item.
	 */
	async send(message: Message, itemIndex: number): Promise<Result<IDataObject>> {
		const { settings, contactKey } = message;
		if (settings.dryRun) return ok(itemOf(message, { outcome: 'rehearsed', messageId: null }, { ...message.rehearsal, key: message.key }));
		const remembered = this.memory.recall(itemIndex, contactKey);
		if (remembered) return ok(remembered);
		try {
			await this.firstAnswers.enter();
			return await this.sendWithinLimits(message, itemIndex);
		} catch (error) {
			const begun = this.memory.recall(itemIndex, contactKey);
			return begun ? ok(begun) : err(unexpected(error));
		} finally {
			this.firstAnswers.done();
		}
	}

	/** Every item succeeded, so nothing is retried. */
	finish(): void {
		this.memory.clear();
	}

	private async sendWithinLimits(message: Message, itemIndex: number): Promise<Result<IDataObject>> {
		// A message that will not be attempted stops waiting.
		const waiting = waitingWhile(this.waiting, () => this.stops.reason(message.template) === undefined);
		// The node's own limits first, so that no other node's message to this customer waits for them.
		const nodePermit = await this.nodeLimiter.acquire(message.settings, waiting);
		if (!nodePermit) return err(this.whyEnded(message));
		const lock = await recipientQueues.acquire(`${this.channel.root}|${message.contactKey}`, waiting);
		try {
			return lock ? await this.sendExclusively(message, itemIndex, { lock, nodePermit, waiting }) : err(this.whyEnded(message));
		} finally {
			lock?.release();
			nodePermit.release();
		}
	}

	private async sendExclusively(message: Message, itemIndex: number, { lock, nodePermit, waiting }: { lock: RecipientLock; nodePermit: NodePermit; waiting: Waiting }): Promise<Result<IDataObject>> {
		const { settings } = message;
		let firstAt: number | undefined;
		let hasKey = false;
		for (let count = 1; ; count++) {
			if (!(await lock.ready())) return await this.giveBack(message, hasKey, this.whyEnded(message));
			const acquired = await this.acquire(message, count > 1, waiting);
			if (!acquired.permit) {
				const why = acquired.cause === 'cancelled' ? this.whyEnded(message) : neverLeft(acquired.cause, settings.retryFor);
				return await this.giveBack(message, hasKey, why);
			}
			const { permit } = acquired;
			try {
				firstAt ??= clock();
				const stopped = this.stops.reason(message.template);
				if (stopped) return await this.giveBack(message, hasKey, stopped);
				if (settings.sendOnce && !hasKey) {
					const known = await this.claim(message);
					if (known) return known;
					hasKey = true;
				}
				if (this.waiting.isCancelled()) return await this.giveBack(message, hasKey, cancelled());
				nodePermit.used();
				const { answer, outcome, feedback, begunAt } = await this.request(message, itemIndex, lock, permit);
				const attempts = { count, firstAt, now: clock(), retryAfter: retryAfterOf(answer, Date.now()), retryFor: settings.retryFor };
				const next = nextStep(outcome, attempts);
				if (next.step === 'retry') {
					await waiting.sleep(next.delay);
					if (waiting.isCancelled()) return await this.giveBack(message, hasKey, this.whyEnded(message));
					continue;
				}
				if (outcome.outcome === 'refused') return await this.giveBack(message, hasKey, refused(outcome, attempts));
				const settled = await this.settle(message, itemIndex, hasKey, { answer, outcome, begunAt });
				permit.release(feedback);
				return settled;
			} finally {
				// A permit still held here was not used.
				permit.release({ kind: 'unused' });
			}
		}
	}

	private whyEnded({ template }: Message): Problem {
		return this.stops.reason(template) ?? cancelled();
	}

	private async acquire({ settings }: Message, isRetry: boolean, waiting: Waiting): Promise<Acquired> {
		const patience = Math.max(settings.retryFor * 1000, MIN_PATIENCE);
		return await pacerOf(this.channel.root, 'messages').acquire({ ...waiting, isRetry, patience, since: this.startedAt });
	}

	/** One request. While it is in flight the memory says `unknown`, in case the node is stopped. */
	private async request(message: Message, itemIndex: number, lock: RecipientLock, permit: Permit): Promise<{ answer: Answer; outcome: SendOutcome; feedback: Feedback; begunAt: string }> {
		const begunAt = new Date().toISOString();
		const inFlight = { outcome: 'unknown', messageId: null, sentAt: begunAt, reason: 'the execution was stopped while the answer was awaited' };
		this.memory.remember(itemIndex, message.contactKey, itemOf(message, inFlight));
		const { path, body } = message;
		const answer = await ask(this.context, this.channel, { method: 'POST', path, body, timeout: message.settings.timeout });
		const now = Date.now();
		const outcome = judgeSend(answer, now, this.channel.secrets);
		// Before the permit is released, so that the next message sees it.
		this.stops.note(message.template, outcome);
		const feedback = feedbackOf(answer, outcome, now);
		// A claimed message keeps its permit until its key is settled: a killed n8n then leaves no more unknown than were in flight.
		if (outcome.outcome === 'refused' || !message.settings.sendOnce) permit.release(feedback);
		lock.sent();
		if (isPairLimited(outcome)) lock.space(boundedRetryAfter(outcome.problem.retryAfter));
		if (outcome.outcome === 'refused') this.memory.forget(itemIndex);
		return { answer, outcome, feedback, begunAt };
	}

	private async settle(
		message: Message,
		itemIndex: number,
		hasKey: boolean,
		{ answer, outcome, begunAt }: { answer: Answer; outcome: Exclude<SendOutcome, { outcome: 'refused' }>; begunAt: string },
	): Promise<Result<IDataObject>> {
		const messageId = outcome.outcome === 'accepted' ? outcome.messageId : null;
		const known = {
			outcome: outcome.outcome,
			messageId,
			// A search for a lost message starts from when it was sent.
			sentAt: outcome.outcome === 'unknown' ? begunAt : new Date().toISOString(),
			...(outcome.outcome === 'queued' ? { jobId: outcome.jobId } : {}),
			...(outcome.outcome === 'unknown' ? { reason: outcome.reason } : {}),
		};
		const text = answer.kind === 'answer' ? answer.text : null;
		const item = itemOf(message, known, message.settings.simplify ? {} : { response: rawAnswer(text, this.channel.secrets) });
		this.memory.remember(itemIndex, message.contactKey, item);
		if (messageId !== null) ownMessages.set(messageId, true);
		if (hasKey && outcome.outcome === 'unknown') this.once.leave(message.key);
		else if (hasKey) await this.once.settle(this.context.helpers, message.key, { messageId });
		return ok(item);
	}

	/** Claims the message's key; returns the item's result if the claim is denied. */
	private async claim(message: Message): Promise<Result<IDataObject> | undefined> {
		try {
			const claim = await this.once.claim(this.context.helpers, message.key, message.settings.sendAgain);
			if (claim.state === 'claimed') return undefined;
			if (claim.state === 'settled') return ok(itemOf(message, { outcome: 'skipped', messageId: claim.messageId }));
			const reason = 'an earlier execution began to send this message, or was about to, and ended before its answer came';
			return ok(itemOf(message, { outcome: 'unknown', messageId: null, reason }));
		} catch (error) {
			return err(noStore(error));
		}
	}

	/** Nothing was sent: frees the key. */
	private async giveBack(message: Message, hasKey: boolean, problem: Problem): Promise<Result<IDataObject>> {
		if (hasKey) await this.once.free(this.context.helpers, message.key);
		return err(problem);
	}
}

/** Fields in reading order: outcome and reason, message ID, the message, then the rest. */
function itemOf(message: Message, known: IDataObject, more: IDataObject = {}): IDataObject {
	const { outcome, reason, messageId, ...rest } = known;
	return { outcome, ...(reason === undefined ? {} : { reason }), messageId: messageId ?? null, ...message.about, ...rest, ...more };
}

/** The pacer's feedback from the answer to a send. `now` in Unix milliseconds. */
export function feedbackOf(answer: Answer, outcome: SendOutcome, now: number): Feedback {
	if (answer.kind !== 'answer') return { kind: answer.kind };
	if (isThrottled(outcome)) return { kind: 'throttled', retryAfter: retryAfterOf(answer, now) };
	return { kind: outcome.outcome === 'accepted' || outcome.outcome === 'queued' ? 'accepted' : 'other' };
}
