/* global URLSearchParams */
import { act, read } from './api.js';
import { connectBox } from './connect.js';
import { byId, fact, h, setText, showItems } from './dom.js';
import { count, durationWords, exactTime, pretty, timeWords, urlWords } from './words.js';

const TEMPLATES = 100;
const CALLS = 50;
const STATUSES = ['approved', 'pending', 'paused', 'disabled', 'rejected'];

/** Label and colour of each state of a webhook. */
const CIRCUITS = { ok: ['ok', 'good'], degraded: ['degraded', 'warn'], open: ['open', 'bad'], half_open: ['half open', 'warn'], disabled: ['disabled', 'bad'] };

/** Sets up the channel view; `changed()` triggers a refresh. */
export function setUpChannel(facts, changed) {
	byId('connect').append(connectBox(facts));
	byId('template-search').addEventListener('input', changed);
	byId('calls-path').addEventListener('change', changed);
}

/** Refreshes the channel view: state, webhooks, calls and templates. */
export async function showChannel() {
	const [settings, { webhooks, flags }, { calls }, { found, templates }] = await Promise.all([
		read('settings'),
		read('webhooks'),
		read('calls', { path: byId('calls-path').value, limit: CALLS }),
		read('templates/read', { search: byId('template-search').value, limit: TEMPLATES }),
	]);
	showItems(
		byId('channel-facts'),
		[
			['State', settings.channelStatus],
			['Status hooks', flags.ackNotificationsOn ? 'on' : 'off until the trigger in n8n turns them on'],
			['Status format', formatWords(settings, flags)],
			['Failed hooks', flags.guaranteedHooks ? 'retried' : 'dropped'],
		],
		([name]) => name,
		([name, value]) => fact(name, value),
	);
	setText(byId('breaker'), breakerWords(settings));
	showItems(byId('webhooks'), webhooks, ({ url }) => url, (webhook) => webhookItem(webhook, webhooks));
	showItems(byId('calls'), calls.toReversed(), ({ at, path, body }) => at + path + body, callItem);
	setText(byId('templates-summary'), count(found, 'template') + (found > TEMPLATES ? `, showing the first ${TEMPLATES}` : ''));
	showItems(byId('templates'), templates, ({ name, language }) => `${name}|${language}`, templateItem);
}

function formatWords({ hookForm, rawHooksBeside }, { rawHooks }) {
	const lists = hookForm === 'both' ? `1MSG's lists "hooks" and "ack"` : `1MSG's list "${hookForm}"`;
	if (!rawHooks) return lists;
	return `WhatsApp's own envelope${rawHooksBeside ? `, and ${lists}` : ''}`;
}

function breakerWords({ breakerOpenAt, breakerWindowMs, breakerProbesMs, breakerStickyAfter }) {
	if (breakerOpenAt === 0) return 'The circuit breaker is off: failures skip no deliveries.';
	const probes = breakerProbesMs.map(durationWords).join(', ');
	return `${count(breakerOpenAt, 'failure')} within ${durationWords(breakerWindowMs)} open a URL's circuit. Probes follow after ${probes}; ${breakerStickyAfter} failed ones disable it.`;
}

function webhookItem(webhook, webhooks) {
	const { url, loopback, circuitState, attempts, delivered, skipped, pending, lastStatus, lastError, lastAt } = webhook;
	const isOk = circuitState === 'ok';
	const [word, colour] = isOk && !loopback ? ['not called', ''] : CIRCUITS[circuitState];
	const last = lastAt === null ? 'never called' : `last ${timeWords(lastAt)}: ${lastStatus ?? lastError ?? 'no answer'}`;
	const deliveries = `${count(delivered, 'entry', 'entries')} delivered in ${count(attempts, 'call')}, ${skipped > 0 ? `${skipped} skipped, ` : ''}${pending} waiting, ${last}`;
	const disable = () => void act('POST', 'webhooks', { urls: webhooks.map((other) => other.url), disabled: [url] }, 'Disabled');
	return h(
		'li',
		{ class: 'row-card' },
		h('p', { class: 'line' }, h('span', { class: `pill ${colour}` }, word), h('code', { class: 'url' }, urlWords(url))),
		h('p', { class: 'quiet small' }, loopback ? deliveries : 'Not on this machine, so never called.'),
		!isOk && h('p', { class: 'small' }, circuitWords(webhook)),
		circuitState !== 'disabled' && loopback && h('button', { type: 'button', onclick: disable }, 'Disable'),
	);
}

