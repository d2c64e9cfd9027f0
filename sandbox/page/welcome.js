/* global document, fetch */
import { read } from './api.js';
import { fact, h } from './dom.js';
import { notify } from './notice.js';

const SAMPLE = { phone: '12025550150', template: 'stock_arrival', language: { policy: 'deterministic', code: 'en' } };
const TEXTS = ['Anna', '10482', 'Trail shoes', 'It ships tomorrow'];

/** What to do while nothing was sent. */
export function welcome({ channelId, token }) {
	return [
		h('h3', {}, 'Nothing was sent yet'),
		h('p', {}, 'Put this into the credential in n8n, with the token that npm run sandbox prints, and run a workflow. In the demo that is done: fire another event.'),
		h('dl', { class: 'facts' }, fact('Base URL', h('code', {}, document.location.origin)), fact('Channel ID', h('code', {}, channelId))),
		h('button', { type: 'button', id: 'sample', class: 'strong', onclick: () => void sendSample(channelId, token) }, 'Send a sample'),
	];
}

/** Sends as n8n would: through the channel's own API. */
async function sendSample(channelId, token) {
	try {
		const { templates } = await read('templates');
		const { namespace } = templates.find(({ name, language }) => name === SAMPLE.template && language === SAMPLE.language.code) ?? {};
		const params = [{ type: 'body', parameters: TEXTS.map((text) => ({ type: 'text', text })) }];
		const answer = await fetch(`/${channelId}/sendTemplate`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
			body: JSON.stringify({ ...SAMPLE, namespace, params }),
		});
		const { sent, message } = await answer.json();
		notify(sent === true ? 'Sent to +1 202 555 0150' : `Refused with ${answer.status}: ${message}`, sent !== true);
	} catch (error) {
		notify(error.message, true);
	}
}
