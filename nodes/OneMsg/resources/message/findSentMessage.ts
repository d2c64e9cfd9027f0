import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { customerFields, type Identity } from '../../../core/recipient/identity';
import { readRecipient } from '../../../core/recipient/recipient';
import { foundBeforeSending, err, ok, type Result } from '../../../core/problem';
import { openChannel, type OpenChannel } from '../../../shared/transport';
import { CLOCK_SKEW, findSent } from '../../querying/history';
import { runItems } from '../shared/runItems';
import { failAll } from '../shared/failedItems';
import { rawAnswer } from '../shared/rawAnswer';
import { readAskSettings, readOptions } from '../shared/settings';
import { phoneField } from '../shared/fields';
import { optionsFields } from '../shared/options';
import { showOnlyFor } from '../shared/versions';

const showOnlyForFindSentMessage = { resource: ['message'], operation: ['findSentMessage'] };

export const description: INodeProperties[] = showOnlyFor(showOnlyForFindSentMessage, [
	phoneField,
	{
		displayName: 'Since',
		name: 'since',
		type: 'dateTime' as const,
		default: '',
		description: 'Only messages since this time, minus two minutes for clock differences. Defaults to the last 24 hours.',
	},
	...optionsFields(['defaultCountry', 'simplify', 'timeout']),
]);

interface Search {
	customer: Identity;
	/** Unix seconds. */
	since: number;
	/** Milliseconds. */
	timeout: number;
	simplify: boolean;
}

/** Maximum messages listed per item. */
const MAX_LISTED = 10;
const DAY = 86_400;

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const channel = await openChannel(context);
	if (!channel.ok) return failAll(context, channel.problem);
	return await runItems<Search>(context, {
		prepare: async (itemIndex) => prepare(context, itemIndex),
		act: async (search) => await find(context, channel.value, search),
		concurrency: 50,
	});
}

function prepare(context: IExecuteFunctions, itemIndex: number): Result<Search> {
	const options = readOptions(context, itemIndex);
	if (!options.ok) return options;
	const settings = readAskSettings(options);
	if (!settings.ok) return settings;
	const customer = readRecipient(context.getNodeParameter('phone', itemIndex), options.value.defaultCountry);
	if (!customer.ok) return customer;
	const since = readSince(context.getNodeParameter('since', itemIndex, ''));
	if (!since.ok) return since;
	// An overlooked message would be sent again: better list one too many.
	return ok({ customer: customer.value, since: since.value - CLOCK_SKEW, ...settings.value });
}

function readSince(given: unknown): Result<number> {
	if (given === '' || given === null || given === undefined) return ok(Math.floor(Date.now() / 1000) - DAY);
	const time = Date.parse(String(given));
	if (Number.isFinite(time)) return ok(Math.floor(time / 1000));
	return err(
		foundBeforeSending({
			code: 'invalid-time',
			message: `Since is "${String(given).slice(0, 50)}", which is not a date and time`,
			description: 'Give a date and time such as 2026-11-22T18:00:00Z, for example the sentAt of the message you are looking for.',
		}),
	);
}

async function find(context: IExecuteFunctions, channel: OpenChannel, { customer, since, timeout, simplify }: Search): Promise<Result<IDataObject>> {
	const found = await findSent(context, channel, customer, since, timeout);
	if (!found.ok) return found;
	const { sent, texts } = found.value;
	const newest = sent[0];
	const item: IDataObject = {
		found: newest !== undefined,
		messageId: newest?.messageId ?? null,
		...customerFields(customer),
		text: newest?.text ?? null,
		sentAt: newest?.sentAt ?? null,
		count: sent.length,
		messages: sent.slice(0, MAX_LISTED).map((message) => ({ ...message })),
	};
	return ok(simplify ? item : { ...item, response: texts.length === 1 ? rawAnswer(texts[0]!, channel.secrets) : texts.map((text) => rawAnswer(text, channel.secrets)) as IDataObject[] });
}
