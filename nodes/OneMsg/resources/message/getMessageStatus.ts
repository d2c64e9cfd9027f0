import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { foundBeforeSending, err, ok, type Result } from '../../../core/problem';
import type { FoundStatus } from '../../../core/status/hookInfo';
import { openChannel } from '../../../shared/transport';
import { runItems, type Done } from '../shared/runItems';
import { readField } from '../shared/parameters';
import { failAll } from '../shared/failures';
import { Deadline } from '../../querying/ask';
import { rawAnswer } from '../shared/rawAnswer';
import { readSendSettings, type SendSettings } from '../../sending/sendSettings';
import { readOptions } from '../shared/settings';
import { followStatuses, lookUpStatus, nothingKnown, type LookUp } from '../../querying/statuses';
import { messageIdField } from '../shared/fields';
import { optionsField } from '../shared/options';

const showOnlyForGetMessageStatus = { resource: ['message'], operation: ['getMessageStatus'] };

export const description: INodeProperties[] = [
	messageIdField,
	optionsField(['maxConcurrency', 'simplify', 'timeout', 'waitTimeout', 'waitUntil']),
].map((property) => ({ ...property, displayOptions: { show: showOnlyForGetMessageStatus } }));

interface Question {
	messageId: string;
	settings: SendSettings;
	lookUp: LookUp;
	found?: FoundStatus;
}

/** Questions that wait for their turn at once. */
const ASKED_AT_ONCE = 500;

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const opened = await openChannel(context);
	if (!opened.ok) return failAll(context, opened.problem);
	const channel = opened.value;
	const asked = new Map<string, Promise<Result<FoundStatus>>>();
	const askOnce = async ({ messageId, lookUp }: Question) => {
		const asking = asked.get(messageId) ?? lookUpStatus(context, channel, messageId, lookUp);
		asked.set(messageId, asking);
		return await asking;
	};
	const itemOf = ({ status, text }: FoundStatus, { settings }: Question): IDataObject => {
		// Items with the same message ID share nothing that a later node might change.
		const item = { ...status, failure: status.failure && { ...status.failure } };
		return settings.simplify ? item : { ...item, response: rawAnswer(text, channel.secrets) };
	};
	return await runItems<Question>(context, {
		prepare: async (itemIndex) => prepare(context, itemIndex),
		act: async (question) => {
			const found = await askOnce(question);
			const isAwaited = question.settings.wait.until !== 'none';
			// Whoever waits for a status goes on asking for it.
			if (!found.ok && !(isAwaited && found.problem.action === 'retryLater')) return found;
			question.found = found.ok ? found.value : nothingKnown(question.messageId);
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
		concurrency: ASKED_AT_ONCE,
	});
}

const LONGEST_MESSAGE_ID = 1000;

function prepare(context: IExecuteFunctions, itemIndex: number): Result<Question> {
	const given = readField(context, 'messageId', itemIndex);
	const messageId = typeof given === 'string' || typeof given === 'number' ? String(given).trim() : '';
	if (messageId === '' || messageId.length > LONGEST_MESSAGE_ID) {
		return err(
			foundBeforeSending({
				code: 'invalid-message-id',
				message: messageId === '' ? 'The message ID is empty' : 'The message ID is too long to be one',
				description:
					'Give the messageId that the send returned. A queued or unknown send has none; its status comes through the 1MSG Trigger.',
			}),
		);
	}
	const options = readOptions(context, itemIndex);
	if (!options.ok) return options;
	const settings = readSendSettings(options.value);
	if (!settings.ok) return settings;
	const { timeout, maxConcurrency, wait } = settings.value;
	const deadline = wait.until === 'none' ? undefined : new Deadline(wait.timeout);
	return ok({ messageId, settings: settings.value, lookUp: { timeout, maxConcurrency, deadline } });
}
