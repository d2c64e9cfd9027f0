/** How many moments are remembered: half a minute of a fast channel. */
const KEPT = 8192;

/** When messages were taken by a channel, newest kept. Times in milliseconds, in any order. */
export class TakenTimes {
	private readonly times: number[] = [];
	private next = 0;

	add(at: number): void {
		this.times[this.next] = at;
		this.next = (this.next + 1) % KEPT;
	}

	forget(): void {
		this.times.length = 0;
		this.next = 0;
	}

	/** How many were taken after `from`, up to `to`. */
	count(from: number, to: number): number {
		let count = 0;
		for (const time of this.times) if (time > from && time <= to) count++;
		return count;
	}

	/** Messages per second from `from` to `to`; what is no longer remembered does not count as a silence. */
	perSecond(from: number, to: number): number {
		const start = this.times.length < KEPT ? from : Math.max(from, Math.min(...this.times));
		return to > start ? (this.count(start, to) * 1000) / (to - start) : 0;
	}

	/**
	 * Messages per second that the channel allows at least, if it saves up no more than one second's worth:
	 * the highest, over every look-back from `to`, of what was taken divided by that time plus one second.
	 */
	perSecondWithBurst(to: number): number {
		const newestFirst = this.times.filter((time) => time <= to).sort((a, b) => b - a);
		return newestFirst.reduce((best, time, place) => Math.max(best, (place + 1) / (1 + (to - time) / 1000)), 0);
	}
}
