import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A received POST. */
export interface ReceivedHook {
	path: string;
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	body: any;
}

/** A local webhook endpoint that records its POSTs. */
export interface HookReceiver {
	url: string;
	received: ReceivedHook[];
	/** Status of its answers, initially 200; null for no answer. */
	answerWith(status: number | null): void;
	/** Waits until `enough` accepts the received POSTs. */
	until(enough: (received: ReceivedHook[]) => boolean, withinMs?: number): Promise<ReceivedHook[]>;
	stop(): Promise<void>;
}

/** Starts an endpoint on a free port. */
export async function startHookReceiver(): Promise<HookReceiver> {
	const received: ReceivedHook[] = [];
	let status: number | null = 200;
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			received.push({ path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) });
			if (status !== null) response.writeHead(status).end();
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
