import { read } from './api.js';
import { byId, h, setText } from './dom.js';
import { count, failureWords } from './words.js';

const TOPICS = {
	undelivered: 'Accepted, then not delivered',
	content: 'Refused: template or content',
	customer: 'Refused: this customer',
	later: 'Refused: try again later',
	account: 'Refused: account, token or path',
	unclear: 'Queued, or no clear answer',
};

/** Words by which a group is found too. */
const GROUPS = { delivery: 'not delivered', refusal: 'refused', service: '' };

let ways = [];

/** Loads the failure modes. */
export async function loadFailures() {
	({ ways } = await read('failures'));
}

/** The failure mode with this ID. */
export function failureWay(id) {
	return ways.find((way) => way.id === id);
}

/** The failure mode with this label, if any. */
export function failureWayLabelled(label) {
	return ways.find((way) => failureWords(way) === label);
}

/** Whether the message may still arrive: queued, or its answer is late or lost. */
export function isUnclear({ topic }) {
	return topic === 'unclear';
}

/** Failures of accepted messages, as select options. */
export function deliveryOptions() {
	return ways.filter(({ group }) => group === 'delivery').map((way) => h('option', { value: way.id, 'data-code': way.code }, failureWords(way)));
}

/** Sets up the choice of a failure mode: by topic, and found by any word of it. */
export function setUpPicker() {
	const box = byId('fail-ways');
	const search = byId('fail-search');
	box.append(...Object.entries(TOPICS).map(([topic, title]) => h('details', {}, h('summary', {}, title, ' ', h('b', {})), ways.filter((way) => way.topic === topic).map(wayItem))));
	box.querySelector('input').checked = true;
	search.addEventListener('input', find);
	search.addEventListener('keydown', (event) => {
		if (event.key !== 'Enter') return;
		// Enter would apply the way that was chosen before.
		event.preventDefault();
		const first = box.querySelector('label:not([hidden]) input');
		first?.click();
		first?.focus();
	});
	find();
}

function wayItem(way) {
	const words = `${GROUPS[way.group]} ${failureWords(way)} ${way.details}`.toLowerCase();
	return h('label', { class: 'way', 'data-words': words }, h('input', { type: 'radio', name: 'way', value: way.id }), h('span', {}, failureWords(way)));
}

/** Shows the ways that have every word, with their topics open; without words, the topics alone. */
function find() {
	const words = byId('fail-search').value.toLowerCase().split(/\s+/).filter(Boolean);
	let found = 0;
	for (const topic of byId('fail-ways').children) {
		const labels = [...topic.querySelectorAll('label')];
		for (const label of labels) label.hidden = !words.every((word) => label.dataset.words.includes(word));
		const fitting = labels.filter((label) => !label.hidden).length;
		found += fitting;
		topic.hidden = fitting === 0;
		topic.open = words.length > 0;
		setText(topic.querySelector('b'), String(fitting));
	}
	setText(byId('fail-found'), words.length === 0 ? `${ways.length} ways to fail, in ${Object.keys(TOPICS).length} groups` : found === 0 ? 'Nothing matches.' : count(found, 'way to fail', 'ways to fail'));
}
