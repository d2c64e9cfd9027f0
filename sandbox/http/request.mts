import type { IncomingMessage } from 'node:http';
import type { Call } from '../state/calls.mts';
import { type JsonObject, objectOf, parsedJson } from '../json.mts';

/** A call to the channel's API, with the token removed from query and body. */
export interface ChannelRequest {
	method: string;
	channelId: string;
	path: string;
	query: URLSearchParams;
	body: JsonObject;
	malformed: boolean;
	token: string;
	tokenIn: Call['tokenIn'];
}

const MAX_BODY_BYTES = 5_000_000;

/** The whole body as text; undefined if longer than 5 MB. */
export async function readBody(message: IncomingMessage): Promise<string | undefined> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of message as AsyncIterable<Buffer>) {
		length += chunk.length;
		if (length > MAX_BODY_BYTES) return undefined;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}

/** Parses a call: JSON or form body; the first token found decides, in body, query, header (1msg-contract-2.md section 1.1). */
export function readChannelRequest(message: IncomingMessage, url: URL, text: string): ChannelRequest {
	const [, channelId = '', ...rest] = url.pathname.split('/');
	const query = new URLSearchParams(url.searchParams);
	const { body, malformed } = parseBody(text, message.headers['content-type'] ?? '');
	const header = (message.headers.authorization ?? '').replace(/^Bearer\s+/i, '').trim();
	const tokens = { query: query.get('token') ?? '', body: String(body.token ?? ''), header };
	const tokenIn = (['body', 'query', 'header'] as const).find((source) => tokens[source] !== '') ?? 'none';
	query.delete('token');
	delete body.token;
	return {
		method: message.method ?? 'GET',
		channelId,
		path: rest.join('/').replace(/\/+$/, ''),
		query,
		body,
		malformed,
		token: tokenIn === 'none' ? '' : tokens[tokenIn],
		tokenIn,
	};
}

function parseBody(text: string, contentType: string): { body: JsonObject; malformed: boolean } {
	if (text.trim() === '') return { body: {}, malformed: false };
	if (contentType.includes('application/x-www-form-urlencoded')) return { body: parseForm(text), malformed: false };
	const parsed = parsedJson(text);
	return { body: { ...objectOf(parsed) }, malformed: objectOf(parsed) === undefined };
}

// Forms carry objects and arrays as JSON, and lists as name[].
function parseForm(text: string): JsonObject {
	const body: JsonObject = {};
	for (const [name, value] of new URLSearchParams(text)) {
		const list = /^(.+)\[\d*\]$/.exec(name)?.[1];
		if (list) body[list] = [...((body[list] as unknown[] | undefined) ?? []), value];
		else body[name] = /^\s*[[{]/.test(value) ? (parsedJson(value) ?? value) : value;
	}
	return body;
}
