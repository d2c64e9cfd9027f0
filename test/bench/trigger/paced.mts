import { setTimeout as sleep } from 'node:timers/promises';
import { GATHER_FOR, GATHERED, ONE_PER_POST, type Entrant } from './contest.mts';
import { postWhile } from './posting.mts';
import type { Contest } from './turns.mts';

/** Statuses, and milliseconds between two of one trigger. */
const STATUSES = 8;
const PAUSE_MS = 1000;

/** Seconds that it takes. */
export const PACED_SECONDS = (STATUSES * PAUSE_MS) / 1000 + 2 * GATHER_FOR;

/** Statuses that come one per second to one trigger. */
export interface PacedResult {
	statuses: number;
	executions: number;
	/** Milliseconds from each POST to the end of its execution, as n8n saved it. */
	ends: number[];
}

/** After a quiet time, one status per second to the trigger that gathers, and between them one to the trigger that does not. */
export async function paced(contest: Contest): Promise<{ gathered: PacedResult; each: PacedResult }> {
	await sleep(2 * GATHER_FOR * 1000);
	const [gathered, each] = await Promise.all([GATHERED, ONE_PER_POST].map(async (entrant, index) => {
		await sleep((index * PAUSE_MS) / 2);
		return await onePerSecond(contest, entrant);
	}));
	return { gathered: gathered!, each: each! };
}

async function onePerSecond({ n8n, postsOf }: Contest, entrant: Entrant): Promise<PacedResult> {
	const before = n8n.executions.latest();
	const postedAt = new Map<string, number>();
	const nextPost = postsOf(entrant);
	const sent: Array<Promise<unknown>> = [];
	for (let status = 0; status < STATUSES; status++) {
		const next = sleep(PAUSE_MS);
		const post = nextPost();
		for (const one of post.messageIds) postedAt.set(one, Date.now());
		sent.push(postWhile(n8n.urls[entrant.trigger], 1, () => post, (posts) => posts === 0));
		await next;
	}
	await Promise.all(sent);
	const executions = (await n8n.executions.ofMessages([...postedAt.keys()], before)).filter(({ messageIds }) => [...messageIds].some((one) => postedAt.has(one)));
	const ends = executions.flatMap(({ stoppedAt, messageIds }) => [...messageIds].map((one) => stoppedAt - postedAt.get(one)!));
	return { statuses: STATUSES, executions: executions.length, ends };
}
