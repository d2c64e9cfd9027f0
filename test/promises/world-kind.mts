/** A kind of world, for the search. */
import type fc from 'fast-check';
import type { Engine } from './engine.mts';

/** The promises, named as in the design. */
export const INVARIANTS = {
	rightPerson: 'every message went to the recipient that its item names, and to nobody where the item names none',
	atMostOnce: 'no item was sent twice in an execution, no key twice with Send Once',
	neverPretended: 'what the node says of an item is what the channel knows of it',
	neverStuck: 'the node ended in time, asked for nothing afterwards, and waited for nobody else',
	safeModes: 'Dry Run, Test Recipient, Opted In and Do Not Contact held, however they were given',
	wholeOutput: 'one item came out for each item, in order, paired, with an outcome or an error',
	oursOnce: "after an activation the trigger's URL is in the list once, with a secret of its own, after a deactivation not at all",
	activates: 'a trigger is activated and deactivated wherever the channel lets it',
	heard: 'a hook with the registered secret was answered 200 and started what it tells, once',
	unheard: 'a call without the registered secret was answered 401 and started nothing',
	truthfulEvents: 'an event says what the hook said, and nothing else',
	answersFast: 'a hook was answered within a second',
	goodNeighbour: "other programs' webhook URLs were left alone",
	secrets: 'the token appeared nowhere',
	oneWordStopsNobody: 'only an answer that says so stopped a batch, and such an answer did stop it',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Broken {
	invariant: Invariant;
	/** The observation, in one line. */
	what: string;
}

/** Result of one world. */
export interface Report {
	broken: Broken[];
	/** Messages accepted by the channel, or events it delivered. */
	messages: number;
	/** Faults that occurred. */
	faults: number;
}

export interface WorldKind<W> {
	name: string;
	/** This kind's share of the time, relative to the others. */
	weight: number;
	arbitrary: fc.Arbitrary<W>;
	play: (engine: Engine, world: W) => Promise<Report>;
	/** The world in readable form. */
	show: (world: W) => string;
}
