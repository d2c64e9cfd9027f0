import { Pool } from 'undici';
import type { Post } from './bodies.mts';

const TIMEOUT_MS = 60_000;

/** What was posted, and how it was answered. */
export interface Posted {
	posts: number;
	messageIds: string[];
	/** Milliseconds from each POST to its answer. */
	answers: number[];
	/** Wall clock in milliseconds: the first POST, and the last answer. */
	startedAt: number;
	answeredAt: number;
}

/** Keeps `concurrency` POSTs under way while `goesOn` says so for the number of POSTs begun; throws if one is not answered 200. */
export async function postWhile(url: string, concurrency: number, nextPost: () => Post, goesOn: (posts: number) => boolean): Promise<Posted> {
	const { origin, pathname, search } = new URL(url);
	const pool = new Pool(origin, { connections: concurrency });
	const posted: Posted = { posts: 0, messageIds: [], answers: [], startedAt: Date.now(), answeredAt: 0 };
	const post = async () => {
		while (goesOn(posted.posts)) {
			posted.posts++;
			const { text, messageIds } = nextPost();
			const started = performance.now();
			const answer = await pool.request({ method: 'POST', path: pathname + search, headers: { 'content-type': 'application/json' }, body: text, headersTimeout: TIMEOUT_MS });
			const said = await answer.body.text();
			if (answer.statusCode !== 200) throw new Error(`${pathname} answered ${answer.statusCode}: ${said.slice(0, 300)}`);
			posted.answers.push(performance.now() - started);
			posted.messageIds.push(...messageIds);
		}
	};
	try {
		await Promise.all(Array.from({ length: concurrency }, post));
		return { ...posted, answeredAt: Date.now() };
	} finally {
		await pool.destroy();
	}
}

/** A `goesOn` for this many seconds from now. */
export function forSeconds(seconds: number): () => boolean {
	const end = performance.now() + seconds * 1000;
	return () => performance.now() < end;
}
