/**
 * The pace of one channel, shared by all executions of the process.
 *
 * Whoever wants to send waits for a turn and gets a ticket; the answer is reported on the ticket. Turns are given first
 * come, first served, those who were refused before the others. At first up to 50 requests are in flight, with every
 * acceptance a part of one more, up to 170 (paceRoom.ts); nothing else holds back a channel that refuses nothing. The first refusal
 * for the rate shows the rate (paceRate.ts); from then on turns come evenly, a few at a time (paceBeat.ts), a hair below it, slowly faster
 * until the next refusal.
 * A channel that takes nothing at all is tried by one request at a time (paceBreaker.ts).
 */
import { Beat } from './paceBeat';
import { Breaker, type Trouble } from './paceBreaker';
import { PaceQueue } from './paceQueue';
import { ChannelRate } from './paceRate';
import { Room } from './paceRoom';
import type { PaceSignal, Ticket, Turn, TurnOptions } from './paceTurn';
import { steadyClock } from './steadyClock';

export { FIRST_IN_FLIGHT, MOST_IN_FLIGHT } from './paceRoom';
export type { PaceSignal, Ticket, Turn, TurnOptions } from './paceTurn';

/** Milliseconds of a breath, in which what was asked for leaves and what has come in is read. */
const BREATH = 1;
/** Milliseconds that may be made up for after a pause: nearly the second's worth that a channel saves up. */
const CATCH_UP = 900;
/** The same where the user set the pace: no more than a late timer costs. */
const CATCH_UP_OF_SET = 400;
/** While fewer wait than are in flight, a refusal would make everyone wait for the last one: the rate then stays this much lower. */
const ENDING = 0.96;
/** While fewer wait than so many times those in flight, they leave one by one: the last of several has a smaller chance to be taken. */
const NEAR_THE_END = 3;
/** Longest sleep in milliseconds: after it, everyone who waits is asked whether it was cancelled. */
const SLICE = 250;
/** Longest wait in milliseconds that a `Retry-After` gets: an absurd one must not stop the channel for good. */
export const LONGEST_PAUSE = 60_000;
/** Milliseconds without a request after which a channel counts as unknown again. */
const FORGET_ROOM_AFTER = 5000;
const FORGET_RATE_AFTER = 600_000;

interface Waiter {
	options: TurnOptions;
	since: number;
	settled: boolean;
	settle: (turn: Turn) => void;
}

export class Pace {
	/** Requests in flight. */
	inFlight = 0;
	private readonly room = new Room();
	private rate = new ChannelRate();
	private readonly breaker = new Breaker();
	private readonly beat = new Beat();
	private readonly newcomers = new PaceQueue<Waiter>();
	private readonly returners = new PaceQueue<Waiter>();
	/** When the rate lets the next one go, and when a `Retry-After` does. */
	private nextAt = -Infinity;
	private pausedUntil = -Infinity;
	private wakesAt = Infinity;
	/** Turns given since the last breath. */
	private given = 0;
	private sweptAt = -Infinity;
	private lastUsedAt = -Infinity;
	private lastGrantAt = -Infinity;
	private lastTaken = { grantedAt: -Infinity };

	private readonly now: () => number;

	/** `now` gives milliseconds; it may jump. */
	constructor(now: () => number) {
		this.now = steadyClock(now);
	}

	/** Nothing is in flight and nobody waits. */
	get isIdle(): boolean {
		return this.inFlight === 0 && this.first() === undefined;
	}

	/** Messages per second found out so far; null while the channel has refused nothing. */
	get messagesPerSecond(): number | null {
		return this.rate.perSecond;
	}

	/** Waits for a turn. Never rejects. */
	async turn(options: TurnOptions): Promise<Turn> {
		return await new Promise<Turn>((settle) => {
			const waiter: Waiter = { options, since: options.since ?? this.now(), settled: false, settle };
			if (this.isIdle) this.startAfresh();
			(options.again ? this.returners : this.newcomers).add(waiter);
			this.pump();
		});
	}

	private first(): Waiter | undefined {
		return this.returners.first() ?? this.newcomers.first();
	}

	private get waiting(): number {
		return this.newcomers.length + this.returners.length;
	}

	/** Fewer wait than are in flight, or than so many times as many. */
	private isEnding(times = 1): boolean {
		return this.waiting < times * this.inFlight;
	}

	/** Gives every turn that can be given now, and sees to it that somebody wakes up for the next. */
	private pump(): void {
		for (;;) {
			const waiter = this.first();
			if (!waiter) return;
			const now = this.now();
			const leaving = this.whyLeave(waiter, now);
			if (leaving) {
				settle(waiter, { ticket: null, because: leaving });
				continue;
			}
			const at = this.opensAt(waiter);
			if (at > now) return this.wakeUp(waiter, at, now);
			settle(waiter, { ticket: this.grant(waiter, now) });
		}
	}

	/** When this waiter may leave; Infinity when only an answer can tell. */
	private opensAt({ options }: Waiter): number {
		const room = Math.min(this.room.places, Math.max(1, options.maxConcurrency ?? Infinity));
		if (this.inFlight >= room) return Infinity;
		const now = this.now();
		const interval = this.interval(options);
		const together = this.isEnding(NEAR_THE_END) ? 1 : this.waiting;
		const paced = interval === 0 ? this.room.restsUntil : this.beat.opensAt(this.nextAt, interval, together, now);
		const breathes = this.given < this.room.atABreath ? -Infinity : now + BREATH;
		return Math.max(paced, this.pausedUntil, this.breaker.opensAt, breathes);
	}

