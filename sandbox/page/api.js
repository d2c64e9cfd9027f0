/* global fetch, URLSearchParams */
import { notify } from './notice.js';

const CONTROL = '/_sandbox/';

/** One call to the control API; throws with its own sentence where it says no. */
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

/** Reads from the control API; `query` without empty values. */
export function read(path, query = {}) {
	const given = Object.entries(query).filter(([, value]) => value !== '' && value !== undefined);
	return call('GET', given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path);
}

/** Does something for a person and tells them how it went; returns the answer, or undefined where it failed. */
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
