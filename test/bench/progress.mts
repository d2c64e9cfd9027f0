import { bar, emptyLine, isTerminal, writeOver } from '../../demo/terminal-line.mts';

/** A bar on a terminal, a line per step elsewhere. */
export class Progress {
	private readonly total: number;
	private readonly started = Date.now();
	private done = 0;

	/** `total` is the expected work in seconds. */
	constructor(total: number) {
		this.total = total;
	}

	/** Shows the current step. */
	show(what: string): void {
		const share = Math.min(1, this.done / this.total);
		const text = `${bar(share)} ${Math.round(share * 100)} %, about ${duration(this.left(share))} left: ${what}`;
		if (isTerminal()) writeOver(text);
		else console.error(text);
	}

	/** Adds seconds of completed work. */
	advance(seconds: number): void {
		this.done += seconds;
	}

	end(): void {
		emptyLine();
	}

	private left(share: number): number {
		const passed = (Date.now() - this.started) / 1000;
		return share > 0.1 ? (passed / share) * (1 - share) : this.total - this.done;
	}
}

/** Formatted seconds. */
export function duration(seconds: number): string {
	if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
	const minutes = Math.round(seconds / 60);
	return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
