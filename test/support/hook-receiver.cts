import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One POST that arrived. */
export interface ReceivedHook {
	path: string;
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	body: any;
}

/** A webhook endpoint on this machine that keeps what it gets. */
export interface HookReceiver {
	url: string;
	received: ReceivedHook[];
	/** What it answers from now on; 200 at first. */
	answerWith(status: number): void;
	/** Waits until `enough` of what arrived is there. */
	until(enough: (received: ReceivedHook[]) => boolean, withinMs?: number): Promise<ReceivedHook[]>;
	stop(): Promise<void>;
}

/** Starts an endpoint at a free port. */
export async function startHookReceiver(): Promise<HookReceiver> {
	const received: ReceivedHook[] = [];
	let status = 200;
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			received.push({ path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) });
			response.writeHead(status).end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?secret=s`,
		received,
		answerWith(next) {
			status = next;
		},
		async until(enough, withinMs = 5000) {
			const giveUpAt = Date.now() + withinMs;
			while (!enough(received)) {
				if (Date.now() > giveUpAt) throw new Error(`Waited in vain; received ${JSON.stringify(received)}`);
				await new Promise((resolve) => setTimeout(resolve, 10));
			}
			return received;
		},
		async stop() {
			const closed = new Promise((resolve) => server.close(resolve));
			server.closeAllConnections();
			await closed;
		},
	};
}
