import { read } from './api.js';
import { h } from './dom.js';
import { failureWords } from './words.js';

const GROUPS = { delivery: 'Accepted, then not delivered', refusal: 'Refused by WhatsApp', service: 'The service itself' };

let ways = [];

/** Reads every way in which a message can fail. */
export async function loadFailures() {
	({ ways } = await read('failures'));
}

/** The way with this ID. */
export function failureWay(id) {
	return ways.find((way) => way.id === id);
}

/** The ways as options of a select, by group; `groups` says which. */
export function failureOptions(groups = Object.keys(GROUPS)) {
	const options = (group) => ways.filter((way) => way.group === group).map((way) => h('option', { value: way.id, 'data-code': way.code }, failureWords(way)));
	return groups.map((group) => h('optgroup', { label: GROUPS[group] }, options(group)));
}
