/** Milliseconds that a sleep lasts at most. Doubled: a cancelled execution ends half a second late. Halved: waiting costs twice the CPU. */
export const MAX_SLEEP = 250;
/** Milliseconds that a `Retry-After` or a backoff lasts at most. Doubled: an absurd header stops the channel for two minutes. Halved: a real one is not kept. */
export const MAX_WAIT = 60_000;
/** Milliseconds for which what a channel showed is believed. Doubled: a new limit is found late. Halved: the next batch learns again what the last one knew. */
export const BELIEVED_FOR = 600_000;
/** Milliseconds of the first backoff; each that follows doubles it. Doubled: a short outage lasts longer. Halved: a channel in trouble gets twice the requests. */
const FIRST_BACKOFF = 500;

/** How an execution waits. */
export interface Waiting {
	/** Sleeps milliseconds (never more than `MAX_SLEEP` at a time are asked for). */
	sleep: (milliseconds: number) => Promise<void>;
	/** Asked at least every `MAX_SLEEP`. */
	isCancelled: () => boolean;
}

/** Milliseconds to wait after `failures` failures in a row, the first one not counted. */
export function backoff(failures: number, max = MAX_WAIT): number {
	return Math.min(max, FIRST_BACKOFF * 2 ** failures);
}

/** `Retry-After` in milliseconds, bounded; 0 where the service named no time. */
export function boundedRetryAfter(seconds: number | null): number {
	return seconds !== null && seconds > 0 ? Math.min(seconds * 1000, MAX_WAIT) : 0;
}
