import { request } from 'undici';

const TIMEOUT_MS = 90_000;

/** What a warehouse system posts when stock has arrived for somebody's order. */
export interface StockArrivalEvent {
	phone: string;
	customerName: string;
	orderReference: string;
	productName: string;
	nextStep: string;
}

/** What the workflow answers the warehouse system. */
export interface EventAnswer {
	outcome: string;
	messageId: string | null;
	errorMessage?: string | null;
	missing?: string[];
	logged?: boolean;
}

/** An order of today's demo; the reference is new each time so that its row is easy to find. */
export function exampleEvent(phone: string): StockArrivalEvent {
	return {
		phone,
		customerName: 'Alexey',
		orderReference: String(Date.now()).slice(-8),
		productName: 'Trail shoes, size 42',
		nextStep: 'It ships tomorrow',
	};
}

/** Posts JSON to a webhook of n8n and returns the answer. */
export async function post<T>(url: string, payload: unknown): Promise<{ status: number; body: T; text: string }> {
	const { statusCode, body } = await request(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(payload),
		headersTimeout: TIMEOUT_MS,
	});
	const text = await body.text();
	try {
		return { status: statusCode, body: JSON.parse(text) as T, text };
	} catch {
		throw new Error(`${url} answered ${statusCode} with something that is not JSON: ${text.slice(0, 300)}`);
	}
}

/** The command line that fires another event; `'` inside a value survives every shell of the sh family. */
export function curlLine(url: string, event: StockArrivalEvent): string {
	const json = JSON.stringify(event).replaceAll("'", String.raw`'\''`);
	return `curl -sS -X POST ${url} -H 'Content-Type: application/json' -d '${json}'`;
}
