import { setTimeout as sleep } from 'node:timers/promises';
import { CONCURRENCY, GATHERED } from './contest.mts';
import { postWhile } from './posting.mts';
import type { Contest } from './turns.mts';

/** Statuses of 5,000 messages: sent, delivered, read. */
export const HOOKS = 15_000;

const LOOK_MS = 250;

/** Resident bytes of n8n when so many hooks had been posted. */
export interface MemorySample {
	hooks: number;
	bytes: number;
}

/** Posts a status each to the trigger that gathers, and looks at n8n's memory meanwhile; undefined where the system does not tell. */
export async function memoryOfStorm({ n8n, postsOf }: Contest): Promise<MemorySample[] | undefined> {
	if ((await n8n.memory()) === null) return undefined;
	const before = n8n.executions.latest();
	const samples: MemorySample[] = [];
	let posts = 0;
	let isOver = false;
	const looking = (async () => {
		while (!isOver) {
			samples.push({ hooks: posts, bytes: (await n8n.memory())! });
			await sleep(LOOK_MS);
		}
	})();
	const posted = await postWhile(n8n.urls[GATHERED.trigger], CONCURRENCY, postsOf(GATHERED), (begun) => (posts = begun) < HOOKS).finally(() => (isOver = true));
	await looking;
	await n8n.executions.ofMessages(posted.messageIds, before);
	return samples;
}
