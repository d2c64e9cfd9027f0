import { request } from 'undici';

/** An event is answered once every customer has an outcome. */
const TIMEOUT_MS = 300_000;

/** Header that the demo's warehouse webhook requires; this n8n listens on loopback only. */
export const EVENT_HEADER = { name: 'X-Warehouse-Key', value: 'demo-warehouse' };

/** A waiting customer: a row of the table that stands in for the CRM. */
export interface Order {
	sku: string;
	orderReference: string;
	customerName: string;
	phone: string;
	email: string;
	status: 'waiting' | 'notified';
	/** When the customer confirmed the shipment. */
	confirmedAt?: string | null;
}

/** Posted by a warehouse system when a product arrives. */
export interface StockArrivalEvent {
	sku: string;
	productName: string;
	nextStep: string;
	/** Only these orders; by default, everyone waiting for the product. */
	orderReferences?: string[];
	/** Gets the counts once every message is logged. */
	callbackUrl?: string;
}

/** The starter's response to the warehouse, before anything is sent. */
export interface ArrivalAnswer {
	/** Number to ask for the counts with. */
	arrival: string;
	/** Names of missing or empty fields. */
	missing: string[];
}

/** Counts of an arrival: orders, and messages by outcome and by status. */
export type ArrivalCounts = Record<
	'orders' | 'accepted' | 'queued' | 'unknown' | 'skipped' | 'rehearsed' | 'refused' | 'sent' | 'delivered' | 'read' | 'failed',
	number
>;

/** Outcome of one customer's message. */
export interface MessageAnswer {
	orderReference: string;
	phone: string;
	outcome: string;
	messageId: string | null;
	errorCode: string | null;
	errorMessage: string | null;
	action: string | null;
}

/** The advanced workflow's response to the warehouse. */
export interface EventAnswer {
	sku: string;
	/** Number of customers waiting: the sum of the outcomes. */
	waiting: number;
	accepted: number;
	queued: number;
	unknown: number;
	skipped: number;
	/** Not sent, because of Dry Run or the credential's Test Recipient. */
	rehearsed: number;
	refused: number;
	/** Orders of the event that were already notified, or don't exist. */
	notWaiting: string[];
	/** Seconds; null if a retry would not help or isn't needed. */
	retryAfter: number | null;
	messages: MessageAnswer[];
	/** Field names; only in the response to an incomplete event. */
	missing?: string[];
	errorMessage?: string;
}

/** An HTTP response from n8n. */
export interface Answer<T> {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	body: T;
	text: string;
}

/** Milliseconds, cut to the eight digits of an order reference. */
let nextReference = Date.now() % 100_000_000;

/** A demo order; its reference is unique, so its row is easy to find. */
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

/** The arrival that these orders wait for. */
export function exampleEvent(...orders: Order[]): StockArrivalEvent {
	return {
		sku: orders[0]?.sku ?? 'SHOES-42',
		productName: 'Trail shoes, size 42',
		nextStep: 'It ships tomorrow',
		orderReferences: orders.map(({ orderReference }) => orderReference),
	};
}

/** Posts an event to the warehouse webhook, with the required header. */
export async function postEvent<T = EventAnswer>(url: string, event: unknown, timeoutMs = TIMEOUT_MS): Promise<Answer<T>> {
	return await post<T>(url, event, { [EVENT_HEADER.name]: EVENT_HEADER.value }, timeoutMs);
}

/** Asks for the counts of an arrival, with the required header. */
export async function countsOf(url: string, arrival: string): Promise<ArrivalCounts> {
	const { statusCode, body } = await request(`${url}?arrival=${encodeURIComponent(arrival)}`, { headers: { [EVENT_HEADER.name]: EVENT_HEADER.value } });
	const text = await body.text();
	if (statusCode !== 200) throw new Error(`Asking for the counts failed: ${text.slice(0, 300)}`);
	return JSON.parse(text) as ArrivalCounts;
}

/** Posts JSON to an n8n webhook and returns the response. */
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

/** Command line that fires another event, quoted for sh-like shells or for Windows cmd. */
export function curlLine(url: string, event: StockArrivalEvent, platform: NodeJS.Platform = process.platform): string {
	const json = JSON.stringify(event);
	const quoted = platform === 'win32' ? quotedForCmd : quotedForSh;
	return `curl -sS -X POST ${url} -H ${quoted(`${EVENT_HEADER.name}: ${EVENT_HEADER.value}`)} -H ${quoted('Content-Type: application/json')} -d ${quoted(json)}`;
}

function quotedForSh(text: string): string {
	return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Characters special to cmd, its code page or its quoting become JSON escapes. */
function quotedForCmd(text: string): string {
	const plain = text.replace(/\\["\\]|[&|<>^%!]|[^ -~]/g, (found) => `\\u${found.charCodeAt(found.length - 1).toString(16).padStart(4, '0')}`);
	return `"${plain.replaceAll('"', String.raw`\"`)}"`;
}
