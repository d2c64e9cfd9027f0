/** Requests in flight before the first answer. Doubled: a refused account costs twice the requests. Halved: a batch without a limit starts slowly. */
export const INITIAL_WINDOW = 50;
/** Requests in flight at most. Doubled: the first overshoot is twice as large. Halved: 300 ms of latency allow only 220 messages per second. */
export const MAX_WINDOW = 140;
/** Requests that an acceptance adds. Doubled: half as many again are refused at first. Halved: 300 ms of latency leave 3 % of the limit unused. */
const GROWTH = 0.5;

/** How many requests may be in flight: few until the channel answers, then more with every acceptance, as in TCP's slow start. */
export class ConcurrencyWindow {
	size = INITIAL_WINDOW;

	/** A message was accepted. */
	grow(): void {
		this.size = Math.min(MAX_WINDOW, this.size + GROWTH);
	}
}
