import { type Answer, json } from '../http/answer.mts';
import { statusElement } from '../hooks/payloads.mts';
import type { World } from '../state/world.mts';

/** GET /hookInfo?messageId=: all statuses of a message so far (1msg-api.md section 4). */
export function hookInfo(query: URLSearchParams, { messages, customers, settings }: World): Answer {
	const id = query.get('messageId');
	if (!id) return json(400, { error: 'messageId is required' });
	const message = messages.get(id);
	if (message) return json(200, { hooks: message.statuses.map((record) => statusElement(message, record, customers.namesIn(message), settings)) });
	switch (settings.unknownHookInfo) {
		case 'empty':
			return json(200, { hooks: [] });
		case 'missing':
			return json(200, {});
		case 'null':
			return json(200, null);
		case '404':
			return json(404, { message: 'Message not found' });
	}
}
