/** The compared senders. */
export type Contender = 'ours' | 'http' | 'batched' | 'oneByOne';

export const CONTENDERS: Record<Contender, string> = {
	ours: 'this node, defaults',
	http: 'HTTP Request, defaults',
	batched: 'HTTP Request, batch = limit',
	oneByOne: 'one at a time',
};

/** A scenario for every contender. */
export interface Scenario {
	/** Rate limit in messages per second (token bucket, one second's burst); null for none. */
	limit: number | null;
	/** Response latency in milliseconds. */
	latency: number;
	items: number;
	/** One execution with all items, or one per item, all started at once. */
	executions: 'one' | 'single items';
	/** A throttled send is answered at once, an accepted one after the latency. */
	refusesAtOnce: boolean;
	/** The limit after ten seconds; null for no change. */
	nextLimit: number | null;
	/** Share of sends answered 500, not accepted. */
	serverErrors: number;
	/** Additional templates in the channel. */
	moreTemplates: number;
	contenders: Contender[];
	/** Runs per contender, in turns; the median of each figure counts. */
	rounds: number;
}

/** Sequential sending takes minutes and adds nothing after a hundred. */
export const MAX_ONE_BY_ONE = 100;

const LIMITS = [20, 80, 250];
const LATENCIES = [50, 100, 300];
const SIZES = [1000, 10_000, 50_000];

function scenario(given: Partial<Scenario> & Pick<Scenario, 'items'>): Scenario {
	const { limit = null, latency = 100, executions = 'one', refusesAtOnce = false, nextLimit = null, serverErrors = 0, moreTemplates = 0, items } = given;
	const contenders: Contender[] = ['ours', 'http'];
	if (limit !== null && executions === 'one') contenders.push('batched');
	if (items <= 1000 && executions === 'one' && serverErrors === 0) contenders.push('oneByOne');
	return { limit, latency, items, executions, refusesAtOnce, nextLimit, serverErrors, moreTemplates, contenders: given.contenders ?? contenders, rounds: given.rounds ?? 1 };
}

/** Default scenarios, about seven minutes, plus the trigger. Short, close contests run three times. */
export const CHOSEN: Scenario[] = [
	scenario({ items: 1000, rounds: 3 }),
	scenario({ items: 50_000 }),
	scenario({ limit: 20, items: 200, contenders: ['ours', 'http', 'batched'] }),
	scenario({ limit: 20, items: 200, refusesAtOnce: true, contenders: ['ours'] }),
	scenario({ limit: 20, items: 1000, contenders: ['ours'] }),
	scenario({ limit: 80, items: 1000, contenders: ['ours', 'http', 'batched'] }),
	scenario({ limit: 80, latency: 300, items: 1000, contenders: ['ours'] }),
	scenario({ limit: 250, latency: 50, items: 1000, contenders: ['ours'] }),
	scenario({ limit: 250, items: 1000, contenders: ['ours', 'http', 'batched'], rounds: 3 }),
	scenario({ limit: 250, latency: 300, items: 1000, contenders: ['ours'], rounds: 3 }),
	scenario({ limit: 250, items: 10_000, contenders: ['ours'] }),
	scenario({ limit: 80, items: 1000, refusesAtOnce: true, contenders: ['ours'] }),
	scenario({ limit: 250, items: 1000, refusesAtOnce: true, contenders: ['ours'] }),
	scenario({ limit: 80, nextLimit: 20, items: 1400, contenders: ['ours'] }),
	scenario({ limit: 20, nextLimit: 80, items: 2000, contenders: ['ours'] }),
	scenario({ limit: 80, items: 1000, executions: 'single items' }),
	scenario({ items: 1000, serverErrors: 0.1 }),
	scenario({ items: 1000, moreTemplates: 2000, contenders: ['ours'] }),
];

/** All scenarios: every limit and latency at 1,000 items, every number of items at 100 ms, and every share of server errors. */
export const FULL: Scenario[] = [
	...LATENCIES.flatMap((latency) => SIZES.map((items) => scenario({ latency, items }))),
	...LATENCIES.map((latency) => scenario({ limit: 20, latency, items: 200 })),
	...LIMITS.flatMap((limit) => LATENCIES.map((latency) => scenario({ limit, latency, items: 1000 }))),
	...LIMITS.flatMap((limit) => [10_000, 50_000].map((items) => scenario({ limit, items, contenders: ['ours', 'batched'] }))),
	...LIMITS.map((limit) => scenario({ limit, items: 1000, executions: 'single items' })),
	scenario({ items: 1000, executions: 'single items' }),
	scenario({ items: 1000, moreTemplates: 2000, contenders: ['ours'] }),
	scenario({ items: 10_000, moreTemplates: 2000, contenders: ['ours'] }),
	...[0.01, 0.1].flatMap((serverErrors) => SIZES.map((items) => scenario({ serverErrors, items }))),
];

const number = new Intl.NumberFormat('en-US');

/** Name of a scenario. */
export function nameOf({ limit, latency, items, executions, refusesAtOnce, nextLimit, serverErrors, moreTemplates }: Scenario): string {
	const what = executions === 'one' ? `${number.format(items)} items` : `${number.format(items)} executions of one item`;
	const errors = serverErrors > 0 ? `, ${serverErrors * 100} % server errors` : '';
	const templates = moreTemplates > 0 ? `, ${number.format(moreTemplates)} more templates` : '';
	const pace = limit === null ? 'no limit' : `${limit} per second${nextLimit === null ? '' : `, then ${nextLimit}`}`;
	return `${pace}, ${latency} ms${refusesAtOnce ? ', refusals at once' : ''}, ${what}${errors}${templates}`;
}

/** Number of messages for a contender. */
export function itemsFor({ items }: Scenario, contender: Contender): number {
	return contender === 'oneByOne' ? Math.min(items, MAX_ONE_BY_ONE) : items;
}

/** Runs of a contender; sequential sending has constant time, and a sender that loses most messages needs no precision. */
export function roundsFor({ rounds, limit }: Scenario, contender: Contender): number {
	return contender === 'oneByOne' || (contender === 'http' && limit !== null) ? 1 : rounds;
}

/** Estimated seconds of a run, for the progress bar. */
export function secondsFor(scenario: Scenario, contender: Contender): number {
	const count = itemsFor(scenario, contender);
	const { limit, nextLimit, latency } = scenario;
	if (contender === 'oneByOne') return 4 + count * (latency / 1000 + 0.01);
	const paced = limit === null || contender === 'http' ? 0 : nextLimit === null ? count / limit : 10 + (count - 11 * limit) / nextLimit;
	return 4 + Math.max(paced, count * (contender === 'ours' ? 0.0012 : 0.0018));
}
