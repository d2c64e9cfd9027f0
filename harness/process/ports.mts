import { createServer } from 'node:net';

/** Whether this loopback port is free. */
export function isFree(port: number): Promise<boolean> {
	return listen(port).then((found) => found !== undefined);
}

/** The wanted port if free, otherwise one picked by the system. */
export async function freePort(wanted: number): Promise<number> {
	const port = (await listen(wanted)) ?? (await listen(0));
	if (port === undefined) throw new Error('There is no free port on 127.0.0.1.');
	return port;
}

const TRIES = 3;

/**
 * Starts a listener on the wanted port, or on another if that is taken, even just before the start.
 * `start` rejects if it can't listen, after cleaning up.
 */
export async function onFreePort<T>(wanted: number, start: (port: number) => Promise<T>): Promise<T> {
	for (let tries = 1; ; tries++) {
		const port = await freePort(tries === 1 ? wanted : 0);
		try {
			return await start(port);
		} catch (error) {
			if (tries === TRIES || (await isFree(port))) throw error;
		}
	}
}

/** Listens briefly; undefined if the port is taken. */
function listen(port: number): Promise<number | undefined> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(undefined));
		server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
			const address = server.address();
			const found = typeof address === 'object' && address ? address.port : undefined;
			server.close(() => resolve(found));
		});
	});
}
