/** Turns that leave together while the rate holds them back: to wake up for each one costs as much CPU as its request. */
const TURNS = 8;
/** Milliseconds that the first of them waits for the last at most. */
const LONGEST = 200;

/** When turns that the rate holds back are given: some together instead of one by one, none before its time. Times in milliseconds. */
export class Beat {
	private at = -Infinity;

	/** When the next turns may be given, where the rate lets the next one go at `nextAt` and one more every `interval`, and so many wait. */
	opensAt(nextAt: number, interval: number, waiting: number, now: number): number {
		if (nextAt > now && this.at <= now) this.at = nextAt + Math.min(LONGEST, (Math.min(waiting, TURNS) - 1) * interval);
		return this.at > now ? Math.max(nextAt, this.at) : nextAt;
	}
}
