import { sleep } from 'n8n-workflow';
import { clock } from './clock';

/** Milliseconds between checks of the pending requests. */
const INTERVAL = 250;
/** Milliseconds beyond the timeout, so that n8n's own idle timer fires first. */
const GRACE = 500;

interface PendingRequest {
	endsAt: number;
	giveUp: () => void;
}

const pending = new Set<PendingRequest>();

/**
 * The work's result, or undefined after `timeout` milliseconds: n8n's timer restarts with every byte,
 * so a trickling answer would never end.
 */
export async function within<T>(timeout: number, work: Promise<T>): Promise<T | undefined> {
	let request: PendingRequest | undefined;
	const timedOut = new Promise<undefined>((resolve) => {
		request = { endsAt: clock() + timeout + GRACE, giveUp: () => resolve(undefined) };
	});
	pending.add(request!);
	if (pending.size === 1) void watch();
	// Nothing handles a late rejection.
	work.catch(() => undefined);
	try {
		return await Promise.race([work, timedOut]);
	} finally {
		pending.delete(request!);
	}
}

let isWatching = false;

async function watch(): Promise<void> {
	if (isWatching) return;
	isWatching = true;
	while (pending.size > 0) {
		await sleep(INTERVAL);
		const now = clock();
		for (const { endsAt, giveUp } of pending) if (now >= endsAt) giveUp();
	}
	isWatching = false;
}
