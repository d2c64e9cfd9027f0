import { Pool } from 'undici';
import { postsOf } from './bodies.mts';
import { CONCURRENCY, ENTRANTS, startsExecution, TURN_SECONDS, TURNS, type Entrant } from './contest.mts';
import type { ContestN8n } from './n8n.mts';

const TIMEOUT_MS = 60_000;

/** Result of an entrant. */
export interface EntrantResult {
	entrant: Entrant;
	/** Statuses per second, by turn. */
	perSecond: number[];
}

/**
 * Runs the entrants in turns, in a different order each round, so that other load affects them equally. A turn ends when
 * every POST is answered and every execution is over. Throws if a POST is refused or starts the wrong number of executions.
 */
export async function takeTurns(n8n: ContestN8n, channelId: string, onTurn: (entrant: Entrant) => void): Promise<EntrantResult[]> {
	const results = ENTRANTS.map((entrant): EntrantResult => ({ entrant, perSecond: [] }));
	let number = 0;
	const turn = async (entrant: Entrant, seconds: number) => await takeTurn(n8n, entrant, postsOf(entrant, channelId, () => ++number), seconds);
	for (const entrant of ENTRANTS) await turn(entrant, 1);
	for (let round = 0; round < TURNS; round++) {
		for (let index = 0; index < results.length; index++) {
			const result = results[(index + round) % results.length]!;
			onTurn(result.entrant);
			result.perSecond.push(await turn(result.entrant, TURN_SECONDS));
		}
	}
	return results;
}

/** Posts for this many seconds; returns statuses per second. */
async function takeTurn(n8n: ContestN8n, entrant: Entrant, nextPost: () => string, seconds: number): Promise<number> {
	const url = new URL(n8n.urls[entrant.trigger]);
	const pool = new Pool(url.origin, { connections: CONCURRENCY });
	const before = n8n.executions();
	const started = performance.now();
	let posts = 0;
	const post = async () => {
		while (performance.now() - started < seconds * 1000) {
			const { statusCode, body } = await pool.request({
				method: 'POST',
				path: url.pathname + url.search,
				headers: { 'content-type': 'application/json' },
				body: nextPost(),
				headersTimeout: TIMEOUT_MS,
			});
			const text = await body.text();
			if (statusCode !== 200) throw new Error(`${entrant.trigger} answered ${statusCode}: ${text.slice(0, 300)}`);
			posts++;
		}
	};
	try {
		await Promise.all(Array.from({ length: CONCURRENCY }, post));
		await n8n.quiet();
		const passed = (performance.now() - started) / 1000;
		check(entrant, posts, n8n.executions() - before);
		return (posts * entrant.entries) / passed;
	} finally {
		await pool.destroy();
	}
}

function check(entrant: Entrant, posts: number, executions: number): void {
	// The first of the repeats is new.
	const most = startsExecution(entrant) ? posts : entrant.statuses === 'repeated' ? 1 : 0;
	const least = startsExecution(entrant) ? posts : 0;
	if (executions < least || executions > most) {
		throw new Error(`${posts} POSTs of "${entrant.statuses}" statuses to ${entrant.trigger} started ${executions} executions.`);
	}
}
