import { act } from './api.js';
import { byId, fact, h } from './dom.js';
import { deliveryOptions } from './failures.js';
import { exactTime, phoneWords } from './words.js';

/** Shows a message's details, with status buttons. `answer` starts a reply. */
export function openDetails(message, answer) {
	const dialog = byId('details');
	const close = () => dialog.close();
	const happen = async (status, code) => {
		close();
		await act('POST', `messages/${encodeURIComponent(message.id)}/status`, { status, ...(code !== undefined && { code }) }, `Marked ${status}`);
	};
	const ways = h('select', { id: 'details-way' }, deliveryOptions());
	dialog.replaceChildren(
		h('h2', { id: 'details-title' }, 'About this message'),
		h(
			'dl',
			{ class: 'facts' },
			fact('To', phoneWords(message.phone)),
			fact('ID', h('code', {}, message.id)),
			!message.chatId.endsWith('@c.us') && fact('Addressed as', h('code', {}, message.chatId)),
			message.template && fact('Template', `${message.template}, ${message.language}, ${message.category}`),
			fact('Accepted', exactTime(message.acceptedAt)),
			message.statuses.map(({ status, at, code }) => fact(status, `${exactTime(at)}${code === undefined ? '' : `, ${code}`}`)),
		),
		h(
			'p',
			{ class: 'buttons' },
			button('Answer it', () => (close(), answer(message))),
			button('Delivered', () => happen('delivered')),
			button('Read', () => happen('read')),
		),
		h(
			'p',
			{ class: 'buttons' },
			h('label', { for: 'details-way', class: 'unseen' }, 'Failure reason'),
			ways,
			button('Failed', () => happen('failed', Number(ways.selectedOptions[0].dataset.code))),
		),
		h('details', {}, h('summary', {}, 'The request'), h('pre', { tabindex: 0 }, JSON.stringify(message.request, null, 2))),
		h('p', { class: 'buttons' }, h('button', { type: 'button', class: 'strong', onclick: close }, 'Close')),
	);
	dialog.showModal();
}

function button(text, onclick) {
	return h('button', { type: 'button', onclick }, text);
}
