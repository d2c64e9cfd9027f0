/* global fetch, URLSearchParams */
import { notify } from './notice.js';

const CONTROL = '/_sandbox/';

/** Calls the control API; throws with its error message. */
export async function call(method, path, body) {
	const answer = await fetch(CONTROL + path, {
		method,
		headers: body === undefined ? {} : { 'content-type': 'application/json' },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	const content = await answer.json();
	if (!answer.ok) throw new Error(content.error ?? `The sandbox answered ${answer.status}.`);
	return content;
}

/** Reads from the control API; omits empty values of `query`. */
export function read(path, query = {}) {
	const given = Object.entries(query).filter(([, value]) => value !== '' && value !== undefined);
	return call('GET', given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path);
}

/** Performs a user's action and shows the result; returns the answer, or undefined on failure. */
export async function act(method, path, body, said) {
	try {
		const answer = await call(method, path, body);
		if (said) notify(typeof said === 'function' ? said(answer) : said);
		return answer;
	} catch (error) {
		notify(error.message, true);
		return undefined;
	}
}
