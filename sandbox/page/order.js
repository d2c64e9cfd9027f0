/* global document, URLSearchParams */
import { call } from './api.js';
import { byId, fact, h, setText } from './dom.js';
import { drawing, PATHS } from './ticks.js';
import { answerWords, initials } from './words.js';

const message = encodeURIComponent(new URLSearchParams(document.location.search).get('message') ?? '');
const SET_IT = `curl ${document.location.origin}/_sandbox/settings -d '{"confirmUrl":"http://127.0.0.1:5678/webhook/order-confirmed"}'`;

function show(order) {
	document.title = `Order ${order.reference}: ${order.shopName}`;
	setText(byId('shop-name'), order.shopName);
	setText(byId('shop-face'), initials(order.shopName));
	setText(byId('greeting'), `Hello, ${order.customerName}!`);
	setText(byId('order-title'), `Order ${order.reference}`);
	byId('order-facts').append(fact('Item', order.item), fact('Next step', order.nextStep));
	byId('order').hidden = false;
	if (order.isConfirmed) thank(order);
	byId('confirm').addEventListener('click', () => void confirmOrder(order));
}

/** One press is enough: until the answer is there, others do nothing. */
async function confirmOrder(order) {
	const button = byId('confirm');
	if (button.getAttribute('aria-disabled') === 'true') return;
	button.setAttribute('aria-disabled', 'true');
	setText(button, 'Confirming …');
	say('');
	byId('behind').hidden = true;
	try {
		finish(order, await call('POST', `orders/${message}/confirm`, {}));
	} catch (error) {
		say('bad', 'That did not work. Please try again.');
		behind('bad', h('p', {}, error.message));
	} finally {
		button.removeAttribute('aria-disabled');
		setText(button, 'Confirm shipment');
	}
}

function finish(order, confirmation) {
	switch (confirmation.outcome) {
		case 'confirmed':
			thank(order);
			return behind('good', h('p', {}, `n8n was told: it answered ${confirmation.status} at ${confirmation.url}.`));
		case 'nobody':
			say('bad', 'Nobody was told.');
			return behind('warn', h('p', {}, 'No address is set for confirmations. Set the webhook of your workflow, then press again:'), h('pre', { tabindex: 0, role: 'region', 'aria-label': 'Command' }, SET_IT));
		default:
			say('bad', 'That did not work. Please try again.');
			behind('bad', h('p', {}, answerWords(confirmation)), h('p', {}, 'POST ', h('code', {}, confirmation.url)), confirmation.answer !== '' && h('pre', { tabindex: 0, role: 'region', 'aria-label': 'Answer' }, confirmation.answer));
	}
}

function thank({ reference, nextStep }) {
	byId('confirm').hidden = true;
	const said = say('good', drawing(PATHS.sent), h('b', {}, 'Thank you!'), h('span', {}, `Order ${reference} is confirmed. ${nextStep.replace(/[.!?]$/, '')}.`));
	// The button that had the focus is gone.
	said.tabIndex = -1;
	said.focus({ preventScroll: true });
}

function say(kind, ...children) {
	const said = byId('said');
	said.className = `said ${kind}`;
	said.replaceChildren(...children);
	return said;
}

function behind(kind, ...children) {
	const note = byId('behind');
	note.className = `behind ${kind}`;
	note.replaceChildren(h('b', { class: 'small' }, 'Sandbox'), ...children.filter(Boolean));
	note.hidden = false;
}

try {
	show(await call('GET', `orders/${message}`));
} catch {
	byId('no-order').hidden = false;
}
