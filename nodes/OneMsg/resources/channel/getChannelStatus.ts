import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { readConnection } from '../../../core/channel/connection';
import { parseJson } from '../../../core/json';
import { askingProblem } from '../../../core/outcome/outcome';
import { err, ok, type Result } from '../../../core/problem';
import { redactDeep } from '../../../core/redact';
import { ask, openChannel, type OpenChannel } from '../../../shared/transport';
import { runItems } from '../shared/runItems';
import { failAll } from '../shared/failedItems';
import { readAskSettings, readOptions } from '../shared/settings';
import { optionsFields } from '../shared/options';
import { showOnlyFor } from '../shared/versions';

const showOnlyForGetChannelStatus = { resource: ['channel'], operation: ['getChannelStatus'] };

export const description: INodeProperties[] = showOnlyFor(showOnlyForGetChannelStatus, optionsFields(['simplify', 'timeout']));

interface Question {
	simplify: boolean;
	/** Milliseconds. */
	timeout: number;
}

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const channel = await openChannel(context);
	if (!channel.ok) return failAll(context, channel.problem);
	return await runItems<Question>(context, {
		prepare: async (itemIndex) => readAskSettings(readOptions(context, itemIndex)),
		act: async (question) => await lookUp(context, channel.value, question),
		concurrency: 1,
	});
}

async function lookUp(context: IExecuteFunctions, channel: OpenChannel, { timeout, simplify }: Question): Promise<Result<IDataObject>> {
	const answer = await ask(context, channel, { method: 'GET', path: '/status', timeout });
	const problem = askingProblem(answer, Date.now(), channel.secrets);
	if (problem) return err(problem);
	const text = answer.kind === 'answer' ? answer.text : '';
	const item = { channelId: channel.channelId, ...readConnection(text) };
	return ok(simplify ? item : { ...item, response: redactDeep(parseJson(text) ?? null, channel.secrets) as IDataObject });
}
