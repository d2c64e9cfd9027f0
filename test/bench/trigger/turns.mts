import type { Post } from './bodies.mts';
import { CONCURRENCY, CROWD, ENTRANTS, TURNS, type Entrant } from './contest.mts';
import type { Execution } from './executions.mts';
import type { ContestN8n } from './n8n.mts';
import { forSeconds, postWhile, type Posted } from './posting.mts';

/** Result of an entrant. */
export interface EntrantResult {
	entrant: Entrant;
	/** Statuses per second, by turn. */
	perSecond: number[];
	/** Milliseconds to each answer, of all turns. */
	answers: number[];
	/** Statuses that were executed, and the executions that they needed, of all turns. */
	statuses: number;
	executions: number;
}

/** An n8n, and POSTs with ever new message IDs for it. */
export interface Contest {
	n8n: ContestN8n;
	postsOf: (entrant: Entrant) => () => Post;
}

/** Runs the entrants in turns, in a different order each round, so that other load affects them equally. */
export async function takeTurns(contest: Contest, onTurn: (entrant: Entrant) => void): Promise<EntrantResult[]> {
	const results = ENTRANTS.map(emptyResult);
	for (const { entrant } of results) await takeTurn(contest, emptyResult({ ...entrant, seconds: 1 }), CONCURRENCY);
	for (let round = 0; round < TURNS; round++) {
		for (let index = 0; index < results.length; index++) {
			const result = results[(index + round) % results.length]!;
			onTurn(result.entrant);
			await takeTurn(contest, result, CONCURRENCY);
		}
	}
	return results;
}

/** One turn each with many POSTs at once. */
export async function crowd(contest: Contest, onTurn: (entrant: Entrant) => void): Promise<EntrantResult[]> {
	const results = CROWD.entrants.map(emptyResult);
	for (const result of results) {
		onTurn(result.entrant);
		await takeTurn(contest, result, CROWD.concurrency);
	}
	return results;
}

/** A turn ends when every POST is answered and every execution is over. Throws unless each status is in exactly one execution. */
async function takeTurn({ n8n, postsOf }: Contest, result: EntrantResult, concurrency: number): Promise<void> {
	const { entrant } = result;
	const before = n8n.executions.latest();
	const posted = await postWhile(n8n.urls[entrant.trigger], concurrency, postsOf(entrant), forSeconds(entrant.seconds));
	const executions = await n8n.executions.ofMessages(posted.messageIds, before);
	// The first of the repeats is new.
	const most = entrant.statuses === 'new' ? posted.posts : entrant.statuses === 'repeated' ? 1 : 0;
	if (executions.length > most) throw new Error(`${posted.posts} POSTs of "${entrant.statuses}" statuses to ${entrant.trigger} started ${executions.length} executions.`);
	result.perSecond.push(speedOf(entrant, posted, executions));
	result.answers.push(...posted.answers);
	result.statuses += posted.messageIds.length;
	result.executions += executions.length;
}

/**
 * Statuses per second, from the first POST to the end of the last execution. With Gather For, the last window is left out, with its
 * statuses and its time: it is not full, so n8n mostly waits for its end.
 */
function speedOf({ trigger, entries }: Entrant, { posts, startedAt, answeredAt }: Posted, executions: readonly Execution[]): number {
	const inOrder = executions.toSorted((a, b) => a.stoppedAt - b.stoppedAt);
	if (trigger !== 'gathering') return perSecond(posts * entries, startedAt, Math.max(answeredAt, inOrder.at(-1)?.stoppedAt ?? 0));
	const full = inOrder.slice(0, Math.max(1, inOrder.length - 1));
	return perSecond(full.reduce((sum, { messageIds }) => sum + messageIds.size, 0), startedAt, full.at(-1)!.stoppedAt);
}

function perSecond(statuses: number, from: number, to: number): number {
	return (statuses * 1000) / (to - from);
}

function emptyResult(entrant: Entrant): EntrantResult {
	return { entrant, perSecond: [], answers: [], statuses: 0, executions: 0 };
}
