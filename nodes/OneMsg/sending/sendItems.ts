import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { foundBeforeSending, err, ok, type Problem, type Result } from '../../core/problem';
import { failureFirst, mergeReports, type MessageStatus } from '../../core/status/status';
import { openChannel, type OpenChannel } from '../../shared/transport';
import { readOutput } from '../resources/shared/settings';
import { runItems } from '../resources/shared/runItems';
import { failAll } from '../resources/shared/failedItems';
import { isFirstVersion } from '../resources/shared/versions';
import { followStatuses } from '../querying/statuses';
import { Deadline } from '../querying/ask';
import { DoNotContact } from './options/doNotContact';
import { addHints } from './output/hints';
import type { Message, MessageContent } from './message';
import { MAX_KEYS } from './once/onceStore';
import { prepareMessage } from './prepareMessage';
import { Sender } from './sender';
import { SendOutput } from './output/sendOutput';
import type { SendSettings } from './options/sendSettings';
import { settleUnknown, type AwaitedSend } from './settleUnknown';
import { TemplateSource } from './template/templateSource';

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

/** A kind of send. */
export interface SendKind {
	/** The parameters that its content is read from. */
	fields: string[];
	readContent: ReadContent;
}

/** Sends each item's message: validated first, sent at the channel's pace, then followed if requested. */
export async function sendItems(context: IExecuteFunctions, { fields, readContent }: SendKind): Promise<INodeExecutionData[]> {
	const output = readOutput(context);
	if (!output.ok) return failAll(context, output.problem);
	const opened = await openChannel(context);
	const sendOutput = new SendOutput(context, output.value, fields, opened.ok ? opened.value.testRecipient : '');
	if (!opened.ok) return sendOutput.failAll(opened.problem);
	const channel = opened.value;
	const templates = new TemplateSource(context, channel);
	const sender = new Sender(context, channel);
	const doNotContact = new DoNotContact(context);
	const tidied = new Set<number>();
	const count = context.getInputData().length;
	const prepare = async (itemIndex: number): Promise<Result<Message>> => {
		const message = await prepareMessage(context, channel, doNotContact, itemIndex, (options, settings) => readContent({ context, itemIndex, options, settings, templates }));
		if (message.ok) sendOutput.prepared(itemIndex, message.value);
		if (message.ok && message.value.isTidied) tidied.add(itemIndex);
		return message.ok && message.value.settings.sendOnce && count > MAX_KEYS ? err(tooManyForSendOnce(count)) : message;
	};
	const items = await runItems<Message>(context, {
		prepare: async (itemIndex) => nothingSent(await prepare(itemIndex)),
		act: async (message, itemIndex) => await sender.send(message, itemIndex),
		concurrency: MAX_IN_PROGRESS,
		stop: () => templates.stop(),
		...sendOutput.forms,
		ended: (results) => addHints(context, results, tidied),
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
			if (!isFirstVersion(context)) for (const { entry } of awaited) entry.result = sinceVersion2(entry.result);
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

/** An awaited item always has the status fields: without a message ID, nothing was reported in time. A failed delivery comes first. */
function sinceVersion2(result: Result<IDataObject>): Result<IDataObject> {
	if (!result.ok || result.value.outcome === 'rehearsed') return result;
	const item = result.value;
	if (item.status !== undefined) return ok(failureFirst(item));
	return ok({ ...withStatus(item, mergeReports('', [])), messageId: null, timedOut: true });
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
