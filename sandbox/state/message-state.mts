import type { Message, StatusRecord } from './messages.mts';

/** State of an outbound message; `accepted` until the first status. */
export type MessageState = 'accepted' | 'sent' | 'failed' | 'delivered' | 'read';

/** In ascending order; a delivery overrides a failure (1msg-api.md section 6.5). */
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

/** The highest state so far; unknown words are ignored. */
export function stateOf({ statuses }: Pick<Message, 'statuses'>): MessageState {
	let furthest = 0;
	for (const { status } of statuses) furthest = Math.max(furthest, MESSAGE_STATES.indexOf(STATE_OF_WORD[status] ?? 'accepted'));
	return MESSAGE_STATES[furthest] ?? 'accepted';
}

/** The status with the failure reason, if any. */
export function failureOf({ statuses }: Pick<Message, 'statuses'>): StatusRecord | undefined {
	return statuses.findLast(({ status }) => STATE_OF_WORD[status] === 'failed');
}
