/** What a world of sends is made of: plain data, so that it can be printed, repeated and made small. */
import type { Fault } from '../faults.mts';
import type { StoreFault } from '../store.mts';

/** How an option or a field is written in the node. */
export type Style =
	/** The value itself. */
	| 'literal'
	/** `{{ $json.name }}`, the form that nearly every workflow has. */
	| 'plain'
	/** An expression that does more. */
	| 'long'
	/** An expression inside of text: n8n makes a text of it. */
	| 'text';

/** An option of the node; item number i has `values[i % values.length]`. A value that is left out is an expression that finds nothing. */
export interface OptionPlan {
	style: Style;
	values: unknown[];
}

export const YES_OR_NO = ['dryRun', 'sendOnce', 'sendAgain', 'optedIn', 'simplify'] as const;
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
	| 'namespace';

/** An input item: one customer, one arrival. */
export interface Row {
	/** Stands in the message and nowhere else in the world: six digits, 1 first. Rows that are the same twice share it. */
	ref: number;
	phone: unknown;
	customerName: unknown;
	/** The reference as it is given: a text, a number, or something that is none. */
	orderReference: unknown;
	productName: unknown;
	nextStep: unknown;
}

export type SendOperation = 'sendStockArrivalTemplate' | 'sendTemplate' | 'sendText';
export type Operation = SendOperation | 'findSentMessage' | 'getMessageStatus';

/** A 1MSG node in a workflow of its own. */
export interface NodePlan {
	operation: Operation;
	rows: Row[];
	/** How the recipient is written. */
	phoneStyle: 'literal' | 'plain' | 'long';
	options: Partial<Record<OptionName, OptionPlan>>;
	templateMode: 'list' | 'name' | 'nameOnly';
	/** Whether the text changes with every try of the node, as with `{{ $now }}`. */
	changing: boolean;
	onError?: 'continueRegularOutput' | 'continueErrorOutput';
	retry?: { maxTries: number; waitBetweenTries: number };
	/** How often it runs in an execution, as in a loop. */
	runs: number;
}

/** Whether a node only asks, and sends nothing. */
export function asks({ operation }: Pick<NodePlan, 'operation'>): boolean {
	return operation === 'findSentMessage' || operation === 'getMessageStatus';
}

export type Act =
	/** `node` counts within the world's nodes. `testRecipient` is what stands in the credential. */
	| { do: 'start'; node: number; testRecipient?: unknown; process?: 'second' }
	/** The machine goes down and comes up again. */
	| { do: 'crash' }
	/** n8n is restarted when nothing runs. */
	| { do: 'restart' }
	/** A person at n8n stops what began last. */
	| { do: 'cancel' }
	| { do: 'jump'; by: number };

/** What happens, and when: so many milliseconds after the act before, or when all executions have ended. */
export interface Moment {
	when: number | 'idle';
	act: Act;
}

/** A message of the business that no world's node sent: an agent's, to the customer of a row. */
export interface AgentMessage {
	node: number;
	row: number;
	text: string;
	/** Milliseconds before the world began; below zero: after. */
	ago: number;
}

export interface SendWorld {
	/** Seeds what the node takes from chance. */
	chance: number;
	nodes: NodePlan[];
	moments: Moment[];
	channel: {
		latency: number;
		/** Faults of the sends, by the order in which they come. */
		sends: Array<Fault | null>;
		/** From the so-manieth send on, the channel gives everyone this. */
		everyone?: { from: number; fault: Extract<Fault, { kind: 'refused' }> };
		limit?: { perSecond: number; burst: number; refusal: Extract<Fault, { kind: 'throttled' }> };
		templates: Array<Fault | null>;
		hookInfo: Array<Fault | null>;
		/** After the listed faults, every further question about a status is answered so late, in milliseconds. */
		slowHookInfo: number;
		history: Array<Fault | null>;
		/** Rows of the template list beside the approved one, and where. */
		twin: 'none' | 'rejectedBefore' | 'rejectedAfter' | 'paused';
		hasOldNames: boolean;
		agents: AgentMessage[];
		reports: Array<Array<{ status: string; after: number; errors?: unknown[] }>>;
	};
	/** Faults of n8n's database, by the order of the calls. */
	store: Array<StoreFault | null>;
}
