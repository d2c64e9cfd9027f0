/** The senders that are compared. */
export type Contender = 'ours' | 'http' | 'batched' | 'oneByOne';

export const CONTENDERS: Record<Contender, string> = {
	ours: 'this node, nothing set',
	http: 'HTTP Request, defaults',
	batched: 'HTTP Request, batch = limit',
	oneByOne: 'one at a time',
};

/** One situation that every contender is put into. */
export interface Scenario {
	/** Messages per second that the channel takes (token bucket, one second's burst); null for no limit. */
	limit: number | null;
	/** Milliseconds until the channel answers. */
	latency: number;
	items: number;
	/** One execution with all items, or as many executions with one item each, fired at once. */
	executions: 'one' | 'single items';
	/** Share of sends answered 500, not accepted. */
	serverErrors: number;
	/** Templates in the channel besides the sandbox's own. */
	moreTemplates: number;
	contenders: Contender[];
	/** How often each contender runs, in turns; the middle of each figure counts. */
	rounds: number;
}

/** One at a time takes minutes for what says nothing new after a hundred. */
export const MAX_ONE_BY_ONE = 100;

const LIMITS = [20, 80, 250];
const LATENCIES = [50, 100, 300];
const SIZES = [1000, 10_000, 50_000];

function scenario(given: Partial<Scenario> & Pick<Scenario, 'items'>): Scenario {
	const { limit = null, latency = 100, executions = 'one', serverErrors = 0, moreTemplates = 0, items } = given;
	const contenders: Contender[] = ['ours', 'http'];
	if (limit !== null && executions === 'one') contenders.push('batched');
	if (items <= 1000 && executions === 'one' && serverErrors === 0) contenders.push('oneByOne');
	return { limit, latency, items, executions, serverErrors, moreTemplates, contenders: given.contenders ?? contenders, rounds: given.rounds ?? 1 };
}

/** What `npm run bench` runs by itself, in some seven minutes, besides the trigger. What is over in seconds and compared closely is run three times. */
export const CHOSEN: Scenario[] = [
	scenario({ items: 1000, rounds: 3 }),
	scenario({ items: 50_000 }),
	scenario({ limit: 20, items: 200, contenders: ['ours', 'http', 'batched'] }),
	scenario({ limit: 20, items: 1000, contenders: ['ours'] }),
	scenario({ limit: 80, items: 1000, contenders: ['ours', 'http', 'batched'] }),
	scenario({ limit: 80, latency: 300, items: 1000, contenders: ['ours'] }),
	scenario({ limit: 250, latency: 50, items: 1000, contenders: ['ours'] }),
	scenario({ limit: 250, items: 1000, contenders: ['ours', 'http', 'batched'], rounds: 3 }),
	scenario({ limit: 250, latency: 300, items: 1000, contenders: ['ours'], rounds: 3 }),
	scenario({ limit: 250, items: 10_000, contenders: ['ours'] }),
	scenario({ limit: 80, items: 1000, executions: 'single items' }),
	scenario({ items: 1000, serverErrors: 0.1 }),
	scenario({ items: 1000, moreTemplates: 2000, contenders: ['ours'] }),
];

/** Everything: every limit with every latency at 1,000 items and with every number of items at 100 ms, and every share of server errors. */
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

/** A scenario in words. */
export function nameOf({ limit, latency, items, executions, serverErrors, moreTemplates }: Scenario): string {
	const what = executions === 'one' ? `${number.format(items)} items` : `${number.format(items)} executions of one item`;
	const errors = serverErrors > 0 ? `, ${serverErrors * 100} % server errors` : '';
	const templates = moreTemplates > 0 ? `, ${number.format(moreTemplates)} more templates` : '';
	return `${limit === null ? 'no limit' : `${limit} per second`}, ${latency} ms, ${what}${errors}${templates}`;
}

/** How many messages a contender is given. */
export function itemsFor({ items }: Scenario, contender: Contender): number {
	return contender === 'oneByOne' ? Math.min(items, MAX_ONE_BY_ONE) : items;
}

/** How often a contender runs; one at a time always takes as long, and who loses most of the messages is not compared closely. */
export function roundsFor({ rounds, limit }: Scenario, contender: Contender): number {
	return contender === 'oneByOne' || (contender === 'http' && limit !== null) ? 1 : rounds;
}

/** Seconds that a run will about take, for the progress bar. */
export function secondsFor(scenario: Scenario, contender: Contender): number {
	const count = itemsFor(scenario, contender);
	const { limit, latency } = scenario;
	if (contender === 'oneByOne') return 4 + count * (latency / 1000 + 0.01);
	const paced = limit === null || contender === 'http' ? 0 : count / limit;
	return 4 + Math.max(paced, count * (contender === 'ours' ? 0.0012 : 0.0018));
}
