/** A clock in milliseconds that stands still where the given one is set back, and goes on from there. */
export function steadyClock(now: () => number): () => number {
	let last = -Infinity;
	let setBack = 0;
	return () => {
		const time = now() + setBack;
		if (time < last) setBack += last - time;
		last = Math.max(last, time);
		return last;
	};
}
