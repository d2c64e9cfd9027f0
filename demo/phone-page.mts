import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EVENT_HEADER, exampleEvent } from '../harness/event.mts';
import type { Environment } from '../harness/environment.mts';
import type { Sandbox } from '../harness/sandbox-program.mts';

/** An HTTP response from n8n. */
interface Answer {
	status: number;
	text: string;
}

/** Connects the phone page with n8n: its button calls `arrive`, and a confirmation on the order page starts *Customer confirms*. */
export async function connectPhonePage({ n8n }: Pick<Environment, 'n8n'>, sandbox: Sandbox, arrive: () => Promise<Answer>): Promise<void> {
	await sandbox.control('POST', 'settings', {
		confirmUrl: `${n8n.url}/webhook/order-confirmed`,
		confirmHeader: EVENT_HEADER,
		arrivalUrl: await listen(arrive),
		arrivalHeader: EVENT_HEADER,
		// The page says what has arrived.
		arrivalEvents: [{ productName: exampleEvent().productName }],
	});
}

/** Calls `press` for each POST with the warehouse's header: without it, any page in the reader's browser could press. Returns the loopback URL. */
export async function listen(press: () => Promise<Answer>): Promise<string> {
	const server = createServer((request, response) => {
		response.shouldKeepAlive = false;
		if (request.headers[EVENT_HEADER.name.toLowerCase()] !== EVENT_HEADER.value) return void response.writeHead(403).end();
		press().then(
			({ status, text }) => response.writeHead(status, { 'content-type': 'application/json' }).end(text),
			(error: unknown) => response.writeHead(502).end(error instanceof Error ? error.message : String(error)),
		);
	});
	server.unref();
	await once(server.listen(0, '127.0.0.1'), 'listening');
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
