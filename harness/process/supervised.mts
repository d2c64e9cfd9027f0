import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const SUPERVISOR = join(import.meta.dirname, 'supervisor.mts');
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
export function startSupervised({ command, args, cwd, env, output }: LeashedOptions): ChildProcess {
	const stdio: StdioOptions = ['pipe', output, output];
	const node = ['--disable-warning=ExperimentalWarning', SUPERVISOR, command, ...args];
	// The supervisor watches this pipe: it closes when this process is gone, however it went.
	const supervisor = spawn(process.execPath, node, { stdio, cwd, env: env ?? process.env, detached: true });
	supervisor.stdin?.on('error', () => {});
	running.add(supervisor);
	supervisor.once('exit', () => running.delete(supervisor));
	return supervisor;
}

/** Ends a supervised program and its children, and waits until they are gone. */
export async function endSupervised(supervisor: ChildProcess): Promise<void> {
	if (supervisor.exitCode !== null || supervisor.signalCode !== null) return;
	const gone = once(supervisor, 'exit');
	supervisor.kill('SIGTERM');
	await gone;
}

/** Ends everything that was started on a supervisor. */
export async function endAll(): Promise<void> {
	await Promise.all([...running].map(endSupervised));
}
