import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { parseJson } from '../../../core/foreign';
import { askingProblem } from '../../../core/outcome';
import { foundBeforeSending, no, ok, type Result } from '../../../core/problem';
import { quote, redactDeep } from '../../../core/redact';
import { readHookInfo } from '../../../core/status';
import { ask, openChannel, type OpenChannel } from '../../../transport';
import { runItems } from '../../items';
import { failAll } from '../../report';
import { readConcurrency, readOptions, readTimeout } from '../../settings';
import { messageIdField } from './fields';
import { optionsField } from './options';

const showOnlyForGetMessageStatus = { resource: ['message'], operation: ['getMessageStatus'] };

export const description: INodeProperties[] = [
	messageIdField,
	optionsField(['maxConcurrency', 'simplify', 'timeout']),
].map((property) => ({ ...property, displayOptions: { show: showOnlyForGetMessageStatus } }));

interface Question {
	messageId: string;
	/** Milliseconds. */
	timeout: number;
	simplify: boolean;
}

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const channel = await openChannel(context);
	if (!channel.ok) return failAll(context, channel.problem);
	return await runItems<Question>(context, {
		prepare: async (itemIndex) => prepare(context, itemIndex),
		act: async (question) => await lookUp(context, channel.value, question),
		concurrency: readConcurrency(context),
	});
}

const LONGEST_MESSAGE_ID = 1000;

function prepare(context: IExecuteFunctions, itemIndex: number): Result<Question> {
	const given: unknown = context.getNodeParameter('messageId', itemIndex);
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
	const options = readOptions(context, itemIndex);
	const timeout = readTimeout(options);
	if (!timeout.ok) return timeout;
	return ok({ messageId, timeout: timeout.value, simplify: options.simplify !== false });
}

async function lookUp(
	context: IExecuteFunctions,
	channel: OpenChannel,
	{ messageId, timeout, simplify }: Question,
): Promise<Result<IDataObject>> {
	const answer = await ask(context, channel, { method: 'GET', path: '/hookInfo', query: { messageId }, timeout });
	if (answer.kind === 'answer' && answer.status === 404) return no(statusUnavailable(404, ''));
	const problem = askingProblem(answer, Date.now(), channel.secrets);
	if (problem) return no(problem);
	const text = answer.kind === 'answer' ? answer.text : '';
	const status = readHookInfo(messageId, text);
	if (!status) return no(statusUnavailable(200, quote(text, channel.secrets)));
	return ok(simplify ? { ...status } : { ...status, response: redactDeep(parseJson(text) ?? null, channel.secrets) as IDataObject });
}

function statusUnavailable(httpCode: number, said: string) {
	return {
		code: 'status-unavailable',
		message: `The channel does not tell the status of messages on request${said === '' ? '' : `; it answers: ${said}`}`,
		description: 'Use the 1MSG Trigger, which is told every status by the channel.',
		action: 'alertPerson' as const,
		retryAfter: null,
		httpCode,
		saidBy: 'service' as const,
	};
}
