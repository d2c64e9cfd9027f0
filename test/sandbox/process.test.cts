import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startSandbox } from '../support/sandbox.cts';

const ROOT = join(__dirname, '..', '..');
const NODE = join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const run = (...args: string[]) => spawn(NODE, [join(ROOT, 'sandbox', 'main.mts'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

async function output(child: ReturnType<typeof run>) {
	const [chunk] = await once(child.stdout, 'data');
	return String(chunk);
}

it('prints one line of JSON and ends at once on SIGTERM and SIGINT', async () => {
	for (const signal of ['SIGTERM', 'SIGINT'] as const) {
		const child = run('--json', '--port', '0', '--channel', 'SBX000000007', '--token', 't');
		const line = await output(child);
		expect(line.trim().split('\n')).toHaveLength(1);
		const facts = JSON.parse(line);
		expect(facts).toEqual({ baseUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), channelId: 'SBX000000007', token: 't', controlUrl: `${facts.baseUrl}/_sandbox` });
		child.kill(signal);
		expect(await once(child, 'exit')).toEqual([0, null]);
	}
});

it('prints the details a user needs', async () => {
	const child = run('--port', '0');
	const text = await output(child);
	for (const word of ['Base URL', 'SBX000000001', 'sandbox-token-not-a-secret', '12025550100', '/_sandbox/']) expect(text).toContain(word);
	child.kill();
	await once(child, 'exit');
});

it('fails if the requested port is taken', async () => {
	const taken = createServer().listen(0, '127.0.0.1');
	await once(taken, 'listening');
	const child = run('--port', String((taken.address() as { port: number }).port));
	const [chunk] = await once(child.stderr, 'data');
	expect(String(chunk)).toContain('EADDRINUSE');
	expect((await once(child, 'exit'))[0]).toBe(1);
	taken.close();
});

it('stops despite unanswered calls', async () => {
	const sandbox = await startSandbox();
	const lost = sandbox.call('GET', '/status').then(() => sandbox.control('POST', '/script', { path: 'status', answers: [{ then: 'hang' }] }));
	await lost;
	const waiting = sandbox.call('GET', '/status').catch(() => 'lost');
	await new Promise((resolve) => setTimeout(resolve, 50));
	await sandbox.stop();
	expect(await waiting).toBe('lost');
});
