import assert from 'node:assert/strict';
import { request } from 'undici';

/** Sends the stock arrival template past n8n; returns the message ID. */
export async function sendPastN8n({ baseUrl, channelId, token }: { baseUrl: string; channelId: string; token: string }, phone: string): Promise<string> {
	const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
	const { templates } = (await (await request(`${baseUrl}/${channelId}/templates`, { headers })).body.json()) as { templates: Array<{ name: string; namespace: string }> };
	const { namespace } = templates.find(({ name }) => name === 'stock_arrival')!;
	const parameters = ['Alexey', '10482', 'Oak shelf', 'We ship it tomorrow'].map((text) => ({ type: 'text', text }));
	const payload = { phone, template: 'stock_arrival', language: { policy: 'deterministic', code: 'en' }, namespace, params: [{ type: 'body', parameters }] };
	const { body } = await request(`${baseUrl}/${channelId}/sendTemplate`, { method: 'POST', headers, body: JSON.stringify(payload) });
	const { sent, id } = (await body.json()) as { sent?: boolean; id?: string };
	assert.ok(sent && id);
	return id;
}
