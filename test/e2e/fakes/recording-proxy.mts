import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { request, type Dispatcher } from 'undici';
import { without } from '../../../harness/package/without.mts';

const OF_THE_CONNECTION = ['host', 'connection', 'content-length', 'transfer-encoding'];

/** Forwards every request and records its first line and headers. */
export interface RecordingProxy {
	url: string;
	requests: Array<{ method: string; path: string; headers: IncomingHttpHeaders }>;
	stop: () => void;
}

/** Starts a recording proxy on loopback. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
	const requests: RecordingProxy['requests'] = [];
	const server = createServer((incoming, outgoing) => {
		const { method = 'GET', url: path = '/', headers } = incoming;
		requests.push({ method, path, headers });
		const pass = async () => {
			const kept = without(headers, OF_THE_CONNECTION);
			const body = method === 'GET' ? undefined : await buffer(incoming);
			const answer = await request(target + path, { method: method as Dispatcher.HttpMethod, headers: kept, body });
			outgoing.writeHead(answer.statusCode, { 'content-type': String(answer.headers['content-type']) });
			outgoing.end(await buffer(answer.body));
		};
		pass().catch(() => outgoing.destroy());
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		requests,
		stop: () => {
			server.close();
			server.closeAllConnections();
		},
	};
}
