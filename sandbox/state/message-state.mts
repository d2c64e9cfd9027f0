import type { Message, StatusRecord } from './messages.mts';

/** How far a message of the business came; `accepted` while no status happened. */
export type MessageState = 'accepted' | 'sent' | 'failed' | 'delivered' | 'read';

/** From the least to the most; a delivery proves a failure wrong (1msg-api.md section 6.5). */
export const MESSAGE_STATES = ['accepted', 'sent', 'failed', 'delivered', 'read'] as const satisfies readonly MessageState[];

const STATE_OF_WORD: Record<string, MessageState> = {
	sent: 'sent',
	failed: 'failed',
	undelivered: 'failed',
	delivered: 'delivered',
	read: 'read',
	viewed: 'read',
	played: 'read',
};

/** The furthest of all statuses so far; words that nobody knows count for nothing. */
export function stateOf({ statuses }: Pick<Message, 'statuses'>): MessageState {
	let furthest = 0;
	for (const { status } of statuses) furthest = Math.max(furthest, MESSAGE_STATES.indexOf(STATE_OF_WORD[status] ?? 'accepted'));
	return MESSAGE_STATES[furthest] ?? 'accepted';
}

/** The status that says why it failed, where one does. */
export function failureOf({ statuses }: Pick<Message, 'statuses'>): StatusRecord | undefined {
	return statuses.findLast(({ status }) => STATE_OF_WORD[status] === 'failed');
}