function circuitWords({ circuitState, reason, fails, trips, firstFailAt, disabledAt, warnedAt, nextProbeAt }) {
	const why = `${reason}, ${count(fails, 'failure')} since ${timeWords(firstFailAt)}`;
	const warned = warnedAt === null ? '' : ` A warning e-mail would have gone out at ${timeWords(warnedAt)}.`;
	const probes = trips > 0 ? `, ${count(trips, 'probe')} failed` : '';
	switch (circuitState) {
		case 'degraded':
			return `${why}. Deliveries go on.${warned}`;
		case 'open':
			return `${why}${probes}. Deliveries are skipped; the first one after ${timeWords(nextProbeAt)} is the next probe.${warned}`;
		case 'half_open':
			return `${why}${probes}. A probe is in flight; any answer but 2xx opens the circuit again.`;
		default:
			return `${why}${probes}, disabled since ${timeWords(disabledAt)}. Resubmit the list to enable it, for example with Repair Webhooks of the 1MSG node.`;
	}
}

function callItem({ at, method, path, query, tokenIn, tokenOk, headers, body, status, answer, durationMs }) {
	const isGood = status >= 200 && status < 300;
	const sent = new URLSearchParams(query).toString();
	const token = tokenIn === 'none' ? 'none' : `${tokenOk ? 'valid' : 'invalid'}, in the ${tokenIn}`;
	return h(
		'li',
		{},
		h(
			'details',
			{},
			h(
				'summary',
				{},
				h('span', { class: `pill ${isGood ? 'good' : 'bad'}` }, status === 0 ? 'no answer' : String(status)),
				h('b', {}, ` ${method} ${path} `),
				h('span', { class: 'quiet small' }, `${exactTime(at)}, ${durationMs} ms`),
			),
			h('dl', { class: 'facts' }, fact('Token', token), sent !== '' && fact('Query', h('code', {}, sent))),
			body !== '' && block('Body', pretty(body)),
			block('Answer', answer === '' ? '(empty)' : pretty(answer)),
			block('Headers', Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join('\n')),
		),
	);
}

function block(title, text) {
	return [h('h4', {}, title), h('pre', { tabindex: 0, 'aria-label': title, role: 'region' }, text)];
}

function templateItem(template) {
	const { name, language, category, status } = template;
	const change = ({ target }) => void act('POST', 'templates', { name, language, status: target.value }, `${name} is ${target.value}`);
	const known = STATUSES.includes(status) ? STATUSES : [status, ...STATUSES];
	const colour = { approved: 'good', pending: '' }[status] ?? 'bad';
	return h(
		'li',
		{},
		h(
			'details',
			{},
			h(
				'summary',
				{},
				h('span', { class: `pill ${colour}` }, status),
				h('b', {}, ` ${name} `),
				h('span', { class: 'quiet small' }, `${language}, ${category.toLowerCase()}`),
			),
			preview(template),
			h('label', {}, 'Status ', h('select', { onchange: change }, known.map((word) => h('option', { selected: word === status }, word)))),
		),
	);
}

function preview({ header, body = '', footer, buttons, cards }) {
	return h(
		'div',
		{ class: 'preview' },
		h(
			'div',
			{ class: 'bubble' },
			header && h('p', { class: 'head' }, header.format === 'TEXT' ? header.text : header.format.toLowerCase()),
			h('p', { class: 'text' }, body),
			footer && h('p', { class: 'foot quiet small' }, footer),
			cards && h('p', { class: 'quiet small' }, count(cards.length, 'card')),
		),
		buttons.length > 0 && h('div', { class: 'taps' }, buttons.map(({ text, url }) => h('span', { class: 'tap', title: url }, text))),
	);
}
