import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const SUPERVISOR = join(import.meta.dirname, 'supervisor.mts');
const running = new Set<ChildProcess>();

export interface SupervisedOptions {
	command: string;
	args: string[];
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	/** Destination of its output: 'pipe' or a file descriptor. */
	output: 'pipe' | number;
}

/** Starts a program that never outlives this process, nor do its children. */
export function startSupervised({ command, args, cwd, env, output }: SupervisedOptions): ChildProcess {
	const stdio: StdioOptions = ['pipe', output, output];
	const node = ['--disable-warning=ExperimentalWarning', SUPERVISOR, command, ...args];
	// The supervisor watches this pipe, which closes however this process ends.
	const supervisor = spawn(process.execPath, node, { stdio, cwd, env: env ?? process.env, detached: true });
	supervisor.stdin?.on('error', () => {});
	running.add(supervisor);
	supervisor.once('exit', () => running.delete(supervisor));
	return supervisor;
}

/** Stops a supervised program and its children, and waits for them to exit. */
export async function endSupervised(supervisor: ChildProcess): Promise<void> {
	if (supervisor.exitCode !== null || supervisor.signalCode !== null) return;
	const gone = once(supervisor, 'exit');
	supervisor.kill('SIGTERM');
	await gone;
}

/** Stops every supervised program. */
export async function endAll(): Promise<void> {
	await Promise.all([...running].map(endSupervised));
}
