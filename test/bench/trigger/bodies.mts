import type { Entrant } from './contest.mts';

const SECONDS = 1_760_000_000;
const FIRST_PHONE = 79_120_000_000;

/** A `hooks[]` element as sent by the sandbox. */
export function hook(number: number, status: string): Record<string, unknown> {
	const timestamp = SECONDS + (number % 1_000_000);
	return {
		id: messageId(number),
		type: 'message',
		status,
		timestamp: String(timestamp),
		recipient_id: String(FIRST_PHONE + (number % 1_000_000)),
		pricing: { billable: true, category: 'marketing', pricing_model: 'PMP' },
		conversation: { id: `c${number}`, origin: { type: 'marketing' }, expiration_timestamp: timestamp + 86_400 },
	};
}

function messageId(number: number): string {
	return `wamid.HBgLNzkxMjAwMDAwMDAVAgARGBI${String(number).padStart(12, '0')}AA==`;
}

/** The message IDs in a text, each once. */
export function messageIdsIn(text: string): Set<string> {
	return new Set(text.match(/wamid\.[\w=]+/g) ?? []);
}

/** A 1MSG webhook body. */
export function body(channelId: string, hooks: unknown[]): { instanceId: string; hooks: unknown[] } {
	return { instanceId: channelId, hooks };
}

/** A POST's text, and the messages whose statuses must be executed after it. */
export interface Post {
	text: string;
	messageIds: string[];
}

/** Creates an entrant's POSTs; message IDs are unique, unless they should repeat. */
export function postsOf({ statuses, entries }: Pick<Entrant, 'statuses' | 'entries'>, channelId: string, newNumber: () => number): () => Post {
	const status = statuses === 'unwanted' ? 'sent' : 'delivered';
	return () => {
		const numbers = Array.from({ length: entries }, () => (statuses === 'repeated' ? 0 : newNumber()));
		const text = JSON.stringify(body(channelId, numbers.map((number) => hook(number, status))));
		return { text, messageIds: statuses === 'new' ? numbers.map(messageId) : [] };
	};
}
