import type { IExecuteFunctions } from 'n8n-workflow';
import pLimit from 'p-limit';
import { ok } from '../../core/problem';
import type { OpenChannel } from '../../transport';
import { findSent } from '../history';
import type { Done } from '../items';
import type { Message } from './message';
import { onceStoreOf } from './onceStore';

/** Questions to the history at once. */
const AT_ONCE = 20;
/** Seconds that the channel's clock may be behind ours. */
const CLOCK_SKEW = 120;

/**
 * Where an item waits for its status but its answer was lost, looks for the message in the channel's history:
 * the same text to the same phone, sent since then and by no other item (`taken`: the message IDs of all items).
 * Found, it was accepted after all, and has its ID.
 */
export async function settleUnknown(
	context: IExecuteFunctions,
	channel: OpenChannel,
	awaited: ReadonlyArray<Done<Message>>,
	taken: Set<unknown>,
): Promise<void> {
	const limit = pLimit(AT_ONCE);
	await Promise.all(awaited.filter(isOpen).map(async (entry) => await limit(async () => await lookFor(context, channel, entry, taken))));
}

function isOpen({ result }: Done<Message>): boolean {
	if (!result.ok) return false;
	const { outcome, text, sentAt } = result.value;
	return outcome === 'unknown' && typeof text === 'string' && typeof sentAt === 'string';
}

async function lookFor(context: IExecuteFunctions, channel: OpenChannel, entry: Done<Message>, taken: Set<unknown>): Promise<void> {
	if (!entry.result.ok) return;
	const { prepared, result } = entry;
	const { text, sentAt } = result.value;
	const item = { ...result.value };
	delete item.reason;
	const { timeout } = prepared.settings;
	const since = Math.floor((Date.parse(String(sentAt)) - timeout) / 1000) - CLOCK_SKEW;
	const found = await findSent(context, channel, prepared.phone, since, timeout);
	if (!found.ok) return;
	const match = [...found.value.sent].reverse().find((message) => message.text !== null && String(text).includes(message.text) && !taken.has(message.messageId));
	if (!match) return;
	taken.add(match.messageId);
	if (prepared.settings.sendOnce) await onceStoreOf(context).settle(context.helpers, prepared.key, { messageId: match.messageId });
	entry.result = ok({ ...item, outcome: 'accepted', messageId: match.messageId, text, sentAt: match.sentAt ?? sentAt });
}
