import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { pass } from './front.mts';

export interface ProxyOptions {
	/** Ports on 127.0.0.1 by the `host:port` that only the proxy knows. */
	hosts: Record<string, number>;
	/** Required `user:password`; none by default. */
	login?: string;
}

/** A request to the proxy. */
export interface Proxied {
	/** A plain request, or an opaque tunnel. */
	kind: 'request' | 'tunnel';
	/** The URL, or the tunnel's `host:port`. */
	target: string;
	headers: IncomingHttpHeaders;
}

/** A typical corporate HTTP proxy: absolute-form requests, CONNECT tunnels. */
export interface Proxy {
	url: string;
	asked: Proxied[];
	stop: () => Promise<void>;
}

/** Starts the proxy on loopback. Unknown hosts get a 502, a missing login a 407. */
export async function startProxy({ hosts, login }: ProxyOptions): Promise<Proxy> {
	const asked: Proxied[] = [];
	const sockets = new Set<Socket>();
	const wanted = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
	const mayPass = (headers: IncomingHttpHeaders) => wanted === undefined || headers['proxy-authorization'] === wanted;

	const server = createServer((incoming, outgoing) => {
		const { url: target = '', headers } = incoming;
		asked.push({ kind: 'request', target, headers });
		if (!mayPass(headers)) return void outgoing.writeHead(407, { 'proxy-authenticate': 'Basic' }).end('Proxy login needed');
		const url = URL.canParse(target) ? new URL(target) : undefined;
		const port = url && hosts[`${url.hostname}:${url.port || 80}`];
		if (url === undefined || port === undefined) return void outgoing.writeHead(502).end('Unknown host');
		void pass(`http://127.0.0.1:${port}${url.pathname}${url.search}`, incoming, outgoing);
	});
	server.on('connect', ({ url: target = '', headers }, outside: Socket) => {
		asked.push({ kind: 'tunnel', target, headers });
		const port = hosts[target];
		if (!mayPass(headers)) return void outside.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n');
		if (port === undefined) return void outside.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
		const inside = connect(port, '127.0.0.1', () => {
			outside.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			inside.pipe(outside).pipe(inside);
		});
		for (const [one, other] of [[outside, inside], [inside, outside]] as const) {
			sockets.add(one);
			one.on('error', () => other.destroy()).on('close', () => sockets.delete(one) && other.destroy());
		}
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		asked,
		async stop() {
			for (const socket of sockets) socket.destroy();
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
