import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { foundBeforeSending, no, ok, type Result } from '../../../core/problem';
import type { FoundStatus } from '../../../core/statusAnswer';
import { openChannel } from '../../../transport';
import { runItems, type Done } from '../../items';
import { readField } from '../../readField';
import { failAll } from '../../report';
import { rawAnswer } from '../../sending/rawAnswer';
import { readSendSettings, type SendSettings } from '../../sending/sendSettings';
import { readOptions } from '../../settings';
import { followStatuses, lookUpStatus } from '../../status';
import { messageIdField } from './fields';
import { optionsField } from './options';

const showOnlyForGetMessageStatus = { resource: ['message'], operation: ['getMessageStatus'] };

export const description: INodeProperties[] = [
	messageIdField,
	optionsField(['maxConcurrency', 'simplify', 'timeout', 'waitTimeout', 'waitUntil']),
].map((property) => ({ ...property, displayOptions: { show: showOnlyForGetMessageStatus } }));

interface Question {
	messageId: string;
	settings: SendSettings;
	found?: FoundStatus;
}

/** Questions that wait for their turn at once. */
const ASKED_AT_ONCE = 500;

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const opened = await openChannel(context);
	if (!opened.ok) return failAll(context, opened.problem);
	const channel = opened.value;
	const asked = new Map<string, Promise<Result<FoundStatus>>>();
	const askOnce = async ({ messageId, settings }: Question) => {
		const asking = asked.get(messageId) ?? lookUpStatus(context, channel, messageId, settings);
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
			if (!found.ok) return found;
			question.found = found.value;
			return ok(itemOf(found.value, question));
		},
		after: async (done: Array<Done<Question>>) => {
			const awaited = done.flatMap((entry) => {
				const { messageId, settings, found } = entry.prepared;
				return found ? [{ entry, messageId, wait: settings.wait, lookUp: settings, known: found }] : [];
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
		return no(
			foundBeforeSending({
				code: 'invalid-message-id',
				message: messageId === '' ? 'The message ID is empty' : 'The message ID is too long to be one',
				description:
					'Give the messageId that the send returned. A queued or unknown send has none; its status comes through the 1MSG Trigger.',
			}),
		);
	}
	const settings = readSendSettings(readOptions(context, itemIndex));
	return settings.ok ? ok({ messageId, settings: settings.value }) : settings;
}
