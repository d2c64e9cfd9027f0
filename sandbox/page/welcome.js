/* global fetch */
import { read } from './api.js';
import { connectBox } from './connect.js';
import { h } from './dom.js';
import { notify } from './notice.js';

const SAMPLE = { phone: '12025550150', template: 'stock_arrival', language: { policy: 'deterministic', code: 'en' } };
const TEXTS = ['Anna', '10482', 'Trail shoes', 'It ships tomorrow'];

/** Shown until the first message. */
export function welcome({ channelId, token }) {
	return [
		h('h3', {}, 'No messages yet'),
		h('p', { id: 'welcome-arrive', hidden: true }, 'n8n is connected. Press ', h('b', {}, 'Stock arrives'), ', and a customer gets a message.'),
		h('div', { id: 'welcome-connect' }, h('h4', {}, 'Connect n8n'), h('p', {}, 'Enter this in the 1MSG credential, and run a workflow.'), connectBox({ channelId, token })),
		h('p', {}, 'Without n8n:'),
		h('button', { type: 'button', id: 'sample', onclick: () => void sendSample(channelId, token) }, 'Send a sample'),
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
