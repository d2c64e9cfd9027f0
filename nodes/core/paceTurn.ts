import type { Trouble } from './paceBreaker';

/** What an answer tells about the pace (paceSignal.ts reads it from the answer). */
export type PaceSignal =
	| { kind: 'accepted' }
	/** Refused for the rate; `retryAfter` in seconds where the service named a time. */
	| { kind: 'refusedForRate'; retryAfter: number | null }
	/** The request never reached the service. */
	| { kind: 'unreached' }
	/** No usable answer came. */
	| { kind: 'lost' }
	/** Any other answer: the rate allowed it. */
	| { kind: 'other' }
	/** No request was made after all: the turn is given back. */
	| { kind: 'unused' };

/** The right to send one request. Must be handed back by `done`, whatever happens. */
export interface Ticket {
	/** Frees the place; a second call does nothing. */
	done: (signal: PaceSignal) => void;
	/** How often this message was refused for the rate before and with this ticket. */
	readonly refusals: number;
	/** When the turn was given, in milliseconds. */
	readonly grantedAt: number;
}

export interface TurnOptions {
	/** Sleeps milliseconds (never more than 250 at a time are asked for); a rejection counts as cancelled. */
	sleep: (milliseconds: number) => Promise<void>;
	/** Asked at least four times a second, and before the turn is given. */
	isCancelled?: () => boolean;
	/** Requests in flight at once, of the whole channel, while this one leaves; at least 1. */
	maxConcurrency?: number;
	/** Turns per second, instead of as many as the channel takes; slower only while the channel refuses. */
	messagesPerSecond?: number;
	/** The ticket with which this message was refused: it then waits before those who never had a turn. */
	again?: Ticket;
	/** Gives up once the channel has taken nothing for so many milliseconds, counted from `since` at the earliest. */
	patience?: number;
	/** Milliseconds; now when left out. */
	since?: number;
}

/** A ticket, or why there is none. */
export type Turn = { ticket: Ticket } | { ticket: null; because: 'cancelled' | Trouble['because'] };
