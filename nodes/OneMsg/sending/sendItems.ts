import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { foundBeforeSending, err, ok, type Problem, type Result } from '../../core/problem';
import type { MessageStatus } from '../../core/status/status';
import { openChannel, type OpenChannel } from '../../shared/transport';
import { runItems } from '../resources/shared/runItems';
import { failAll } from '../resources/shared/failedItems';
import { followStatuses } from '../querying/statuses';
import { Deadline } from '../querying/ask';
import type { Message, MessageContent } from './message';
import { MAX_KEYS } from './onceStore';
import { prepareMessage } from './prepareMessage';
import { Sender } from './sender';
import type { SendSettings } from './sendSettings';
import { settleUnknown, type AwaitedSend } from './settleUnknown';
import { TemplateSource } from './templateSource';

/** Messages in progress at once; more than any pace has in flight, so that a slow recipient does not block others. */
const MAX_IN_PROGRESS = 400;

/** An item whose content is to be read. */
export interface SendItem {
	context: IExecuteFunctions;
	itemIndex: number;
	options: IDataObject;
	settings: SendSettings;
	templates: TemplateSource;
}

/** Reads and validates what differs per kind of send; has no side effects. */
export type ReadContent = (item: SendItem) => Promise<Result<MessageContent>> | Result<MessageContent>;

/** Sends each item's message: validated first, sent at the channel's pace, then followed if requested. */
export async function sendItems(context: IExecuteFunctions, readContent: ReadContent): Promise<INodeExecutionData[]> {
	const opened = await openChannel(context);
	if (!opened.ok) return failAll(context, opened.problem);
	const channel = opened.value;
	const templates = new TemplateSource(context, channel);
	const sender = new Sender(context, channel);
	const count = context.getInputData().length;
	const prepare = async (itemIndex: number): Promise<Result<Message>> => {
		const message = await prepareMessage(context, channel, itemIndex, (options, settings) => readContent({ context, itemIndex, options, settings, templates }));
		return message.ok && message.value.settings.sendOnce && count > MAX_KEYS ? err(tooManyForSendOnce(count)) : message;
	};
	const items = await runItems<Message>(context, {
		prepare: async (itemIndex) => nothingSent(await prepare(itemIndex)),
		act: async (message, itemIndex) => await sender.send(message, itemIndex),
		concurrency: MAX_IN_PROGRESS,
		stop: () => templates.stop(),
		isForAfter: ({ settings }) => settings.wait.until !== 'none',
		after: async (done, results) => {
			const awaited = done.map((entry) => ({ entry, deadline: new Deadline(entry.prepared.settings.wait.timeout) }));
			for (const { deadline } of awaited) deadline.begin();
			const taken = new Set(results.map((result) => (result?.ok ? result.value.messageId : null)));
			const [lost, known] = [awaited.filter(isUnknown), awaited.filter((send) => !isUnknown(send))];
			// Concurrently: a slow history must not shorten the wait of the others.
			await Promise.all([
				follow(context, channel, known),
				settleUnknown(context, channel, lost, taken).then(async () => await follow(context, channel, lost)),
			]);
		},
	});
	if (items.every(({ json }) => json.error === undefined)) sender.finish();
	return items;
}

function isUnknown({ entry: { result } }: AwaitedSend): boolean {
	return result.ok && result.value.outcome === 'unknown';
}

/** Adds the status fields to the awaited items; a failed delivery is an item, not an error. */
async function follow(context: IExecuteFunctions, channel: OpenChannel, sends: readonly AwaitedSend[]): Promise<void> {
	const awaited = sends.flatMap(({ entry, deadline }) => {
		const { settings } = entry.prepared;
		if (!entry.result.ok) return [];
		const { messageId } = entry.result.value;
		if (typeof messageId !== 'string') return [];
		const { timeout, maxConcurrency } = settings;
		return [{ entry, messageId, until: settings.wait.until, lookUp: { timeout, maxConcurrency, deadline } }];
	});
	const found = await followStatuses(context, channel, awaited);
	for (const [index, { entry }] of awaited.entries()) {
		if (!entry.result.ok) continue;
		entry.result = ok(withStatus(entry.result.value, found[index]!.status));
	}
}

/** The item says to whom the message was sent; the status may add names of that customer, but none that makes another `contactKey`. */
function withStatus(item: IDataObject, status: MessageStatus): IDataObject {
	const { phone, recipient, contactKey, chatId } = item;
	const bsuid = item.bsuid ?? (phone === null ? null : status.bsuid) ?? null;
	const username = item.username ?? status.username ?? null;
	return { ...item, ...status, phone, recipient, bsuid, username, contactKey, chatId, sentAt: item.sentAt ?? status.sentAt };
}

/** A batch that evicts its own first keys from the store would send those again the next time. */
function tooManyForSendOnce(count: number): Problem {
	return foundBeforeSending({
		code: 'send-once-full',
		message: `Send Once remembers ${MAX_KEYS} messages of this node, and this run has ${count} items`,
		description: 'Send fewer items at once through several nodes, or claim each message in PostgreSQL before this node, as described in the documentation on queue mode.',
		action: 'alertPerson',
	});
}

/** Adds to a problem's description that nothing was sent, unless it already says so. */
function nothingSent<T>(prepared: Result<T>): Result<T> {
	if (prepared.ok) return prepared;
	const { problem } = prepared;
	if (/nothing was sent/i.test(`${problem.message} ${problem.description}`)) return prepared;
	return err({ ...problem, description: `Nothing was sent. ${problem.description}` });
}
