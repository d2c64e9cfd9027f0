import { act } from './api.js';
import { h } from './dom.js';
import { openDetails } from './details.js';
import { marked } from './markup.js';
import { notify } from './notice.js';
import { ticks } from './ticks.js';
import { exactTime, failureSentences, STATE_WORDS, timeWords, who } from './words.js';

/** What other buttons do on a phone; the channel isn't notified. */
const TAPS = {
	URL: ({ url }) =>
		`The phone opens ${url}. WhatsApp does not report this tap, but the page can: have it call the webhook stock-arrival-confirmed of the workflow "CRM follow-up".`,
	OTP: () => 'The phone copies the code. WhatsApp does not report this tap.',
	PHONE_NUMBER: () => 'The phone calls the shop. WhatsApp does not report this tap.',
	COPY_CODE: ({ code }) => `The phone copies ${code}. WhatsApp does not report this tap.`,
	CATALOG: () => 'The phone opens the catalog. WhatsApp does not report this tap.',
	FLOW: () => 'The phone opens the form. The sandbox does not fill in forms.',
};

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
			message.failure && reason(message.failure),
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
		isOut && ticks(message.state),
	);
}

function buttons(part, message) {
	if (part.buttons.length === 0) return null;
	const tappable = (button) => h('button', { type: 'button', class: 'tap', onclick: () => tap(button, message) }, button.text);
	return h('div', { class: 'taps', role: 'group', 'aria-label': 'Buttons' }, part.buttons.map(tappable));
}

function tap(button, { id, phone }) {
	const tapped = TAPS[button.type];
	if (tapped) return notify(tapped(button));
	const reply = { text: button.text, ...(button.payload !== undefined && { payload: button.payload }) };
	return act('POST', 'inbound', { ...who(phone), button: reply, quotedMessageId: id }, `Tapped: ${button.text}`);
}

function reason(failure) {
	return h('p', { class: 'reason' }, h('strong', {}, 'Not delivered: '), failureSentences(failure));
}
