/** A seeded random series in 0..1 (mulberry32). */
export class SeededRandom {
	#seed: number | undefined;
	#state = 0;

	/** The next number; a changed seed restarts the series. */
	next(seed: number): number {
		if (seed !== this.#seed) {
			this.#seed = seed;
			this.#state = seed;
		}
		this.#state = (this.#state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	}
}
