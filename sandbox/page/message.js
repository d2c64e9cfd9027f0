import { act } from './api.js';
import { h } from './dom.js';
import { openDetails } from './details.js';
import { marked } from './markup.js';
import { notify } from './notice.js';
import { ticks } from './ticks.js';
import { exactTime, failureSentences, STATE_WORDS, timeWords, who } from './words.js';

/** What other buttons do on a phone; the channel isn't notified. */
const TAPS = {
	URL: ({ url }) => `The phone opens ${url}, which the sandbox does not.`,
	OTP: () => 'The phone copies the code. WhatsApp does not report this tap.',
	PHONE_NUMBER: () => 'The phone calls the shop. WhatsApp does not report this tap.',
	COPY_CODE: ({ code }) => `The phone copies ${code}. WhatsApp does not report this tap.`,
	CATALOG: () => 'The phone opens the catalog. WhatsApp does not report this tap.',
	FLOW: () => 'The phone opens the form. The sandbox does not fill in forms.',
};

/** Where a message is that the phone does not have (yet). */
const ON_THE_WAY = { accepted: 'On its way: accepted', sent: 'On its way: sent' };

/** A chat message. `quoted` is the text it replies to; `answer` starts a reply. */
export function messageItem({ message, quoted }, answer) {
	const isOut = message.direction === 'out';
	const label = isOut ? `From the shop, ${STATE_WORDS[message.state].toLowerCase()}` : 'From the customer';
	return h(
		'li',
		{ class: `message ${message.direction} ${message.state ?? ''}`, 'data-id': message.id },
		h(
			'article',
			{ 'aria-label': label },
			h('div', { class: 'bubble' }, quoted !== null && h('blockquote', {}, quoted), content(message), foot(message, answer)),
			buttons(message, message),
			isOut && state(message),
		),
	);
}

function content(message) {
	return [
		message.media && h('p', { class: 'media' }, `${message.media.type}: ${message.media.url}`),
		message.header && h('p', { class: 'head' }, marked(message.header)),
		message.text && h('p', { class: 'text', dir: 'auto' }, marked(message.text)),
		message.footer && h('p', { class: 'foot quiet small' }, message.footer),
		message.cards && h('ul', { class: 'cards', tabindex: 0, 'aria-label': 'Cards' }, message.cards.map((card) => cardItem(card, message))),
	];
}

function cardItem(card, message) {
	return h('li', {}, h('div', { class: 'bubble' }, content(card)), buttons(card, message));
}

function foot(message, answer) {
	const isOut = message.direction === 'out';
	return h(
		'p',
		{ class: 'when quiet' },
		isOut && h('button', { type: 'button', class: 'more', 'aria-label': 'About this message', onclick: () => openDetails(message, answer) }, '⋯'),
		h('time', { datetime: message.acceptedAt, title: exactTime(message.acceptedAt) }, timeWords(message.acceptedAt)),
		!isOut && ticks('delivered', 'Delivered to the shop'),
	);
}

function buttons(part, message) {
	if (part.buttons.length === 0) return null;
	const isThere = ['delivered', 'read'].includes(message.state);
	return h(
		'div',
		{ class: 'taps', role: 'group', 'aria-label': 'Buttons', 'aria-describedby': isThere ? null : stateId(message) },
		part.buttons.map((button) => (isThere ? tappable(button, message) : h('button', { type: 'button', class: 'tap', 'data-type': button.type, disabled: true, title: 'Not on the phone yet' }, button.text))),
	);
}

function tappable(button, message) {
	const link = button.opens ?? (button.type === 'URL' ? webLink(button.url) : undefined);
	const look = { class: 'tap', 'data-type': button.type };
	if (link === undefined) return h('button', { type: 'button', ...look, onclick: () => tap(button, message) }, button.text);
	return h('a', { ...look, href: link, title: button.url, target: '_blank', rel: 'noopener noreferrer' }, button.text, h('span', { class: 'unseen' }, ' (opens a new tab)'));
}

/** The address, if it is a web page's and not an example's. */
function webLink(address) {
	const url = URL.parse(address ?? '');
	return url && ['http:', 'https:'].includes(url.protocol) && !url.hostname.endsWith('.example') ? url.href : undefined;
}

function tap(button, { id, phone }) {
	const tapped = TAPS[button.type];
	if (tapped) return notify(tapped(button));
	const reply = { text: button.text, ...(button.payload !== undefined && { payload: button.payload }) };
	return act('POST', 'inbound', { ...who(phone), button: reply, quotedMessageId: id }, `Tapped: ${button.text}`);
}

function stateId({ id }) {
	return `state-${id}`;
}

/** How far the message has come, outside what the phone shows. */
function state(message) {
	const { failure, lateFailure, order, buttons: all, cards } = message;
	const hasButtons = all.length > 0 || (cards ?? []).some((card) => card.buttons.length > 0);
	const id = stateId(message);
	if (failure) return h('p', { id, class: 'state bad' }, h('strong', {}, 'Not delivered: '), failureSentences(failure), hasButtons && ' Nobody can tap its buttons.');
	if (lateFailure) return h('p', { id, class: 'state bad' }, h('strong', {}, `${STATE_WORDS[message.state]}, then reported as failed: `), failureSentences(lateFailure));
	const way = ON_THE_WAY[message.state];
	if (way) return h('p', { id, class: 'state quiet' }, way, hasButtons && '. Its buttons work once it is delivered.');
	return h('p', { id, class: 'state quiet' }, STATE_WORDS[message.state], order?.isConfirmed && `; order ${order.reference} confirmed on the shop's page`);
}
