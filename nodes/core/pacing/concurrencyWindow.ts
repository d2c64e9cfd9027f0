/** Requests in flight before the first answer. Doubled: a refused account costs twice the requests. Halved: 300 ms of latency limit 250/s to 85 %. */
export const INITIAL_WINDOW = 50;
/** Maximum requests in flight. Doubled: 15 % are refused at 250/s with 300 ms of latency. Halved: 300 ms of latency limit 250/s to 84 %. */
export const MAX_WINDOW = 190;
/** Growth per acceptance. Doubled: 300 ms of latency limit 250/s to 90 %. Halved: the same. */
const GROWTH = 0.6;

/** Limits the requests in flight: few until the channel answers, then more with every acceptance, as in TCP slow start. */
export class ConcurrencyWindow {
	size = INITIAL_WINDOW;

	/** A message was accepted. */
	grow(): void {
		this.size = Math.min(MAX_WINDOW, this.size + GROWTH);
	}
}
