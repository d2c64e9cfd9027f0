import { request } from 'undici';

/** An event is answered when all its customers were told, or refused. */
const TIMEOUT_MS = 300_000;

/** The header that the demo's warehouse webhook wants; this n8n listens to this computer alone. */
export const EVENT_HEADER = { name: 'X-Warehouse-Key', value: 'demo-warehouse' };

/** Somebody who waits for a product: a row of the table that stands for the CRM. */
export interface Order {
	sku: string;
	orderReference: string;
	customerName: string;
	phone: string;
	email: string;
	status: 'waiting' | 'notified';
}

/** What a warehouse system posts when a product has arrived. */
export interface StockArrivalEvent {
	sku: string;
	productName: string;
	nextStep: string;
	/** Only these orders; everybody who waits for the product where it is left out. */
	orderReferences?: string[];
}

/** What became of one customer's message. */
export interface MessageAnswer {
	orderReference: string;
	phone: string;
	outcome: string;
	messageId: string | null;
	errorCode: string | null;
	errorMessage: string | null;
	action: string | null;
}

/** What the workflow answers the warehouse system. */
export interface EventAnswer {
	sku: string;
	/** How many waited; the counts per outcome add up to it. */
	waiting: number;
	accepted: number;
	queued: number;
	unknown: number;
	skipped: number;
	/** Kept from the customer by Dry Run or the credential's Test Recipient. */
	rehearsed: number;
	refused: number;
	/** Orders of the event that were told already, or are not there. */
	notWaiting: string[];
	/** Seconds; null where trying later doesn't help, or isn't needed. */
	retryAfter: number | null;
	messages: MessageAnswer[];
	/** Names of fields; only in the answer to an event that isn't complete. */
	missing?: string[];
	errorMessage?: string;
}

/** An answer of n8n over HTTP. */
export interface Answer<T> {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	body: T;
	text: string;
}

/** Milliseconds, in the eight digits that an order reference has room for. */
let nextReference = Date.now() % 100_000_000;

/** An order of today's demo; the reference is new each time so that its row is easy to find. */
export function exampleOrder(phone: string): Order {
	return {
		sku: 'SHOES-42',
		orderReference: String(nextReference++),
		customerName: 'Alexey',
		phone,
		email: 'alexey@example.com',
		status: 'waiting',
	};
}

/** The arrival of what the orders wait for. */
export function exampleEvent(...orders: Order[]): StockArrivalEvent {
	return {
		sku: orders[0]?.sku ?? 'SHOES-42',
		productName: 'Trail shoes, size 42',
		nextStep: 'It ships tomorrow',
		orderReferences: orders.map(({ orderReference }) => orderReference),
	};
}

/** Posts an event to the warehouse webhook, with the header that it wants. */
export async function postEvent(url: string, event: unknown, timeoutMs = TIMEOUT_MS): Promise<Answer<EventAnswer>> {
	return await post<EventAnswer>(url, event, { [EVENT_HEADER.name]: EVENT_HEADER.value }, timeoutMs);
}

/** Posts JSON to a webhook of n8n and returns the answer. */
export async function post<T>(url: string, payload: unknown, headers: Record<string, string> = {}, timeoutMs = TIMEOUT_MS): Promise<Answer<T>> {
	const { statusCode, headers: answered, body } = await request(url, {
		method: 'POST',
		headers: { ...headers, 'content-type': 'application/json' },
		body: JSON.stringify(payload),
		headersTimeout: timeoutMs,
	});
	const text = await body.text();
	try {
		return { status: statusCode, headers: answered, body: JSON.parse(text) as T, text };
	} catch {
		throw new Error(`${url} answered ${statusCode} with something that is not JSON: ${text.slice(0, 300)}`);
	}
}

/** The command line that fires another event: for every shell of the sh family, or for Windows' cmd. */
export function curlLine(url: string, event: StockArrivalEvent, platform: NodeJS.Platform = process.platform): string {
	const json = JSON.stringify(event);
	const quoted = platform === 'win32' ? quotedForCmd : quotedForSh;
	return `curl -sS -X POST ${url} -H ${quoted(`${EVENT_HEADER.name}: ${EVENT_HEADER.value}`)} -H ${quoted('Content-Type: application/json')} -d ${quoted(json)}`;
}

function quotedForSh(text: string): string {
	return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** What means something to cmd or to its code page, or would end the quotes, is written as JSON's own escape. */
function quotedForCmd(text: string): string {
	const plain = text.replace(/\\["\\]|[&|<>^%!]|[^ -~]/g, (found) => `\\u${found.charCodeAt(found.length - 1).toString(16).padStart(4, '0')}`);
	return `"${plain.replaceAll('"', String.raw`\"`)}"`;
}
