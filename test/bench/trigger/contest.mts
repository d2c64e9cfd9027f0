/** The compared triggers: ours with an execution per POST, ours with Gather For, and two others. */
export type Trigger = 'ours' | 'gathering' | 'minimal' | 'builtIn';

/** How n8n evaluates expressions, a cost of every community trigger call: as installed, with N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE, or with N8N_EXPRESSION_ENGINE=legacy. */
export type ExpressionEngine = 'default' | 'lazy' | 'legacy';

export const ENGINES: ExpressionEngine[] = ['default', 'lazy', 'legacy'];

/** A kind of POST to a trigger. */
export interface Entrant {
	trigger: Trigger;
	/** Contents of the POSTs: unselected statuses, one repeated status, or new ones. */
	statuses: 'unwanted' | 'repeated' | 'new';
	/** Statuses per POST. */
	entries: number;
	/** Of posting, per turn. */
	seconds: number;
}

const entrant = (trigger: Trigger, rest: Partial<Entrant> = {}): Entrant => ({ trigger, statuses: 'new', entries: 1, seconds: 2, ...rest });

/** The baseline. */
export const MINIMAL = entrant('minimal');

export const BUILT_IN = entrant('builtIn');
export const ONE_PER_POST = entrant('ours');
/** Long enough for several windows of `GATHER_FOR`. */
export const GATHERED = entrant('gathering', { seconds: 4 });
export const UNWANTED = entrant('ours', { statuses: 'unwanted', seconds: 1 });
export const REPEATED = entrant('ours', { statuses: 'repeated', seconds: 1 });
export const HUNDRED_PER_POST = entrant('ours', { entries: 100, seconds: 1 });

/** All that take turns in one n8n. */
export const ENTRANTS: Entrant[] = [MINIMAL, BUILT_IN, ONE_PER_POST, GATHERED, UNWANTED, REPEATED, HUNDRED_PER_POST];

/** The Gather For of the trigger 'gathering', in seconds. */
export const GATHER_FOR = 1;
/** Concurrent POSTs. */
export const CONCURRENCY = 20;
/** Turns per entrant. */
export const TURNS = 5;

/** The same with many POSTs at once, one turn each. */
export const CROWD = { concurrency: 200, entrants: [BUILT_IN, GATHERED] };

/** An entrant's description. */
export function entrantName({ trigger, statuses, entries }: Entrant): string {
	if (trigger === 'minimal') return 'a minimal community trigger, an execution per POST';
	if (trigger === 'builtIn') return "n8n's own Webhook node, an execution per POST";
	if (trigger === 'gathering') return `1MSG Trigger, Gather For ${GATHER_FOR}`;
	if (statuses === 'unwanted') return '1MSG Trigger, statuses that are not wanted';
	if (statuses === 'repeated') return '1MSG Trigger, repeated statuses';
	return entries === 1 ? '1MSG Trigger, an execution per POST' : `1MSG Trigger, ${entries} entries per POST`;
}
