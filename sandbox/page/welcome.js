/* global document, fetch */
import { read } from './api.js';
import { fact, h } from './dom.js';
import { notify } from './notice.js';

const SAMPLE = { phone: '12025550150', template: 'stock_arrival', language: { policy: 'deterministic', code: 'en' } };
const TEXTS = ['Anna', '10482', 'Trail shoes', 'It ships tomorrow'];

/** Shown until the first message. */
export function welcome({ channelId, token }) {
	return [
		h('h3', {}, 'No messages yet'),
		h('p', {}, 'Enter this in the credential in n8n, with the token that npm run sandbox prints, and run a workflow. In the demo, just fire another event.'),
		h('dl', { class: 'facts' }, fact('Base URL', h('code', {}, document.location.origin)), fact('Channel ID', h('code', {}, channelId))),
		h('button', { type: 'button', id: 'sample', class: 'strong', onclick: () => void sendSample(channelId, token) }, 'Send a sample'),
	];
}

/** Sends through the channel's own API, as n8n would. */
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
