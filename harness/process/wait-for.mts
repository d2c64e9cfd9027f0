import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 150;

export interface Wait<T> {
	/** What is waited for, as it stands after "waiting for" in the message of a timeout. */
	what: string;
	/** Milliseconds. */
	timeoutMs: number;
	/** Returns the thing waited for, or undefined while it isn't there. What it throws ends the wait. */
	look: () => Promise<T | undefined>;
	pauseMs?: number;
}

/** Looks again and again until there is something; throws a sentence that names what never came. */
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
