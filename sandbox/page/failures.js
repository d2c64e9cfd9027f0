import { read } from './api.js';
import { h } from './dom.js';
import { failureWords } from './words.js';

const GROUPS = { delivery: 'Accepted, then not delivered', refusal: 'Refused by WhatsApp', service: 'Service errors' };

let ways = [];

/** Loads the failure modes. */
export async function loadFailures() {
	({ ways } = await read('failures'));
}

/** The failure mode with this ID. */
export function failureWay(id) {
	return ways.find((way) => way.id === id);
}

/** Failure modes as select options, by group. */
export function failureOptions(groups = Object.keys(GROUPS)) {
	const options = (group) => ways.filter((way) => way.group === group).map((way) => h('option', { value: way.id, 'data-code': way.code }, failureWords(way)));
	return groups.map((group) => h('optgroup', { label: GROUPS[group] }, options(group)));
}
