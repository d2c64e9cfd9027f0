import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A third-party server: answers `{}` to everything and records requests. */
export interface Recorder {
	url: string;
	port: number;
	requests: Array<{ method: string; path: string; headers: IncomingHttpHeaders }>;
	stop: () => Promise<void>;
}

/** Starts a recorder on loopback. */
export async function startRecorder(): Promise<Recorder> {
	const requests: Recorder['requests'] = [];
	const server = createServer(({ method = '', url: path = '', headers }, response) => {
		requests.push({ method, path, headers });
		response.end('{}');
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		port,
		requests,
		async stop() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
