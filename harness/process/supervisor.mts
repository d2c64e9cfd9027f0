/**
 * node supervisor.mts <command> [arguments]: runs a command in its own process group and ends the group
 * on SIGTERM, or when the parent is gone, even by a crash (its standard input closes).
 */
import { spawn } from 'node:child_process';

const GRACE_MS = 8_000;
const [command, ...args] = process.argv.slice(2);
if (command === undefined) throw new Error('The supervisor needs a command.');

const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
let ending = false;

function signalGroup(signal: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	try {
		process.kill(-child.pid, signal);
	} catch {
		// The group is empty.
	}
}

function end(): void {
	if (ending) return;
	ending = true;
	signalGroup('SIGTERM');
	setTimeout(() => signalGroup('SIGKILL'), GRACE_MS);
}

process.stdin.on('end', end).on('close', end).on('error', end).resume();
process.on('SIGTERM', end);
process.on('SIGHUP', end);
// Ctrl-C reaches every process of the terminal; the parent decides.
process.on('SIGINT', () => {});

child.on('error', (error) => {
	console.error(`${command} could not be started: ${error.message}`);
	process.exit(127);
});
child.on('close', (code) => {
	// Task runners and other children must not outlive it.
	signalGroup('SIGKILL');
	process.exit(code ?? 1);
});
