const WIDTH = 24;

/** `[######------------------]` for a share from 0 to 1, clamped. */
export function bar(share: number): string {
	const full = Math.round(Math.min(1, Math.max(0, share)) * WIDTH);
	return `[${'#'.repeat(full)}${'-'.repeat(WIDTH - full)}]`;
}

/** True on a terminal, where a line can be overwritten. */
export function isTerminal(): boolean {
	return process.stderr.isTTY === true;
}

/** Overwrites the terminal's last line, truncated to its width. */
export function writeOver(text: string): void {
	process.stderr.write(`\r\x1b[2K${text.slice(0, (process.stderr.columns || 120) - 1)}`);
}

/** Clears the terminal's last line; no-op elsewhere. */
export function emptyLine(): void {
	if (isTerminal()) process.stderr.write('\r\x1b[2K');
}

const PLAIN_LINE_EVERY_MS = 2000;

/** A live status line: overwritten on a terminal, printed now and then elsewhere. */
export class ChangingLine {
	private readonly say: (line: string) => void;
	private last = '';
	private saidAt = -Infinity;

	constructor(say: (line: string) => void) {
		this.say = say;
	}

	show(text: string): void {
		if (isTerminal()) return writeOver(text);
		if (text === this.last || Date.now() - this.saidAt < PLAIN_LINE_EVERY_MS) return;
		this.say(text);
		this.last = text;
		this.saidAt = Date.now();
	}

	end(): void {
		emptyLine();
	}
}
