const started = Date.now();

/** Prints a line with the seconds since the start. */
export function say(line: string): void {
	const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(6);
	console.log(`${seconds} s  ${line}`);
}
