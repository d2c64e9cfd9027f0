/* global confirm, document */
import { act, read } from './api.js';
import { byId, fact, h, setText, showItems } from './dom.js';
import { failureWay, failureWayLabelled, isUnclear, setUpPicker } from './failures.js';
import { count, failureSentences, failureWords, phoneWords, timeWords } from './words.js';

/** Limits in messages per second that the buttons step through; null is none. */
const LIMITS = [1, 2, 5, 10, 20, 40, 80, 160, 320, null];

let rate = null;
let open = '';

/** Sets up the controls. */
export function setUpControls() {
	setUpPicker();
	byId('fail-ways').addEventListener('change', showHint);
	showHint();
	showScope();
	byId('fail-form').addEventListener('submit', (event) => {
		event.preventDefault();
		void failNext();
	});
	byId('limit-down').addEventListener('click', () => void setLimit(nextLimit(-1)));
	byId('limit-up').addEventListener('click', () => void setLimit(nextLimit(1)));
	byId('auto-read').addEventListener('change', ({ target: { checked } }) => {
		void act('POST', 'settings', { autoRead: checked }, checked ? 'Customers read automatically' : 'Customers read only when marked');
	});
	byId('clear').addEventListener('click', () => {
		if (confirm('Clear all messages, calls and pending failures?')) void act('POST', 'clear', {}, 'Cleared').then(() => (document.location.hash = '#/'));
	});
	byId('controls-toggle').addEventListener('click', toggle);
	byId('controls').addEventListener('keydown', ({ key }) => key === 'Escape' && byId('controls-toggle').getAttribute('aria-expanded') === 'true' && toggle());
}

/** Refreshes the controls; `lastSecond` is the number of messages accepted in the last second. Returns the settings. */
export async function showControls(phone, lastSecond) {
	const [settings, counts, { scripts }, { calls }] = await Promise.all([read('settings'), read('counts'), read('script'), read('calls', { path: 'send*', limit: 6 })]);
	if (phone !== open) {
		open = phone;
		showScope();
	}
	rate = settings.messagesPerSecond;
	setText(byId('limit'), rate === null ? 'no limit' : `${rate} per second`);
	byId('limit-down').disabled = rate !== null && rate <= LIMITS[0];
	byId('limit-up').disabled = rate === null;
	setText(byId('limit-now'), `${count(lastSecond, 'message')} accepted in the last second, ${counts.refusedForRate.toLocaleString()} throttled in total`);
	byId('auto-read').checked = settings.autoRead;
	const numbers = { Messages: counts.messages, Customers: counts.recipients, Requests: counts.requests, Throttled: counts.refusedForRate };
	showItems(byId('counts'), Object.entries(numbers), ([name]) => name, ([name, number]) => fact(name, number.toLocaleString()));
	showItems(byId('last-sends'), calls.toReversed(), ({ at, body }) => at + body, sendItem);
	showWaiting(scripts);
	return settings;
}

/** Offers anyone and the open chat's customer; what was chosen stays chosen. */
function showScope() {
	const scope = byId('fail-for');
	const chosen = scope.value;
	const customers = new Set([open, chosen].filter((phone) => phone !== ''));
	scope.replaceChildren(h('option', { value: '' }, 'anyone'), ...[...customers].map((phone) => h('option', { value: phone, selected: phone === chosen }, phoneWords(phone))));
}

function showHint() {
	const way = chosenWay();
	setText(byId('fail-hint'), failureSentences(way));
	byId('fail-hint').classList.toggle('unclear', isUnclear(way));
}

function chosenWay() {
	return failureWay(byId('fail-form').elements.way.value);
}

async function failNext() {
	const way = chosenWay();
	const phone = byId('fail-for').value;
	const label = failureWords(way);
	const script = { path: 'send*', label, answers: [way.answer], ...(phone !== '' && { phone }) };
	await act('POST', 'script', script, `A failure ${waitingWords(script)}: ${label}`);
}

function showWaiting(scripts) {
	const list = byId('waiting').firstElementChild ?? byId('waiting').appendChild(h('ul', { class: 'waiting', 'aria-label': 'Pending failures' }));
	showItems(list, scripts.map((script, index) => ({ ...script, index })), ({ index }) => index, waitingItem);
	const forget = byId('forget-failures');
	if (scripts.length > 0 && !forget) byId('waiting').append(h('button', { type: 'button', id: 'forget-failures', onclick: clearFailures }, 'Clear failures'));
	if (scripts.length === 0) forget?.remove();
}

async function clearFailures() {
	byId('fail-search').focus();
	await act('DELETE', 'script', undefined, 'Pending failures cleared');
}

function waitingItem({ label, path, phone, left }) {
	const way = failureWayLabelled(label);
	return h('li', { class: way && isUnclear(way) ? 'unclear' : '' }, h('b', {}, label ?? `Script for ${path}`), ` ${waitingWords({ phone, left })}`);
}

/** For whom a failure waits, and how often it will happen (null: always). */
function waitingWords({ phone, left = 1 }) {
	const messages = left === null ? 'every message' : left > 1 ? `the next ${left} messages` : 'the next message';
	return `waits for ${messages} to ${phone ? phoneWords(phone) : 'anyone'}`;
}

function sendItem({ at, status, body, answer }) {
	const phone = /"phone"\s*:\s*"?([^",}]+)/.exec(body)?.[1] ?? '';
	const [word, colour] = answerOf(status, answer);
	const pill = h('span', { class: `pill ${colour}` }, word);
	return h('li', {}, pill, ` ${phoneWords(phone)} `, h('time', { class: 'quiet small', datetime: at }, timeWords(at)));
}

/** What the channel answered to a send, and its colour. A queued message is neither accepted nor refused. */
function answerOf(status, answer) {
	if (status === 0) return ['no answer', 'warn'];
	if (status < 200 || status >= 300) return [`refused, ${status}`, 'bad'];
	if (!/"sent"\s*:\s*false/.test(answer)) return ['accepted', 'good'];
	return /"jobId"/.test(answer) ? ['queued', 'warn'] : [`refused, ${status}`, 'bad'];
}

function nextLimit(step) {
	if (rate === null) return step < 0 ? LIMITS.at(-2) : null;
	const finite = LIMITS.slice(0, -1);
	return (step < 0 ? finite.findLast((limit) => limit < rate) : finite.find((limit) => limit > rate)) ?? (step < 0 ? LIMITS[0] : null);
}

async function setLimit(messagesPerSecond) {
	await act('POST', 'settings', { messagesPerSecond });
}

function toggle() {
	const button = byId('controls-toggle');
	const isOpen = button.getAttribute('aria-expanded') !== 'true';
	button.setAttribute('aria-expanded', String(isOpen));
	byId('phones').classList.toggle('with-controls', isOpen);
	if (isOpen) byId('fail-search').focus();
	else button.focus();
}
