import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, bodyText, json, writeAnswer } from './answer.mts';
import { answerChannel } from '../api/routes.mts';
import { streamChanges } from './change-stream.mts';
import { answerControl } from '../control/control.mts';
import { isFromAnotherSite, isUnderAnotherName } from './guard.mts';
import { masked } from './masked.mts';
import { answerPage, isPagePath } from './page.mts';
import { type ChannelRequest, readBody, readChannelRequest } from './request.mts';
import { World } from '../state/world.mts';

/** Address and channel to serve. Port 0 is any free port. */
export interface ServerOptions {
	host: string;
	port: number;
	channelId: string;
	token: string;
}

/** A listening sandbox. */
export interface RunningSandbox {
	baseUrl: string;
	stop(): Promise<void>;
}

const CONTROL = '/_sandbox';

/** Starts the sandbox; rejects if the port is unavailable. */
export async function startServer({ host, port, channelId, token }: ServerOptions): Promise<RunningSandbox> {
	const world = new World(channelId, token);
	const server = createServer((request, response) => {
		serve(request, response, world, host).catch((error: unknown) => {
			console.error(error);
			if (!response.headersSent) writeAnswer(json(500, { error: 'Internal error; see the sandbox output' }), response);
		});
	});
	server.keepAliveTimeout = 30_000;
	server.on('connection', (socket) => {
		world.counts.socketOpened();
		socket.once('close', () => world.counts.socketClosed());
	});
	await listen(server, host, port);
	const name = host.includes(':') ? `[${host}]` : host;
	return {
		baseUrl: `http://${name}:${(server.address() as AddressInfo).port}`,
		async stop() {
			server.close();
			server.closeAllConnections();
			await world.hooks.close();
			world.clear(false);
		},
	};
}

function listen(server: Server, host: string, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => {
			server.off('error', reject);
			resolve();
		});
	});
}

async function serve(message: IncomingMessage, response: ServerResponse, world: World, host: string): Promise<void> {
	const startedAt = Date.now();
	const url = URL.parse(message.url ?? '/', 'http://sandbox');
	const text = await readBody(message).catch(() => null);
	// The caller disconnected mid-request.
	if (text === null) return;
	if (!url || text === undefined) return writeAnswer(json(url ? 413 : 400, { error: 'The request cannot be read' }), response);
	if (isFromAnotherSite(message.headers)) return writeAnswer(json(403, { error: 'Other sites may not call the sandbox' }), response);
	const isControl = url.pathname === CONTROL || url.pathname.startsWith(`${CONTROL}/`);
	if (isControl || isPagePath(url.pathname)) {
		if (isUnderAnotherName(message.headers, host)) return writeAnswer(json(403, { error: 'Use localhost or an address to reach the sandbox' }), response);
		return serveOwn(message, response, url, text, world);
	}
	world.counts.requests += 1;
	const request = readChannelRequest(message, url, text);
	const answer = answerChannel(request, world);
	const delay = (answer.delayMs ?? 0) + world.settings.latencyMs;
	if (delay > 0) await sleep(delay);
	writeAnswer(answer, response);
	record(message, request, text, answer, startedAt, world);
	world.changes.happened();
}

async function serveOwn({ method = 'GET' }: IncomingMessage, response: ServerResponse, url: URL, text: string, world: World): Promise<void> {
	if (isPagePath(url.pathname)) return writeAnswer(await answerPage(method, url.pathname), response);
	if (method === 'GET' && url.pathname === `${CONTROL}/events`) return streamChanges(response, world.changes);
	writeAnswer(await answerControl(method, url, text, world), response);
	if (method !== 'GET') world.changes.happened();
}

function record(message: IncomingMessage, request: ChannelRequest, text: string, answer: Answer, startedAt: number, world: World): void {
	const hide = (value: string) => masked(value, [request.token, world.token]);
	const headers = Object.entries(message.headers).filter(([name]) => name !== 'authorization');
	const silent = answer.connection === 'hang' || answer.connection === 'cut';
	world.calls.add({
		at: new Date(startedAt).toISOString(),
		method: request.method,
		path: request.path,
		query: Object.fromEntries(request.query),
		tokenIn: request.tokenIn,
		tokenOk: request.token === world.token,
		contentType: message.headers['content-type'] ?? null,
		headers: Object.fromEntries(headers.map(([name, value]) => [name, hide(String(value))])),
		body: hide(text),
		status: silent ? 0 : answer.status,
		answer: silent ? '' : hide(bodyText(answer)),
		durationMs: Date.now() - startedAt,
	});
}
