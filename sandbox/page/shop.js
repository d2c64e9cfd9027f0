import { call } from './api.js';
import { byId, h, setText } from './dom.js';
import { answerWords, initials } from './words.js';

/** Sets up the button that makes stock arrive. */
export function setUpShop() {
	byId('arrive').addEventListener('click', () => void arrive());
}

/** Shows the shop's name on the phone, and the button where an event has an address. */
export function showShop({ shopName, arrivalUrl }) {
	const hasArrivals = arrivalUrl !== null;
	setText(byId('shop-title'), shopName);
	setText(byId('shop-face'), initials(shopName));
	byId('arrive').hidden = !hasArrivals;
	byId('welcome-arrive').hidden = !hasArrivals;
	byId('welcome-connect').hidden = hasArrivals;
	if (!hasArrivals) say('');
}

async function arrive() {
	const button = byId('arrive');
	if (button.getAttribute('aria-disabled') === 'true') return;
	button.setAttribute('aria-disabled', 'true');
	say('', 'Telling n8n …');
	try {
		const { event, ...told } = await call('POST', 'arrive', {});
		const isTaken = told.status !== null && told.status < 300;
		say(isTaken ? 'good' : 'bad', h('b', {}, `${nameOf(event)}: `), answerWords(told));
	} catch (error) {
		say('bad', error.message);
	} finally {
		button.removeAttribute('aria-disabled');
	}
}

/** What arrived, in the words of the event. */
function nameOf({ productName, sku }) {
	return [productName, sku].find((name) => typeof name === 'string' && name !== '') ?? 'Stock';
}

function say(kind, ...children) {
	const line = byId('arrived');
	line.className = `arrived small ${kind}`;
	line.replaceChildren(...children);
}
