import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const LEASH = join(import.meta.dirname, 'leash.mts');
const running = new Set<ChildProcess>();

export interface LeashedOptions {
	command: string;
	args: string[];
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	/** Where its output goes: 'pipe', or a file descriptor. */
	output: 'pipe' | number;
}

/** Starts a program that, with all its children, never outlives this process. */
export function startLeashed({ command, args, cwd, env, output }: LeashedOptions): ChildProcess {
	const stdio: StdioOptions = ['pipe', output, output];
	const node = ['--disable-warning=ExperimentalWarning', LEASH, command, ...args];
	// The pipe is the leash: it closes when this process is gone, however it went.
	const leash = spawn(process.execPath, node, { stdio, cwd, env: env ?? process.env, detached: true });
	leash.stdin?.on('error', () => {});
	running.add(leash);
	leash.once('exit', () => running.delete(leash));
	return leash;
}

/** Ends a leashed program and its children, and waits until they are gone. */
export async function endLeashed(leash: ChildProcess): Promise<void> {
	if (leash.exitCode !== null || leash.signalCode !== null) return;
	const gone = once(leash, 'exit');
	leash.kill('SIGTERM');
	await gone;
}

/** Ends everything that was started on a leash. */
export async function endAll(): Promise<void> {
	await Promise.all([...running].map(endLeashed));
}
