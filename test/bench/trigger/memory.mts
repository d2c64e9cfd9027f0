import { setTimeout as sleep } from 'node:timers/promises';
import { CONCURRENCY, type Entrant } from './contest.mts';
import { postWhile } from './posting.mts';
import type { Contest } from './turns.mts';

/** Statuses of 5,000 messages: sent, delivered, read; and those after which memory has to be flat. */
export const HOOKS = 15_000;
export const FIRST_HOOKS = 1000;

const LOOK_MS = 250;

/** n8n's memory while the hooks come, in bytes. */
export interface MemoryResult {
	/** In use, heap and buffers, after a garbage collection, when the first hooks were executed, and when all were. */
	keptBefore: number;
	keptAfter: number;
	/** Resident, by hooks posted; the first sample is after that first garbage collection. */
	resident: Array<{ hooks: number; bytes: number }>;
}

/** Posts a status each to an entrant's trigger, in an n8n that has just started. */
export async function memoryOfStorm({ n8n, postsOf }: Contest, entrant: Entrant): Promise<MemoryResult> {
	const inspector = await n8n.inspector();
	let posts = 0;
	const nextPost = postsOf(entrant);
	const postUntil = async (total: number) => {
		const before = n8n.executions.latest();
		const begun = posts;
		const posted = await postWhile(n8n.urls[entrant.trigger], CONCURRENCY, nextPost, (more) => (posts = begun + more) < total);
		await n8n.executions.ofMessages(posted.messageIds, before);
	};
	await postUntil(FIRST_HOOKS);
	const keptBefore = await inspector.kept();
	const resident: MemoryResult['resident'] = [];
	let isOver = false;
	const looking = (async () => {
		while (!isOver) {
			resident.push({ hooks: posts, bytes: await inspector.resident() });
			await sleep(LOOK_MS);
		}
	})();
	await postUntil(HOOKS).finally(() => (isOver = true));
	await looking;
	const keptAfter = await inspector.kept();
	inspector.close();
	return { keptBefore, keptAfter, resident };
}

/** Resident bytes when so many hooks were posted. */
export function residentAt({ resident }: MemoryResult, hooks: number): number {
	return (resident.find((sample) => sample.hooks >= hooks) ?? resident.at(-1)!).bytes;
}
