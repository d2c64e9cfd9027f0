/** POSTs that are remembered: an hour at 20 per second. Older ones are forgotten, so that a sandbox may run for weeks. */
const KEPT = 72_000;
const SECOND_MS = 1000;

/** How long a URL took to answer; times in milliseconds. */
export interface AnswerTimesView {
	posts: number;
	/** Half of the POSTs were answered within this time; null without POSTs, as the next two. */
	p50Ms: number | null;
	p99Ms: number | null;
	slowestMs: number | null;
	/** POSTs that took more than a second; a POST without an answer counts until it was given up. */
	overASecond: number;
	/** When the last POST left. */
	lastPostedAt: string | null;
}

/** The answer times of a URL's POSTs, as the channel sees them. */
export class AnswerTimes {
	#posts: Array<{ at: number; ms: number }> = [];

	/** Adds a POST that left at a time in milliseconds since 1970 and was answered, or given up, `ms` later. */
	add(at: number, ms: number): void {
		this.#posts.push({ at, ms });
		if (this.#posts.length >= 2 * KEPT) this.#posts = this.#posts.slice(-KEPT);
	}

	/** The POSTs that left at this time or later. */
	since(from: number): AnswerTimesView {
		const posts = this.#posts.filter(({ at }) => at >= from);
		const sorted = posts.map(({ ms }) => ms).sort((a, b) => a - b);
		const within = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
		const last = posts.reduce((latest, { at }) => Math.max(latest, at), -Infinity);
		return {
			posts: posts.length,
			p50Ms: within(0.5),
			p99Ms: within(0.99),
			slowestMs: within(1),
			overASecond: sorted.filter((ms) => ms > SECOND_MS).length,
			lastPostedAt: posts.length > 0 ? new Date(last).toISOString() : null,
		};
	}
}
