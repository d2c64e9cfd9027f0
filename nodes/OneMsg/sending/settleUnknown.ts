import type { IExecuteFunctions } from 'n8n-workflow';
import pLimit from 'p-limit';
import { ok } from '../../core/problem';
import { isShownAs } from '../../core/status/sentMessages';
import type { OpenChannel } from '../../shared/transport';
import { CLOCK_SKEW, findSent } from '../querying/history';
import { onceStoreOf } from './onceStore';
import { ownMessages } from './ownMessages';
import type { AwaitedSend } from './sendItems';

/** Questions to the history at once. */
const AT_ONCE = 20;
/**
 * Where an item waits for its status but its answer was lost, looks for the message in the channel's history:
 * the very text, to that customer, sent since then and by no other item (`taken`: the message IDs of all items).
 * Found, it was accepted after all, and has its ID.
 */
export async function settleUnknown(
	context: IExecuteFunctions,
	channel: OpenChannel,
	awaited: readonly AwaitedSend[],
	taken: Set<unknown>,
): Promise<void> {
	const limit = pLimit(AT_ONCE);
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
	const found = await findSent(context, channel, prepared.phone, since, timeout, deadline);
	if (!found.ok) return;
	// What an earlier try sent may have had another text than this one's.
	const shownAs = result.value.text === prepared.about.text ? prepared.shownAs : [String(result.value.text)];
	const match = [...found.value.sent].reverse().find((message) => isShownAs(message, shownAs) && !taken.has(message.messageId) && !ownMessages.has(message.messageId));
	if (!match) return;
	taken.add(match.messageId);
	ownMessages.set(match.messageId, true);
	if (prepared.settings.sendOnce) await onceStoreOf(context).settle(context.helpers, prepared.key, { messageId: match.messageId });
	entry.result = ok({ ...item, outcome: 'accepted', messageId: match.messageId, sentAt: match.sentAt ?? sentAt });
}
