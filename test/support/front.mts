import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { request, type Dispatcher } from 'undici';
import type { Certificate } from './certificate.mts';

const OF_THE_CONNECTION = ['host', 'connection', 'content-length', 'transfer-encoding'];

export interface FrontOptions {
	/** Address to listen on; default 127.0.0.1. */
	host?: string;
	/** Any free port by default. */
	port?: number;
	/** Path prefix, without a trailing slash, stripped from each request. Other paths get a 404. */
	prefix?: string;
	/** Enables TLS with this certificate. */
	certificate?: Certificate;
}

/** A web server in front of a channel, like a gateway. */
export interface Front {
	/** Scheme, host and port, no prefix. */
	url: string;
	port: number;
	/** Requests as received. */
	requests: Array<{ method: string; path: string; headers: IncomingHttpHeaders }>;
	stop: () => Promise<void>;
}

/** Starts a proxy for `target` (a URL without a trailing slash). */
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

/** Forwards the request to `url` and returns its answer; an error cuts the connection. */
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
