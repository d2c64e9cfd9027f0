import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { lanes, type Place } from '../../core/lanes';
import { judgeSend, type Answer, type SendOutcome } from '../../core/outcome/outcome';
import type { PaceSignal, Ticket, Turn } from '../../core/pace';
import { paces } from '../../core/paces';
import { askedWait, isPairRefusal, paceSignal } from '../../core/paceSignal';
import { foundBeforeSending, no, ok, type Problem, type Result } from '../../core/problem';
import { neverLeft, PAIR_SPACING, stepAfter } from '../../core/tryAgain';
import { clock } from '../../shared/clock';
import { ask, type OpenChannel } from '../../shared/transport';
import { waitingOf, waitingWhile, type Waiting } from '../resources/shared/waiting';
import { unexpected } from '../resources/shared/failures';
import { nodePaceOf, type NodePace, type NodePermit } from '../resources/shared/nodePace';
import { ExecutionMemory } from './executionMemory';
import { FirstAnswers } from './firstAnswers';
import type { Message } from './message';
import { ownMessages } from './ownMessages';
import { onceStoreOf, type OnceStore } from './onceStore';
import { rawAnswer } from '../resources/shared/rawAnswer';
import { Stops } from './stops';

/** Milliseconds that even a message with one try only waits for its turn while the channel takes nothing. */
const LEAST_PATIENCE = 10_000;

