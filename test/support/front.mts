import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { request, type Dispatcher } from 'undici';
import type { Certificate } from './certificate.mts';

const OF_THE_CONNECTION = ['host', 'connection', 'content-length', 'transfer-encoding'];

export interface FrontOptions {
	/** Address to listen on; 127.0.0.1 when left out. */
	host?: string;
	/** Any free one when left out. */
	port?: number;
	/** Path that every request must begin with, without a trailing slash; it is cut off. Anything else is answered 404. */
	prefix?: string;
	/** Speaks TLS with this certificate. */
	certificate?: Certificate;
}

/** A web server in front of a channel, as gateways are. */
export interface Front {
	/** Scheme, host and port, without the prefix. */
	url: string;
	port: number;
	/** The requests that reached it, as they came. */
	requests: Array<{ method: string; path: string; headers: IncomingHttpHeaders }>;
	stop: () => Promise<void>;
}

/** Puts a web server before the one at `target` (a URL without a trailing slash). */
export async function startFront(target: string, { host = '127.0.0.1', port: wanted = 0, prefix = '', certificate }: FrontOptions = {}): Promise<Front> {
	const requests: Front['requests'] = [];
	const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
		const { method = 'GET', url: path = '/', headers } = incoming;
		requests.push({ method, path, headers });
		if (!path.startsWith(`${prefix}/`)) return void outgoing.writeHead(404).end();
		void pass(target + path.slice(prefix.length), incoming, outgoing);
	};
	const server = certificate ? createTlsServer(certificate, answer) : createServer(answer);
	server.listen(wanted, host);
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `${certificate ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
		port,
		requests,
		async stop() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

/** Asks `url` what the incoming request asks, and gives its answer on; a broken exchange cuts the connection. */
export async function pass(url: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
	try {
		const { method = 'GET', headers } = incoming;
		const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name) && !name.startsWith('proxy-')));
		const body = method === 'GET' ? undefined : await buffer(incoming);
		const answer = await request(url, { method: method as Dispatcher.HttpMethod, headers: kept, body });
		const { 'content-type': type = 'text/plain', location } = answer.headers;
		outgoing.writeHead(answer.statusCode, { 'content-type': String(type), ...(location === undefined ? {} : { location: String(location) }) });
		outgoing.end(await buffer(answer.body));
	} catch {
		outgoing.destroy();
	}
}
