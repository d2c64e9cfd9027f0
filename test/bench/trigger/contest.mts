/** The compared triggers. */
export type Trigger = 'ours' | 'minimal' | 'builtIn';

/** n8n's expression engines, a cost of every community trigger call. */
export type ExpressionEngine = 'default' | 'legacy';

export const ENGINES: ExpressionEngine[] = ['default', 'legacy'];

/** A kind of POST to a trigger. */
export interface Entrant {
	trigger: Trigger;
	/** Contents of the POSTs: unselected statuses, one repeated status, or new ones. */
	statuses: 'unwanted' | 'repeated' | 'new';
	/** Statuses per POST. */
	entries: number;
}

/** The baseline. */
export const MINIMAL: Entrant = { trigger: 'minimal', statuses: 'new', entries: 1 };

export const UNWANTED: Entrant = { trigger: 'ours', statuses: 'unwanted', entries: 1 };
export const REPEATED: Entrant = { trigger: 'ours', statuses: 'repeated', entries: 1 };
export const ONE_PER_POST: Entrant = { trigger: 'ours', statuses: 'new', entries: 1 };
export const HUNDRED_PER_POST: Entrant = { trigger: 'ours', statuses: 'new', entries: 100 };
const BUILT_IN: Entrant = { trigger: 'builtIn', statuses: 'new', entries: 1 };

/** All measurements in one n8n. */
export const ENTRANTS: Entrant[] = [MINIMAL, ONE_PER_POST, BUILT_IN, UNWANTED, REPEATED, HUNDRED_PER_POST];

/** Concurrent POSTs. */
export const CONCURRENCY = 20;
/** Turns per entrant, and seconds per turn. */
export const TURNS = 8;
export const TURN_SECONDS = 1;

/** Executions started per POST. */
export function startsExecution({ statuses }: Entrant): boolean {
	return statuses === 'new';
}

/** An entrant's description. */
export function entrantName({ trigger, statuses, entries }: Entrant): string {
	if (trigger === 'minimal') return 'a minimal community trigger, an execution per POST';
	if (trigger === 'builtIn') return "n8n's own Webhook node, an execution per POST";
	if (statuses === 'unwanted') return '1MSG Trigger, statuses that are not wanted';
	if (statuses === 'repeated') return '1MSG Trigger, repeated statuses';
	return entries === 1 ? '1MSG Trigger, an execution per POST' : `1MSG Trigger, ${entries} entries per POST`;
}
