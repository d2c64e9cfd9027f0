/* global document */
import { act, read } from './api.js';
import { byId, h, setText, showItems } from './dom.js';
import { face } from './face.js';
import { ticks } from './ticks.js';
import { welcome } from './welcome.js';
import { count, customerWords, timeWords } from './words.js';

const LIMIT = 100;
/** Filters of the list: the states they stand for, their label, and the sandbox's name for their count. */
const CHIPS = [
	{ states: '', word: 'All', group: 'all' },
	{ states: 'accepted,sent', word: 'On the way', group: 'onTheWay' },
	{ states: 'delivered', word: 'Delivered', group: 'delivered' },
	{ states: 'read', word: 'Read', group: 'read' },
	{ states: 'failed', word: 'Failed', group: 'failed' },
];
/** Segments of the bar above the list. */
const SHARES = [
	['read', ({ read: messages }) => messages],
	['delivered', ({ delivered }) => delivered],
	['failed', ({ failed }) => failed],
	['sent', ({ accepted, sent }) => accepted + sent],
];

/** Sets up the customer list. `facts` describes the channel; `changed()` triggers a refresh. */
export function setUpPhones(facts, changed) {
	byId('search').addEventListener('input', changed);
	byId('states').append(...CHIPS.map((one) => chip(one, changed)));
	byId('share').append(...SHARES.map(([name]) => h('span', { class: name })));
	byId('chats').addEventListener('keydown', moveByArrows);
	byId('no-chats').append(...welcome(facts));
	setUpNewcomer();
}

/** Refreshes the customer list; `open` is the phone of the open chat. Returns the data, and as `only` the only customer's phone. */
export async function showPhones(open) {
	const search = byId('search').value;
	const state = document.querySelector('input[name="state"]:checked').value;
	const view = await read('chats', { search, state, limit: LIMIT });
	const { tally, customers, found, chats } = view;
	for (const { group } of CHIPS) setText(byId(`customers-${group}`), customers[group].toLocaleString());
	for (const [index, [, share]] of SHARES.entries()) byId('share').children[index].style.flexGrow = share(tally);
	const isEmpty = customers.all === 0 && search.trim() === '';
	byId('no-chats').hidden = !isEmpty;
	setText(byId('list-summary'), isEmpty ? '' : count(found, 'customer') + (found > LIMIT ? `, showing the latest ${LIMIT}` : ''));
	showItems(byId('chats'), chats.map((chat) => ({ ...chat, isOpen: chat.phone === open })), ({ phone }) => phone, chatItem);
	return { ...view, only: search === '' && customers.all === 1 ? chats[0]?.phone : undefined };
}

function chip({ states, word, group }, changed) {
	const radio = h('input', { type: 'radio', name: 'state', value: states, checked: states === '', onchange: changed });
	return h('label', { class: 'chip' }, radio, h('span', {}, `${word} `, h('b', { id: `customers-${group}` }, '0')));
}

function chatItem({ phone, name, username, hidesPhone, direction, text, at, state, unread, isOpen }) {
	return h(
		'li',
		{},
		h(
			'a',
			{ href: `#/${encodeURIComponent(phone)}`, class: `row ${state ?? ''}`, 'aria-current': isOpen ? 'true' : null },
			face(phone),
			h('span', { class: 'who cut' }, customerWords({ phone, username, hidesPhone }), name !== null && h('span', { class: 'name quiet' }, ` ${name}`)),
			h('time', { class: 'quiet small', datetime: at }, timeWords(at)),
			h('span', { class: 'last quiet' }, direction === 'in' ? fromCustomer() : ticks(state), h('span', { class: 'cut' }, text)),
			unread > 0 && h('span', { class: 'badge' }, String(unread), h('span', { class: 'unseen' }, ' unread')),
		),
	);
}

function fromCustomer() {
	return h('span', {}, h('span', { 'aria-hidden': 'true' }, '↩'), h('span', { class: 'unseen' }, 'The customer: '));
}

function moveByArrows(event) {
	const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key];
	const next = step && event.target.closest('li')?.[step];
	if (!next) return;
	event.preventDefault();
	next.querySelector('a').focus();
}

function setUpNewcomer() {
	const dialog = byId('newcomer');
	for (const id of ['new-customer', 'newcomer-skip']) byId(id).addEventListener('click', () => dialog.showModal());
	byId('newcomer-close').addEventListener('click', () => dialog.close());
	byId('newcomer-form').addEventListener('submit', async (event) => {
		event.preventDefault();
		const name = byId('newcomer-phone').value.trim();
		const customer = name.startsWith('@') ? { username: name } : { phone: name };
		const answer = await act('POST', 'inbound', { ...customer, text: byId('newcomer-text').value }, 'Sent');
		if (!answer) return;
		byId('newcomer-form').reset();
		dialog.close();
		document.location.hash = `#/${encodeURIComponent(answer.phone)}`;
	});
}
