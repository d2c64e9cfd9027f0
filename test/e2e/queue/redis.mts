import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../../harness/process/ports.mts';
import { Program } from '../../../harness/process/process.mts';
import { run } from '../../../harness/process/run.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';

const PATH = '/usr/bin/redis-server';
const START_TIMEOUT_MS = 30_000;

/** A private local Redis without persistence. */
export interface Redis {
	port: number;
	program: Program;
}

/** Starts Debian's Redis in a folder, installing it if permitted; never the system's service. */
export async function startRedis(folder: string, say: (line: string) => void): Promise<Redis> {
	if (!existsSync(PATH)) await install(say);
	await mkdir(folder, { recursive: true });
	const port = await freePort(0);
	const program = new Program({
		name: 'Redis',
		command: PATH,
		args: ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
		log: join(folder, 'redis.log'),
	});
	await waitFor({
		what: `Redis to listen on port ${port}`,
		timeoutMs: START_TIMEOUT_MS,
		look: async () => {
			await program.mustRun();
			return (await answersPing(port)) ? true : undefined;
		},
	});
	return { port, program };
}

async function install(say: (line: string) => void): Promise<void> {
	const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
	if (!mayInstall) throw new Error(`${PATH} is missing. Install it: sudo apt-get update && sudo apt-get install -y redis-server`);
	say('Installing redis-server with apt-get ...');
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	await run('apt-get', ['update', '-qq'], { cwd: '/', env });
	await run('apt-get', ['install', '-y', '-qq', 'redis-server'], { cwd: '/', env });
}

function answersPing(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'));
		socket.setTimeout(1000, () => socket.destroy());
		socket.once('data', (answer) => {
			resolve(answer.toString().startsWith('+PONG'));
			socket.destroy();
		});
		socket.once('error', () => resolve(false));
		socket.once('close', () => resolve(false));
	});
}
