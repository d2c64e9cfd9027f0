import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { statusRow } from '../../../core/logRow/logRow';
import { foundBeforeSending, err, ok, type Result } from '../../../core/problem';
import type { FoundStatus } from '../../../core/status/hookInfo';
import { whyNoMessageId } from '../../../core/status/messageId';
import { failureFirst } from '../../../core/status/status';
import { openChannel } from '../../../shared/transport';
import { runItems, type Done } from '../shared/runItems';
import { readField } from '../shared/parameters';
import { failAll } from '../shared/failedItems';
import { Deadline } from '../../querying/ask';
import { rawAnswer } from '../shared/rawAnswer';
import { readSendSettings, type SendSettings } from '../../sending/options/sendSettings';
import { readOptions, readOutput, shown } from '../shared/settings';
import { followStatuses, lookUpStatus, emptyStatus, type LookUpOptions } from '../../querying/statuses';
import { messageIdFields } from '../shared/fields';
import { optionsFields } from '../shared/options';
import { isFirstVersion, showOnlyFor } from '../shared/versions';

const showOnlyForGetMessageStatus = { resource: ['message'], operation: ['getMessageStatus'] };

export const description: INodeProperties[] = showOnlyFor(showOnlyForGetMessageStatus, [
	...messageIdFields,
	...optionsFields(['maxConcurrency', 'output', 'simplify', 'timeout', 'waitTimeout', 'waitUntil']),
]);

interface Question {
	messageId: string;
	settings: SendSettings;
	lookUp: LookUpOptions;
	found?: FoundStatus;
}

/** Maximum requests in progress. */
const MAX_IN_PROGRESS = 500;

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const output = readOutput(context);
	if (!output.ok) return failAll(context, output.problem);
	const opened = await openChannel(context);
	if (!opened.ok) return failAll(context, opened.problem);
	const channel = opened.value;
	const isFirst = isFirstVersion(context);
	const lookUps = new Map<string, Promise<Result<FoundStatus>>>();
	const askOnce = async ({ messageId, lookUp }: Question) => {
		const asking = lookUps.get(messageId) ?? lookUpStatus(context, channel, messageId, lookUp);
		lookUps.set(messageId, asking);
		return await asking;
	};
	const itemOf = ({ status, text }: FoundStatus, { settings }: Question): IDataObject => {
		if (output.value === 'logRow') return { ...statusRow(status) };
		// Copied, because a later node may modify an item and others share its message ID.
		const copy = { ...status, failure: status.failure && { ...status.failure } };
		const item = isFirst ? copy : failureFirst(copy);
		return settings.simplify ? item : { ...item, response: rawAnswer(text, channel.secrets) };
	};
	return await runItems<Question>(context, {
		prepare: async (itemIndex) => prepare(context, itemIndex, isFirst),
		act: async (question) => {
			const found = await askOnce(question);
			const isAwaited = question.settings.wait.until !== 'none';
			// An awaited status is polled again.
			if (!found.ok && !(isAwaited && found.problem.action === 'retryLater')) return found;
			question.found = found.ok ? found.value : emptyStatus(question.messageId);
			return ok(itemOf(question.found, question));
		},
		after: async (done: Array<Done<Question>>) => {
			const awaited = done.flatMap((entry) => {
				const { messageId, settings, lookUp, found } = entry.prepared;
				return found && lookUp.deadline ? [{ entry, messageId, until: settings.wait.until, lookUp: { ...lookUp, deadline: lookUp.deadline }, known: found }] : [];
			});
			const found = await followStatuses(context, channel, awaited);
			for (const [index, { entry }] of awaited.entries()) entry.result = ok(itemOf(found[index]!, entry.prepared));
		},
		concurrency: MAX_IN_PROGRESS,
	});
}

const MAX_MESSAGE_ID_LENGTH = 1000;

function prepare(context: IExecuteFunctions, itemIndex: number, isFirst: boolean): Result<Question> {
	const messageId = readMessageId(readField(context, 'messageId', itemIndex), isFirst);
	if (!messageId.ok) return messageId;
	const options = readOptions(context, itemIndex);
	if (!options.ok) return options;
	const settings = readSendSettings(options.value);
	if (!settings.ok) return settings;
	const { timeout, maxConcurrency, wait } = settings.value;
	const deadline = wait.until === 'none' ? undefined : new Deadline(wait.timeout);
	return ok({ messageId: messageId.value, settings: settings.value, lookUp: { timeout, maxConcurrency, deadline } });
}

/** Gives `invalid-message-id`. Version 1 asks for any text, and reports that nothing is known. */
function readMessageId(given: unknown, isFirst: boolean): Result<string> {
	const messageId = typeof given === 'string' || typeof given === 'number' ? String(given).trim() : '';
	const why = isFirst ? undefined : whyNoMessageId(messageId);
	if (messageId !== '' && messageId.length <= MAX_MESSAGE_ID_LENGTH && why === undefined) return ok(messageId);
	const tooLong = 'The message ID is too long to be one';
	return err(
		foundBeforeSending({
			code: 'invalid-message-id',
			message: messageId === '' ? 'The message ID is empty' : why === undefined ? tooLong : `The message ID "${shown(messageId)}" ${why}`,
			description:
				'Give the messageId that the send returned. A queued or unknown send has none; its status comes through the 1MSG Trigger.',
		}),
	);
}
