import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { ok, type Result } from '../../../core/problem';
import { fillTemplate } from '../../../core/template/template';
import { TEXT_FIELD } from '../../methods/resourceMapping';
import type { MessageContent } from '../../sending/message';
import { readNamedTemplate } from '../../sending/namedTemplate';
import { sendItems, type SendItem } from '../../sending/sendItems';
import { templateContent } from '../../sending/templateContent';
import { anyTemplateField, phoneField, templateTextField, variablesField } from '../shared/fields';
import { optionsFields, sendFields, TEMPLATE_SEND_OPTIONS } from '../shared/options';
import { showOnlyFor } from '../shared/versions';

const showOnlyForSendTemplate = { resource: ['message'], operation: ['sendTemplate'] };

export const description: INodeProperties[] = showOnlyFor(showOnlyForSendTemplate, [
	anyTemplateField,
	templateTextField,
	phoneField,
	variablesField,
	...sendFields,
	...optionsFields(TEMPLATE_SEND_OPTIONS),
]);

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await sendItems(context, { fields: ['template', 'variables'], readContent });
}

async function readContent({ context, itemIndex, options, settings, templates }: SendItem): Promise<Result<MessageContent>> {
	const named = readNamedTemplate(context, itemIndex, options);
	if (!named.ok) return named;
	const found = await templates.find(named.value, settings);
	if (!found.ok) return found;
	const { template, namespace } = found.value;
	const filled = fillTemplate(template, readVariables(context, itemIndex), { now: Date.now(), timeZone: context.getTimezone() });
	if (!filled.ok) return filled;
	const { name, language } = template;
	const { params } = filled.value;
	return ok(templateContent({ template: name, languageCode: language, namespace, timeToLive: settings.timeToLive, marketingMessages: settings.marketingMessages, ...filled.value, identity: params, fit: 'fits' }));
}

/** The mapper's values by field id; skips n8n's own validation, whose messages do not name the label. */
function readVariables(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const given: unknown = context.getNodeParameter('variables.value', itemIndex, {}, { skipValidation: true });
	if (given === null || typeof given !== 'object') return {};
	return Object.fromEntries(Object.entries(given as IDataObject).filter(([id]) => id !== TEXT_FIELD));
}
