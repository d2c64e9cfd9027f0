/** Maximum milliseconds of a sleep. Doubled: a cancelled execution ends half a second late. Halved: waiting costs twice the CPU. */
export const MAX_SLEEP = 250;

/** How an execution waits. */
export interface Waiting {
	/** Milliseconds, at most `MAX_SLEEP` per call. */
	sleep: (milliseconds: number) => Promise<void>;
	/** Polled at least every `MAX_SLEEP`. */
	isCancelled: () => boolean;
}

/** Waits until a promise settles; false if cancelled first. A `Promise.race` per poll would leave a reaction on the promise each time. */
export async function settles(promise: Promise<unknown>, waiting: Waiting): Promise<boolean> {
	let isSettled = false;
	let wake = () => {};
	const settle = () => ((isSettled = true), wake());
	void promise.then(settle, settle);
	while (!isSettled && !waiting.isCancelled()) await new Promise<void>((resolve, reject) => ((wake = resolve), waiting.sleep(MAX_SLEEP).then(resolve, reject)));
	return isSettled;
}
