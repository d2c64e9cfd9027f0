import type { ServerResponse } from 'node:http';
import { objectOf } from '../json.mts';

/** What happens to the connection. */
export type Connection = 'whole' | 'hang' | 'cut' | 'half' | 'cutMiddle';

/** An unsent response: an object becomes JSON, a string is sent as is, undefined is an empty body. */
export interface Answer {
	status: number;
	headers?: Record<string, string>;
	body?: unknown;
	delayMs?: number;
	connection?: Connection;
}

/** A JSON response. */
export function json(status: number, body: unknown): Answer {
	return { status, body };
}

/** Whether the request was accepted: 2xx and not `sent: false`. */
export function isAccepted(answer: Answer): boolean {
	return answer.status >= 200 && answer.status < 300 && objectOf(answer.body)?.sent !== false;
}

/** The body as sent. */
export function bodyText({ body, connection }: Answer): string {
	const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
	return connection === 'half' ? text.slice(0, Math.floor(text.length / 2)) : text;
}

/** Writes the response, or breaks the connection as scripted. */
export function writeAnswer(answer: Answer, response: ServerResponse): void {
	const { connection = 'whole' } = answer;
	if (connection === 'hang' || response.destroyed) return;
	if (connection === 'cut') {
		response.destroy();
		return;
	}
	const body = Buffer.from(bodyText(answer));
	const type = typeof answer.body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
	response.writeHead(answer.status, {
		...(answer.body === undefined ? {} : { 'content-type': type }),
		'content-length': body.length,
		...answer.headers,
	});
	if (connection === 'cutMiddle') {
		response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
		return;
	}
	response.end(body);
}
