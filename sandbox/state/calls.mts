import { isPathMeant } from '../http/path-pattern.mts';

/** One call to the channel's API as it was received; every token is masked. */
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
	/** 0 where no answer was written (connection cut, or left hanging). */
	status: number;
	answer: string;
	durationMs: number;
}

const KEPT = 500;
const LONGEST_TEXT = 20_000;

/** The last calls, oldest first. */
export class Calls {
	#list: Call[] = [];

	add(call: Call): void {
		this.#list.push({ ...call, body: call.body.slice(0, LONGEST_TEXT), answer: call.answer.slice(0, LONGEST_TEXT) });
		if (this.#list.length > KEPT) this.#list.shift();
	}

	/** The newest `limit` of one path (or of all that begin like a pattern ending in `*`). */
	list(path: string | undefined, limit: number): Call[] {
		return this.#list.filter((call) => path === undefined || isPathMeant(path, call.path)).slice(-limit);
	}

	clear(): void {
		this.#list = [];
	}
}
