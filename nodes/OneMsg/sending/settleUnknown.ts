import type { IExecuteFunctions } from 'n8n-workflow';
import pLimit from 'p-limit';
import { ok } from '../../core/problem';
import { isShownAs } from '../../core/status/sentMessages';
import type { OpenChannel } from '../../shared/transport';
import type { Deadline } from '../querying/ask';
import { CLOCK_SKEW, findSent } from '../querying/history';
import type { Done } from '../resources/shared/runItems';
import type { Message } from './message';
import { onceStoreOf } from './once/onceStore';
import { ownMessages } from './ownMessages';

/** An item whose status is awaited, and its deadline. */
export interface AwaitedSend {
	entry: Done<Message>;
	deadline: Deadline;
}

/** Concurrent history searches. */
const MAX_CONCURRENCY = 20;

/**
 * Searches the channel's history for messages whose answer was lost and whose status is awaited:
 * the exact text, to that customer, sent since then and by no other item (`taken`: the message IDs of all items).
 * A message that is found was accepted after all, and gets its ID.
 */
export async function settleUnknown(
	context: IExecuteFunctions,
	channel: OpenChannel,
	awaited: readonly AwaitedSend[],
	taken: Set<unknown>,
): Promise<void> {
	const limit = pLimit(MAX_CONCURRENCY);
	await Promise.all(awaited.filter(isOpen).map(async (send) => await limit(async () => await lookFor(context, channel, send, taken))));
}

function isOpen({ entry: { prepared, result } }: AwaitedSend): boolean {
	if (!result.ok) return false;
	const { outcome, sentAt } = result.value;
	return outcome === 'unknown' && prepared.shownAs.length > 0 && typeof sentAt === 'string';
}

async function lookFor(context: IExecuteFunctions, channel: OpenChannel, { entry, deadline }: AwaitedSend, taken: Set<unknown>): Promise<void> {
	if (!entry.result.ok) return;
	const { prepared, result } = entry;
	const { sentAt } = result.value;
	const item = { ...result.value };
	delete item.reason;
	const { timeout } = prepared.settings;
	const since = Math.floor(Date.parse(String(sentAt)) / 1000) - CLOCK_SKEW;
	const found = await findSent(context, channel, prepared.to, since, timeout, deadline);
	if (!found.ok) return;
	// An earlier attempt may have had a different text.
	const shownAs = result.value.text === prepared.about.text ? prepared.shownAs : [String(result.value.text)];
	const match = [...found.value.sent].reverse().find((message) => isShownAs(message, shownAs) && !taken.has(message.messageId) && !ownMessages.has(message.messageId));
	if (!match) return;
	taken.add(match.messageId);
	ownMessages.set(match.messageId, true);
	if (prepared.settings.sendOnce) await onceStoreOf(context).settle(context.helpers, prepared.key, { messageId: match.messageId });
	entry.result = ok({ ...item, outcome: 'accepted', messageId: match.messageId, sentAt: match.sentAt ?? sentAt });
}