/** Sends the messages of one execution of the node: each at most once, at the channel's pace, until nothing more can succeed. */
export class Sender {
	private readonly memory: ExecutionMemory;
	private readonly once: OnceStore;
	private readonly nodePace: NodePace;
	private readonly stops = new Stops();
	private readonly firstAnswers = new FirstAnswers();
	private readonly waiting: Waiting;
	/** Milliseconds; from here on a channel that takes nothing tries the patience of all messages at once. */
	private readonly startedAt = clock();

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly channel: OpenChannel,
	) {
		this.memory = new ExecutionMemory(context);
		this.once = onceStoreOf(context);
		this.nodePace = nodePaceOf(context);
		this.waiting = waitingOf(context);
	}

	/**
	 * Sends one message, or rehearses it, and returns the item that tells what became of it (interface.md, "What a send returns").
	 * Never throws: what goes wrong on the way costs this item its certainty, and no other.
	 */
	async send(message: Message, itemIndex: number): Promise<Result<IDataObject>> {
		const { settings, contactKey } = message;
		if (settings.dryRun) return ok(itemOf(message, { outcome: 'rehearsed', messageId: null }, { ...message.rehearsal, key: message.key }));
		const remembered = this.memory.recall(itemIndex, contactKey);
		if (remembered) return ok(remembered);
		try {
			await this.firstAnswers.enter();
			return await this.sendInTurn(message, itemIndex);
		} catch (error) {
			const begun = this.memory.recall(itemIndex, contactKey);
			return begun ? ok(begun) : no(unexpected(error));
		} finally {
			this.firstAnswers.done();
		}
	}

	/** Every item went well, so nothing will ask again what was settled. */
	finish(): void {
		this.memory.clear();
	}

	private async sendInTurn(message: Message, itemIndex: number): Promise<Result<IDataObject>> {
		// Who is not attempted any more waits for nothing.
		const waiting = waitingWhile(this.waiting, () => this.stops.reason(message.template) === undefined);
		// The node's own limits first: nobody else's message to this customer waits for them.
		const permit = await this.nodePace.acquire(message.settings, waiting);
		if (!permit) return no(this.whyEnded(message));
		const place = await lanes.enter(`${this.channel.root}|${message.contactKey}`, waiting);
		try {
			return place ? await this.sendInLane(message, itemIndex, { place, permit, waiting }) : no(this.whyEnded(message));
		} finally {
			place?.leave();
			permit.release();
		}
	}

	private async sendInLane(message: Message, itemIndex: number, { place, permit, waiting }: { place: Place; permit: NodePermit; waiting: Waiting }): Promise<Result<IDataObject>> {
		const { settings } = message;
		let firstAt: number | undefined;
		let again: Ticket | undefined;
		let hasKey = false;
		for (let count = 1; ; count++) {
			if (!(await place.ready())) return await this.giveBack(message, hasKey, this.whyEnded(message));
			const turn = await this.turn(message, again, waiting);
			if (!turn.ticket) {
				const why = turn.because === 'cancelled' ? this.whyEnded(message) : neverLeft(turn.because, settings.retryFor);
				return await this.giveBack(message, hasKey, why);
			}
			const { ticket } = turn;
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
				permit.used();
				const { answer, outcome, signal, begunAt } = await this.request(message, itemIndex, place, ticket);
				const now = clock();
				const step = stepAfter(outcome, { count, firstAt, now, askedWait: askedWait(answer, Date.now()), retryFor: settings.retryFor });
				if (step.step === 'again') {
					again = ticket;
					await waiting.sleep(step.after);
					if (waiting.isCancelled()) return await this.giveBack(message, hasKey, this.whyEnded(message));
					continue;
				}
				if (outcome.outcome === 'refused') {
					return await this.giveBack(message, hasKey, step.step === 'giveUp' ? step.problem : outcome.problem);
				}
				const settled = await this.settle(message, itemIndex, hasKey, { answer, outcome, begunAt });
				ticket.done(signal);
				return settled;
			} finally {
				// Whoever has not said what became of the turn has not used it.
				ticket.done({ kind: 'unused' });
			}
		}
	}

	private whyEnded({ template }: Message): Problem {
		return this.stops.reason(template) ?? cancelled();
	}

	private async turn({ settings }: Message, again: Ticket | undefined, waiting: Waiting): Promise<Turn> {
		const patience = Math.max(settings.retryFor * 1000, LEAST_PATIENCE);
		return await paces.of(this.channel.root).turn({ ...waiting, again, patience, since: this.startedAt });
	}

	/** One request. While it is on its way the memory says `unknown`: should the node be stopped now, that is the truth. */
	private async request(message: Message, itemIndex: number, place: Place, ticket: Ticket): Promise<{ answer: Answer; outcome: SendOutcome; signal: PaceSignal; begunAt: string }> {
		const begunAt = new Date().toISOString();
		const underWay = { outcome: 'unknown', messageId: null, sentAt: begunAt, reason: 'the execution was stopped while the answer was awaited' };
		this.memory.remember(itemIndex, message.contactKey, itemOf(message, underWay));
		const { path, body } = message;
		const answer = await ask(this.context, this.channel, { method: 'POST', path, body, timeout: message.settings.timeout });
		const now = Date.now();
		const outcome = judgeSend(answer, now, this.channel.secrets);
		// Before the ticket goes back: whoever gets a turn next must know already.
		this.stops.note(message.template, outcome);
		const signal = paceSignal(answer, outcome, now);
		// A claimed message keeps its place until its key is settled: a killed n8n then leaves no more unknown than were in flight.
		if (outcome.outcome === 'refused' || !message.settings.sendOnce) ticket.done(signal);
		place.sent();
		if (isPairRefusal(outcome)) place.space(PAIR_SPACING);
		if (outcome.outcome === 'refused') this.memory.forget(itemIndex);
		return { answer, outcome, signal, begunAt };
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
			// Whoever looks for a message whose answer was lost looks from when it left.
			sentAt: outcome.outcome === 'unknown' ? begunAt : new Date().toISOString(),
			...(outcome.outcome === 'queued' ? { jobId: outcome.jobId } : {}),
			...(outcome.outcome === 'unknown' ? { reason: outcome.reason } : {}),
		};
		const text = answer.kind === 'answer' ? answer.text : null;
		const item = itemOf(message, known, message.settings.simplify ? {} : { response: rawAnswer(text, this.channel.secrets) });
		this.memory.remember(itemIndex, message.contactKey, item);
		if (messageId !== null) ownMessages.add(messageId);
		if (hasKey && outcome.outcome === 'unknown') this.once.leave(message.key);
		else if (hasKey) await this.once.settle(this.context.helpers, message.key, { messageId });
		return ok(item);
	}

	/** Claims the message's key; gives the item's result where the key must not be used. */
	private async claim(message: Message): Promise<Result<IDataObject> | undefined> {
		try {
			const claim = await this.once.claim(this.context.helpers, message.key, message.settings.sendAgain);
			if (claim.state === 'claimed') return undefined;
			if (claim.state === 'settled') return ok(itemOf(message, { outcome: 'skipped', messageId: claim.messageId }));
			const reason = 'an earlier execution began to send this message, or was about to, and ended before its answer came';
			return ok(itemOf(message, { outcome: 'unknown', messageId: null, reason }));
		} catch (error) {
			return no(noStore(error));
		}
	}

	/** Nothing was sent: the key is free again. */
	private async giveBack(message: Message, hasKey: boolean, problem: Problem): Promise<Result<IDataObject>> {
		if (hasKey) await this.once.free(this.context.helpers, message.key);
		return no(problem);
	}
}

/** Outcome and why, message ID, what the message is about, then the rest: the order in which people read an item. */
function itemOf(message: Message, known: IDataObject, more: IDataObject = {}): IDataObject {
	const { outcome, reason, messageId, ...rest } = known;
	return { outcome, ...(reason === undefined ? {} : { reason }), messageId: messageId ?? null, ...message.about, ...rest, ...more };
}

function cancelled(): Problem {
	return foundBeforeSending({
		code: 'cancelled',
		message: 'The execution was cancelled before this message was sent',
		description: 'Run the workflow again to send it.',
		action: 'alertPerson',
	});
}

function noStore(error: unknown): Problem {
	return foundBeforeSending({
		code: 'send-once-unavailable',
		message: `n8n could not say whether this message was sent before: ${error instanceof Error ? error.message : 'its store gave no answer'}`,
		description: 'Nothing was sent. Save the workflow first; if it is saved, look at the database of this n8n.',
		action: 'alertPerson',
	});
}
