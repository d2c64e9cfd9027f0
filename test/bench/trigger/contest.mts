/** The triggers that are compared. */
export type Trigger = 'ours' | 'minimal' | 'builtIn';

/** n8n's ways of evaluating expressions, which every call of a community trigger pays for. */
export type ExpressionEngine = 'default' | 'legacy';

export const ENGINES: ExpressionEngine[] = ['default', 'legacy'];

/** One kind of POST to one trigger. */
export interface Entrant {
	trigger: Trigger;
	/** What the POSTs hold: statuses nobody asked for, one status again and again, or new ones. */
	statuses: 'unwanted' | 'repeated' | 'new';
	/** Statuses in one POST. */
	entries: number;
}

/** What the others are measured against. */
export const MINIMAL: Entrant = { trigger: 'minimal', statuses: 'new', entries: 1 };

export const UNWANTED: Entrant = { trigger: 'ours', statuses: 'unwanted', entries: 1 };
export const REPEATED: Entrant = { trigger: 'ours', statuses: 'repeated', entries: 1 };
export const ONE_PER_POST: Entrant = { trigger: 'ours', statuses: 'new', entries: 1 };
export const HUNDRED_PER_POST: Entrant = { trigger: 'ours', statuses: 'new', entries: 100 };
const BUILT_IN: Entrant = { trigger: 'builtIn', statuses: 'new', entries: 1 };

/** Everything that is measured, in one n8n. */
export const ENTRANTS: Entrant[] = [MINIMAL, ONE_PER_POST, BUILT_IN, UNWANTED, REPEATED, HUNDRED_PER_POST];

/** POSTs under way at once. */
export const CONCURRENCY = 20;
/** Each entrant's turns; a turn's POSTs are sent for so many seconds. */
export const TURNS = 8;
export const TURN_SECONDS = 1;

/** How many executions a POST of the entrant starts. */
export function startsExecution({ statuses }: Entrant): boolean {
	return statuses === 'new';
}

/** An entrant in words. */
export function entrantName({ trigger, statuses, entries }: Entrant): string {
	if (trigger === 'minimal') return 'a minimal community trigger, an execution per POST';
	if (trigger === 'builtIn') return "n8n's own Webhook node, an execution per POST";
	if (statuses === 'unwanted') return '1MSG Trigger, statuses that are not wanted';
	if (statuses === 'repeated') return '1MSG Trigger, repeated statuses';
	return entries === 1 ? '1MSG Trigger, an execution per POST' : `1MSG Trigger, ${entries} entries per POST`;
}