	/** Milliseconds between two turns; 0 when nothing asks for any. */
	private interval({ messagesPerSecond }: TurnOptions): number {
		const found = (this.rate.perSecond ?? Infinity) * (this.isEnding() ? ENDING : 1);
		const rate = Math.min(found, messagesPerSecond ?? Infinity);
		return rate > 0 && rate < Infinity ? 1000 / rate : 0;
	}

	private grant({ options }: Waiter, now: number): Ticket {
		const earliest = now - (options.messagesPerSecond === undefined ? CATCH_UP : CATCH_UP_OF_SET);
		const heldBack = this.nextAt > earliest;
		const interval = this.interval(options);
		this.nextAt = Math.max(this.nextAt, earliest) + interval;
		if (heldBack) this.rate.heldBack();
		this.inFlight++;
		this.given++;
		this.lastGrantAt = now;
		this.lastUsedAt = now;
		const isTrial = this.breaker.leave();
		const before = options.again;
		let open = true;
		const ticket = {
			grantedAt: now,
			refusals: before?.refusals ?? 0,
			done: (signal: PaceSignal) => {
				if (!open) return;
				open = false;
				if (signal.kind === 'refusedForRate') ticket.refusals++;
				this.inFlight--;
				if (signal.kind === 'unused') {
					this.nextAt -= interval;
					this.given--;
					if (isTrial) this.breaker.unused();
				} else {
					this.learn(signal, ticket, isTrial, before);
					// Answers come many at a time: all are read before anything new is sent.
					this.given = this.room.atABreath;
				}
				this.pump();
			},
		};
		return ticket;
	}

	private learn(signal: Exclude<PaceSignal, { kind: 'unused' }>, ticket: Ticket, isTrial: boolean, before: Ticket | undefined): void {
		const now = this.now();
		const { grantedAt } = ticket;
		const passage = { grantedAt, seenAt: (grantedAt + now) / 2 };
		this.lastUsedAt = now;
		this.room.answered(now);
		switch (signal.kind) {
			case 'accepted':
				this.room.accepted(now - grantedAt);
			// falls through
			case 'other':
				this.lastTaken = ticket;
				this.breaker.answered();
				this.rate.taken(passage);
				return;
			case 'lost':
				return this.breaker.lost(isTrial, now);
			case 'unreached':
				return this.breaker.unreached(grantedAt, isTrial, now);
			case 'refusedForRate': {
				// Refused again and again while others are taken: that is about its recipient, not about the channel.
				if (!isTrial && ticket.refusals > 2 && before && this.lastTaken.grantedAt > before.grantedAt) return;
				this.pause(signal.retryAfter, now);
				const isNews = this.rate.isNews(passage);
				// What the channel saved up since the last request left may still be used.
				if (this.rate.refused(passage, now)) this.nextAt = Math.max(this.nextAt, this.lastGrantAt);
				if ((isNews || isTrial) && this.breaker.refused(isTrial, now)) this.rate.distrust();
			}
		}
	}

	private pause(retryAfter: number | null, now: number): void {
		if (retryAfter === null || !(retryAfter > 0)) return;
		this.pausedUntil = Math.max(this.pausedUntil, now + Math.min(retryAfter * 1000, LONGEST_PAUSE));
	}

	private whyLeave({ options, since }: Waiter, now: number): 'cancelled' | Trouble['because'] | undefined {
		if (options.isCancelled?.()) return 'cancelled';
		const { trouble } = this.breaker;
		const patience = options.patience ?? Infinity;
		return trouble && now - Math.max(trouble.since, since) >= patience ? trouble.because : undefined;
	}

	/** One sleep at a time drives the pace; it is the sleep of whoever is first. */
	private wakeUp(waiter: Waiter, at: number, now: number): void {
		const due = Math.min(at, now + SLICE);
		if (this.wakesAt <= due) return;
		this.wakesAt = due;
		const awake = () => {
			if (this.wakesAt === due) this.wakesAt = Infinity;
			this.given = 0;
			this.sweep();
			this.pump();
		};
		waiter.options.sleep(Math.ceil(due - now)).then(awake, () => {
			settle(waiter, { ticket: null, because: 'cancelled' });
			awake();
		});
	}

	/** Lets go of everyone who was cancelled or has lost patience. */
	private sweep(): void {
		const now = this.now();
		if (now - this.sweptAt < SLICE) return;
		this.sweptAt = now;
		for (const waiter of [...this.returners.waiting(), ...this.newcomers.waiting()]) {
			const leaving = this.whyLeave(waiter, now);
			if (leaving) settle(waiter, { ticket: null, because: leaving });
		}
	}

	/** A channel that rested may have another limit now, or another template, or no right to send at all. */
	private startAfresh(): void {
		this.given = 0;
		const rest = this.now() - this.lastUsedAt;
		if (rest > FORGET_ROOM_AFTER) this.room.startAfresh();
		if (rest > FORGET_RATE_AFTER) this.rate = new ChannelRate();
	}
}

function settle(waiter: Waiter, turn: Turn): void {
	if (waiter.settled) return;
	waiter.settled = true;
	waiter.settle(turn);
}
