/** What a channel's bucket holds when it was left alone, in seconds of its limit: what is sent out of it is no pace. */
const BUCKET_MS = 1000;

/** How much of a channel's limit was used around a stop. */
export interface Shares {
	before: number;
	after: number;
	/** Seconds without a message between them. */
	pause: number;
}

/** The shares of a limit (messages per second) from the times of all messages (milliseconds), with a stop at `stoppedAt`. */
export function sharesOf(times: number[], limit: number, stoppedAt: number): Shares {
	const sorted = times.toSorted((a, b) => a - b);
	const gaps = sorted.map((time, place) => ({ place, length: place === 0 || time < stoppedAt ? 0 : time - sorted[place - 1]! }));
	const longest = gaps.reduce((most, gap) => (gap.length > most.length ? gap : most));
	return {
		before: share(sorted.slice(0, longest.place), limit),
		after: share(sorted.slice(longest.place), limit),
		pause: longest.length / 1000,
	};
}

function share(times: number[], limit: number): number {
	const first = times[0] ?? 0;
	const paced = times.filter((time) => time >= first + BUCKET_MS);
	const length = (paced.at(-1) ?? 0) - (paced[0] ?? 0);
	return length > 0 ? ((paced.length - 1) / (length / 1000)) / limit : 0;
}
