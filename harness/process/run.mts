import { createInterface } from 'node:readline';
import { startSupervised } from './supervised.mts';

const KEPT_LINES = 40;

export interface RunOptions {
	cwd: string;
	env?: NodeJS.ProcessEnv;
	/** Called for each line of output. */
	onLine?: (line: string) => void;
}

/** Runs a command to completion; rejects with its last lines on failure. */
export function run(command: string, args: string[], { cwd, env, onLine }: RunOptions): Promise<void> {
	return new Promise((resolve, reject) => {
		const child = startSupervised({ command, args, cwd, env, output: 'pipe' });
		const last: string[] = [];
		for (const stream of [child.stdout, child.stderr]) {
			if (!stream) continue;
			createInterface({ input: stream }).on('line', (line) => {
				last.push(line);
				if (last.length > KEPT_LINES) last.shift();
				onLine?.(line);
			});
		}
		child.once('error', reject);
		child.once('close', (code) => {
			if (code === 0) return resolve();
			reject(new Error(`"${command} ${args.join(' ')}" exited with ${code} in ${cwd}:\n${last.join('\n').trim()}`));
		});
	});
}
