import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { redactDeep } from '../../../core/redact';
import { renderTemplate, templateFields } from '../../../core/template/template';
import type { Template } from '../../../core/template/list';
import { openChannel } from '../../../shared/transport';
import { failAll, failOne } from '../shared/failedItems';
import { readAskSettings, readOptions } from '../shared/settings';
import { askPaced, SHORT_RETRY } from '../../querying/ask';
import { fetchTemplates } from '../../querying/templates';
import { optionsFields } from '../shared/options';
import { showOnlyFor } from '../shared/versions';

const showOnlyForGetMany = { resource: ['template'], operation: ['getMany'] };

export const description: INodeProperties[] = showOnlyFor(showOnlyForGetMany, [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
	...optionsFields(['simplify', 'timeout']),
]);

/** Reads the channel's list once, with the first item's timeout, and returns it for each item. */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const channel = await openChannel(context);
	if (!channel.ok) return failAll(context, channel.problem);
	const first = readAskSettings(readOptions(context, 0));
	if (!first.ok) return failAll(context, first.problem);
	const templates = await fetchTemplates(channel.value, first.value.timeout, async (request) => await askPaced(context, channel.value, request, { retryFor: SHORT_RETRY }));
	if (!templates.ok) return failAll(context, templates.problem);
	return context.getInputData().flatMap((_, itemIndex): INodeExecutionData[] => {
		const settings = readAskSettings(readOptions(context, itemIndex));
		if (!settings.ok) return [failOne(context, settings.problem, itemIndex)];
		const all = context.getNodeParameter('returnAll', itemIndex, false);
		const limit = all ? templates.value.length : context.getNodeParameter('limit', itemIndex, 50);
		return templates.value.slice(0, limit).map((template) => ({
			json: settings.value.simplify ? describe(template) : { ...describe(template), response: redactDeep(template.row, channel.value.secrets) as IDataObject },
			pairedItem: { item: itemIndex },
		}));
	});
}

/** Summarises a template; `variables` are the field ids for Send Template, null if unknown. */
function describe(template: Template): IDataObject {
	const { name, language, category, status, quality, rejectedReason } = template;
	const fields = templateFields(template);
	const variables = fields.ok ? fields.value.map(({ id }) => id) : null;
	return { name, language, category, status, text: renderTemplate(template), variables, quality, rejectedReason };
}
