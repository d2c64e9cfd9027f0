import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** What is measured without a web server: reading one big body, and what repeats leave in memory. */
export type Task = 'read' | 'remember';

/** Entries in the big body. */
export const ENTRIES = 50_000;
/** Events after which memory is looked at, first and last. */
export const EVENTS_BEFORE = 100_000;
export const EVENTS = 1_000_000;

const TIMEOUT_MS = 300_000;

export interface ReadDone {
	items: number;
	/** From the text to the items. */
	seconds: number;
	bodyBytes: number;
	/** Peak resident memory, above what there was with the text alone. */
	bytesAboveBase: number;
}

export interface RememberDone {
	/** Bytes in use after a garbage collection, at `EVENTS_BEFORE` and at `EVENTS`. */
	heapBefore: number;
	heapAfter: number;
	/** Items that would have started executions. */
	started: number;
}

/** Runs a task in a process of its own. */
export async function inProcess(task: 'read'): Promise<ReadDone>;
export async function inProcess(task: 'remember'): Promise<RememberDone>;
export async function inProcess(task: Task): Promise<ReadDone | RememberDone> {
	const args = ['--disable-warning=ExperimentalWarning', '--expose-gc', join(import.meta.dirname, 'in-process.mts'), task];
	const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: TIMEOUT_MS, killSignal: 'SIGKILL' });
	const stop = () => child.kill('SIGKILL');
	process.once('exit', stop);
	let output = '';
	for await (const chunk of child.stdout) output += String(chunk);
	process.off('exit', stop);
	const line = output.trimEnd().split('\n').at(-1) ?? '';
	if (!line.startsWith('{')) throw new Error(`The process that was to ${task} ended without a result.`);
	return JSON.parse(line) as ReadDone | RememberDone;
}
