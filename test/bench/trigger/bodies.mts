import type { Entrant } from './contest.mts';

const SECONDS = 1_760_000_000;
const FIRST_PHONE = 79_120_000_000;

/** A `hooks[]` element as sent by the sandbox. */
export function hook(number: number, status: string): Record<string, unknown> {
	const timestamp = SECONDS + (number % 1_000_000);
	return {
		id: `wamid.HBgLNzkxMjAwMDAwMDAVAgARGBI${String(number).padStart(12, '0')}AA==`,
		type: 'message',
		status,
		timestamp: String(timestamp),
		recipient_id: String(FIRST_PHONE + (number % 1_000_000)),
		pricing: { billable: true, category: 'marketing', pricing_model: 'PMP' },
		conversation: { id: `c${number}`, origin: { type: 'marketing' }, expiration_timestamp: timestamp + 86_400 },
	};
}

/** A 1MSG webhook body. */
export function body(channelId: string, hooks: unknown[]): { instanceId: string; hooks: unknown[] } {
	return { instanceId: channelId, hooks };
}

/** Creates an entrant's POST bodies; message IDs are unique, unless they should repeat. */
export function postsOf({ statuses, entries }: Entrant, channelId: string, newNumber: () => number): () => string {
	const status = statuses === 'unwanted' ? 'sent' : 'delivered';
	return () => {
		const hooks = Array.from({ length: entries }, () => hook(statuses === 'repeated' ? 0 : newNumber(), status));
		return JSON.stringify(body(channelId, hooks));
	};
}
