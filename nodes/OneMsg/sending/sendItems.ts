import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ok, type Result } from '../../core/problem';
import type { OpenChannel } from '../../transport';
import { runItems, type Done } from '../items';
import { followStatuses } from '../status';
import type { Message } from './message';
import { nothingSent } from './nothingSent';
import { Sender } from './sender';
import { settleUnknown } from './settleUnknown';

/** Messages that wait for their turn at once; more than any pace has in flight, so that a slow recipient holds nobody up. */
const WAITING_AT_ONCE = 400;

/** Sends what each item asks for: checked first, then at the channel's pace, then followed where that is wished. */
export async function sendItems(
	context: IExecuteFunctions,
	channel: OpenChannel,
	prepare: (itemIndex: number) => Promise<Result<Message>> | Result<Message>,
): Promise<INodeExecutionData[]> {
	const sender = new Sender(context, channel);
	const items = await runItems<Message>(context, {
		prepare: async (itemIndex) => nothingSent(await prepare(itemIndex)),
		act: async (message, itemIndex) => await sender.send(message, itemIndex),
		concurrency: WAITING_AT_ONCE,
		isForAfter: ({ settings }) => settings.wait.until !== 'none',
		after: async (done, results) => {
			const taken = new Set(results.map((result) => (result?.ok ? result.value.messageId : null)));
			await settleUnknown(context, channel, done, taken);
			await follow(context, channel, done);
		},
	});
	if (items.every(({ json }) => json.error === undefined)) sender.finish();
	return items;
}

/** Adds the status fields to the items that are waited for; a failed delivery is an item too, not an error. */
async function follow(context: IExecuteFunctions, channel: OpenChannel, done: Array<Done<Message>>): Promise<void> {
	const awaited = done.flatMap((entry) => {
		const { settings } = entry.prepared;
		if (!entry.result.ok) return [];
		const { messageId } = entry.result.value;
		if (typeof messageId !== 'string') return [];
		const { timeout, maxConcurrency } = settings;
		return [{ entry, messageId, wait: settings.wait, lookUp: { timeout, maxConcurrency } }];
	});
	const found = await followStatuses(context, channel, awaited);
	for (const [index, { entry }] of awaited.entries()) {
		if (!entry.result.ok) continue;
		const { phone, sentAt, ...status } = found[index]!.status;
		const item = entry.result.value;
		entry.result = ok({ ...item, ...status, phone: item.phone ?? phone, sentAt: item.sentAt ?? sentAt });
	}
}
