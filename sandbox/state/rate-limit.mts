/** A token bucket of one second's worth (at least one message), initially full. */
export class RateLimit {
	#rate: number | null = null;
	#tokens = 0;
	#at = 0;

	/** Whether one more message is allowed. A null rate is unlimited; a changed rate starts with a full bucket. */
	take(rate: number | null, now: number): boolean {
		if (rate === null) {
			this.#rate = null;
			return true;
		}
		const capacity = Math.max(1, rate);
		const refilled = this.#rate === rate ? this.#tokens + ((now - this.#at) / 1000) * rate : capacity;
		this.#rate = rate;
		this.#at = now;
		this.#tokens = Math.min(capacity, refilled);
		if (this.#tokens < 1) return false;
		this.#tokens -= 1;
		return true;
	}
}
