import { isPathMeant } from '../http/path-pattern.mts';

/** A call to the channel's API as received, with tokens masked. */
export interface Call {
	at: string;
	method: string;
	path: string;
	query: Record<string, string>;
	tokenIn: 'header' | 'query' | 'body' | 'none';
	tokenOk: boolean;
	contentType: string | null;
	headers: Record<string, string>;
	body: string;
	/** 0 if no answer was written (connection cut or left hanging). */
	status: number;
	answer: string;
	durationMs: number;
}

const MAX_CALLS = 500;
const MAX_TEXT_LENGTH = 20_000;

/** Recent calls, oldest first. */
export class Calls {
	#list: Call[] = [];

	add(call: Call): void {
		this.#list.push({ ...call, body: call.body.slice(0, MAX_TEXT_LENGTH), answer: call.answer.slice(0, MAX_TEXT_LENGTH) });
		if (this.#list.length > MAX_CALLS) this.#list.shift();
	}

	/** The newest `limit` calls to a path (or to a prefix, with a trailing `*`). */
	list(path: string | undefined, limit: number): Call[] {
		return this.#list.filter((call) => path === undefined || isPathMeant(path, call.path)).slice(-limit);
	}

	clear(): void {
		this.#list = [];
	}
}
