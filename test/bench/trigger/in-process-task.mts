import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Measurements without a web server: parsing one big body, and memory after repeats. */
export type Task = 'read' | 'remember';

/** Entries of the big body. */
export const ENTRIES = 50_000;
/** Event counts at which memory is measured. */
export const EVENTS_BEFORE = 100_000;
export const EVENTS = 1_000_000;

const TIMEOUT_MS = 300_000;

export interface ReadDone {
	items: number;
	/** From text to items. */
	seconds: number;
	bodyBytes: number;
	/** Peak resident memory over the text alone. */
	bytesAboveBase: number;
}

export interface RememberDone {
	/** Bytes used after a garbage collection, at `EVENTS_BEFORE` and at `EVENTS`. */
	heapBefore: number;
	heapAfter: number;
	/** Items that would start executions. */
	started: number;
}

/** Runs a task in its own process. */
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
