/** Definition of a send world: plain data, so that it can be printed, replayed and shrunk. */
import type { Fault } from '../faults.mts';
import type { StoreFault } from '../store.mts';

/** How an option or field is entered in the node. */
export type Style =
	/** The value itself. */
	| 'literal'
	/** `{{ $json.name }}`, the form in nearly every workflow. */
	| 'plain'
	/** A more complex expression. */
	| 'long'
	/** An expression within text, which n8n turns into a string. */
	| 'text';

/** A node option; item i gets `values[i % values.length]`. An omitted value is an expression that finds nothing. */
export interface OptionPlan {
	style: Style;
	values: unknown[];
}

export const YES_OR_NO = ['dryRun', 'sendOnce', 'sendAgain', 'optedIn', 'simplify', 'includeInputFields'] as const;
export type YesOrNo = (typeof YES_OR_NO)[number];

export type OptionName =
	| YesOrNo
	| 'defaultCountry'
	| 'sendOnceKey'
	| 'waitUntil'
	| 'waitTimeout'
	| 'retryFor'
	| 'timeout'
	| 'messagesPerSecond'
	| 'maxConcurrency'
	| 'languageCode'
	| 'namespace'
	| 'output'
	| 'doNotContact';

/** Options that version 2 of the node has as fields too; both may be given. */
export const FIELDS = ['sendOnce', 'optedIn', 'dryRun', 'waitUntil', 'waitTimeout'] as const;
export type FieldName = (typeof FIELDS)[number];

/** An input item: a customer and an arrival. */
export interface Row {
	/** Unique in the world and part of the message: six digits, starting with 1. Duplicate rows share it. */
	ref: number;
	phone: unknown;
	customerName: unknown;
	/** The reference as given: a text, a number, or neither. */
	orderReference: unknown;
	productName: unknown;
	nextStep: unknown;
}

export type SendOperation = 'sendStockArrivalTemplate' | 'sendTemplate' | 'sendText';
export type Operation = SendOperation | 'findSentMessage' | 'getMessageStatus';

/** A 1MSG node in its own workflow. */
export interface NodePlan {
	operation: Operation;
	rows: Row[];
	/** How the recipient is entered. */
	phoneStyle: 'literal' | 'plain' | 'long';
	options: Partial<Record<OptionName, OptionPlan>>;
	version: 1 | 2;
	/** None in version 1. */
	fields: Partial<Record<FieldName, OptionPlan>>;
	templateMode: 'list' | 'name' | 'nameOnly';
	/** Whether the text changes with every attempt, as with `{{ $now }}`. */
	changing: boolean;
	onError?: 'continueRegularOutput' | 'continueErrorOutput';
	retry?: { maxTries: number; waitBetweenTries: number };
	/** Runs per execution, as in a loop. */
	runs: number;
}

/** Whether a node only queries. */
export function asks({ operation }: Pick<NodePlan, 'operation'>): boolean {
	return operation === 'findSentMessage' || operation === 'getMessageStatus';
}

export type Act =
	/** `node` indexes the world's nodes. `testRecipient` is the credential's. */
	| { do: 'start'; node: number; testRecipient?: unknown; process?: 'second' }
	/** The machine crashes and restarts. */
	| { do: 'crash' }
	/** n8n is restarted while idle. */
	| { do: 'restart' }
	/** A user stops the latest execution. */
	| { do: 'cancel' }
	| { do: 'jump'; by: number };

/** An act and its time: milliseconds after the previous one, or once all executions have ended. */
export interface Moment {
	when: number | 'idle';
	act: Act;
}

/** A business message from outside the nodes: an agent's, to the customer of a row. */
export interface AgentMessage {
	node: number;
	row: number;
	text: string;
	/** Milliseconds before the world's start; negative: after. */
	ago: number;
}

export interface SendWorld {
	/** Seed for the node's randomness. */
	chance: number;
	nodes: NodePlan[];
	moments: Moment[];
	channel: {
		latency: number;
		/** Faults of the sends, in order. */
		sends: Array<Fault | null>;
		/** From this send on, the channel answers every one like this. */
		everyone?: { from: number; fault: Extract<Fault, { kind: 'refused' }> };
		limit?: { perSecond: number; burst: number; refusal: Extract<Fault, { kind: 'throttled' }> };
		templates: Array<Fault | null>;
		hookInfo: Array<Fault | null>;
		/** After the listed faults, the delay of every further status query, in milliseconds. */
		slowHookInfo: number;
		/** The channel throttles every query of a status or the history, and no send. */
		throttlesQueries: boolean;
		history: Array<Fault | null>;
		/** Template rows besides the approved one, and their positions. */
		twin: 'none' | 'rejectedBefore' | 'rejectedAfter' | 'paused';
		hasOldNames: boolean;
		agents: AgentMessage[];
		reports: Array<Array<{ status: string; after: number; errors?: unknown[] }>>;
	};
	/** Faults of n8n's database, in call order. */
	store: Array<StoreFault | null>;
	/** Milliseconds per database read and write. */
	storeLatency: number;
}
