import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { freePort, onFreePort } from '../../harness/process/ports.mts';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** Listens; rejects if the port is taken. */
async function listenOn(port: number): Promise<number> {
	const server = createServer().listen(port, '127.0.0.1');
	await once(server, 'listening');
	servers.push(server);
	return port;
}

test('starts once on a free port', async () => {
	const wanted = await freePort(0);
	expect(await onFreePort(wanted, listenOn)).toBe(wanted);
	expect(servers).toHaveLength(1);
});

test('picks another port if the wanted one is taken just before the start', async () => {
	const wanted = await freePort(0);
	const tried: number[] = [];
	const started = await onFreePort(wanted, async (port) => {
		tried.push(port);
		if (port === wanted) await listenOn(port);
		return await listenOn(port);
	});
	expect(tried).toEqual([wanted, started]);
	expect(started).not.toBe(wanted);
});

test('does not retry other failures', async () => {
	let tries = 0;
	const start = () => Promise.reject(new Error(`It is broken (${++tries}).`));
	await expect(onFreePort(await freePort(0), start)).rejects.toThrow('It is broken (1).');
});
