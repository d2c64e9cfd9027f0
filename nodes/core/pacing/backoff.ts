/** Maximum milliseconds of a `Retry-After` or a backoff. Doubled: an absurd header stops the channel for two minutes. Halved: a real one is not honoured. */
export const MAX_WAIT = 60_000;
/** Milliseconds of the first backoff; each further one is twice as long. Doubled: a short outage lasts longer. Halved: a channel in trouble gets twice the requests. */
const INITIAL_BACKOFF = 500;

/** Exponential backoff in milliseconds after `failures` consecutive failures, not counting the first. */
export function backoff(failures: number, max = MAX_WAIT): number {
	return Math.min(max, INITIAL_BACKOFF * 2 ** failures);
}

/** `Retry-After` in milliseconds, capped; 0 if there was none. */
export function boundedRetryAfter(seconds: number | null): number {
	return seconds !== null && seconds > 0 ? Math.min(seconds * 1000, MAX_WAIT) : 0;
}
