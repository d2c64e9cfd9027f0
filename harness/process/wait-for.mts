import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 150;

export interface Wait<T> {
	/** Completes "waiting for" in the timeout message. */
	what: string;
	/** Milliseconds. */
	timeoutMs: number;
	/** Returns the result, or undefined to keep waiting. An error ends the wait. */
	look: () => Promise<T | undefined>;
	pauseMs?: number;
}

/** Polls until there is a result; on timeout, throws an error that names it. */
export async function waitFor<T>({ what, timeoutMs, look, pauseMs = PAUSE_MS }: Wait<T>): Promise<T> {
	const end = Date.now() + timeoutMs;
	for (;;) {
		const found = await look();
		if (found !== undefined) return found;
		if (Date.now() >= end) {
			throw new Error(`Gave up after ${Math.round(timeoutMs / 1000)} s of waiting for ${what}.`);
		}
		await sleep(pauseMs);
	}
}
