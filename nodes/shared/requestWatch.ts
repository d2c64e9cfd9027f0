import { sleep } from 'n8n-workflow';
import { clock } from './clock';

/** Milliseconds between two looks at the requests under way. */
const INTERVAL = 250;
/** Milliseconds beyond the timeout: n8n's own timer, which ends a silent connection, comes first. */
const GRACE = 500;

interface Watched {
	endsAt: number;
	giveUp: () => void;
}

const underWay = new Set<Watched>();

/**
 * The work's result, or undefined once it has taken `timeout` milliseconds: n8n's timer starts anew with every byte,
 * so that an answer that drips in would never end.
 */
export async function within<T>(timeout: number, work: Promise<T>): Promise<T | undefined> {
	let watched: Watched | undefined;
	const isLate = new Promise<undefined>((resolve) => {
		watched = { endsAt: clock() + timeout + GRACE, giveUp: () => resolve(undefined) };
	});
	underWay.add(watched!);
	if (underWay.size === 1) void watch();
	// Nobody hears of it any more once it is late.
	work.catch(() => undefined);
	try {
		return await Promise.race([work, isLate]);
	} finally {
		underWay.delete(watched!);
	}
}

let isWatching = false;

async function watch(): Promise<void> {
	if (isWatching) return;
	isWatching = true;
	while (underWay.size > 0) {
		await sleep(INTERVAL);
		const now = clock();
		for (const { endsAt, giveUp } of underWay) if (now >= endsAt) giveUp();
	}
	isWatching = false;
}
