declare const performance: { now(): number };

/** Milliseconds of a clock that nobody sets: how long something takes must not depend on the time of day. */
export function clock(): number {
	return performance.now();
}
