/** Seconds' worth of messages in a rested channel's bucket: its burst isn't pace. */
const BUCKET_MS = 1000;

/** Use of a channel's limit before and after a stop. */
export interface Shares {
	before: number;
	after: number;
	/** Seconds without messages in between. */
	pause: number;
}

/** Shares of a limit (messages per second) from all message times (milliseconds), with a stop at `stoppedAt`. */
export function sharesOf(times: number[], limit: number, stoppedAt: number): Shares {
	const sorted = times.toSorted((a, b) => a - b);
	const gaps = sorted.map((time, index) => ({ index, length: index === 0 || time < stoppedAt ? 0 : time - sorted[index - 1]! }));
	const longest = gaps.reduce((most, gap) => (gap.length > most.length ? gap : most));
	return {
		before: share(sorted.slice(0, longest.index), limit),
		after: share(sorted.slice(longest.index), limit),
		pause: longest.length / 1000,
	};
}

function share(times: number[], limit: number): number {
	const first = times[0] ?? 0;
	const paced = times.filter((time) => time >= first + BUCKET_MS);
	const length = (paced.at(-1) ?? 0) - (paced[0] ?? 0);
	return length > 0 ? ((paced.length - 1) / (length / 1000)) / limit : 0;
}
