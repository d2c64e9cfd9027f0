declare const performance: { now(): number };

/** Monotonic milliseconds, unaffected by changes of the system clock. */
export function clock(): number {
	return performance.now();
}
