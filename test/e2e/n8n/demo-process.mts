import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../../harness/paths.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';

const TIMEOUT_MS = 240_000;

/** `npm run demo` in its own process. */
export class DemoProcess {
	output = '';
	readonly child: ChildProcess;

	/** `mark` is inherited by all child processes, so that leftovers can be found. */
	constructor(mark: string, args: string[], settings: Record<string, string> = {}) {
		const node = ['--disable-warning=ExperimentalWarning', join(ROOT, 'demo', 'main.mts'), ...args];
		const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('ONEMSG_'));
		this.child = spawn(process.execPath, node, {
			cwd: ROOT,
			stdio: ['pipe', 'pipe', 'pipe'],
			env: { ...Object.fromEntries(clean), ...settings, STARTED_FOR_TEST: mark },
		});
		// Unsupervised, like a demo started by a user.
		const end = () => this.child.kill('SIGTERM');
		process.prependOnceListener('exit', end);
		this.child.once('exit', () => process.off('exit', end));
		for (const stream of [this.child.stdout, this.child.stderr]) {
			stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
		}
	}

	/** Presses Enter. */
	press(): void {
		this.child.stdin?.write('\n');
	}

	/** Waits for the exit; returns its code. */
	async ended(): Promise<number | null> {
		if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
		const timer = setTimeout(() => this.child.kill('SIGKILL'), TIMEOUT_MS);
		await once(this.child, 'close');
		clearTimeout(timer);
		return this.child.exitCode;
	}

	/** Waits for matching output. */
	async says(pattern: RegExp): Promise<RegExpMatchArray> {
		return await waitFor({
			what: `the demo to print ${pattern}; it printed:\n${this.output}`,
			timeoutMs: TIMEOUT_MS,
			look: async () => {
				if (this.child.exitCode !== null) throw new Error(`The demo ended with ${this.child.exitCode}:\n${this.output}`);
				return this.output.match(pattern) ?? undefined;
			},
		});
	}
}

/** Command lines of running processes that inherited this mark (Linux). */
export async function processesMarked(mark: string): Promise<string[]> {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
	const found = await Promise.all(
		pids.map(async (pid) => {
			const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
			const command = (await read('cmdline')).replaceAll('\0', ' ').trim();
			const environment = (await read('environ')).split('\0');
			return environment.includes(`STARTED_FOR_TEST=${mark}`) ? `${pid} ${command}` : undefined;
		}),
	);
	return found.filter((line) => line !== undefined);
}
