import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { ok, type Result } from '../../../core/problem';
import { sendTemplateBody } from '../../../core/template/request';
import { fillTemplate } from '../../../core/template/template';
import { TEXT_FIELD } from '../../methods/resourceMapping';
import type { MessageContent } from '../../sending/message';
import { readNamedTemplate } from '../../sending/namedTemplate';
import { sendItems } from '../../sending/sendItems';
import type { SendSettings } from '../../sending/sendSettings';
import type { TemplateSource } from '../../sending/templateSource';
import { readTimeToLive } from '../shared/settings';
import { anyTemplateField, phoneField, variablesField } from '../shared/fields';
import { optionsField, TEMPLATE_SEND_OPTIONS } from '../shared/options';

const showOnlyForSendTemplate = { resource: ['message'], operation: ['sendTemplate'] };

export const description: INodeProperties[] = [
	anyTemplateField,
	phoneField,
	variablesField,
	optionsField(TEMPLATE_SEND_OPTIONS),
].map((property) => ({ ...property, displayOptions: { show: showOnlyForSendTemplate } }));

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await sendItems(context, async (itemIndex, options, settings, templates) => await readContent(context, itemIndex, options, settings, templates));
}

async function readContent(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject,
	settings: SendSettings,
	templates: TemplateSource,
): Promise<Result<MessageContent>> {
	const timeToLive = readTimeToLive(options);
	if (!timeToLive.ok) return timeToLive;
	const named = readNamedTemplate(context, itemIndex, options);
	if (!named.ok) return named;
	const found = await templates.find(named.value, settings);
	if (!found.ok) return found;
	const { template, namespace } = found.value;
	const filled = fillTemplate(template, readVariables(context, itemIndex), { now: Date.now(), timeZone: context.getTimezone() });
	if (!filled.ok) return filled;
	const { params, text, shownAs } = filled.value;
	const { name, language } = template;
	return ok({
		path: '/sendTemplate',
		bodyTo: (phone) => sendTemplateBody({ phone, template: name, namespace, languageCode: language, params, timeToLive: timeToLive.value }) as IDataObject,
		template: `${name}|${language}`,
		about: { template: name, language, text },
		shownAs,
		identity: params,
		rehearsal: { fit: 'fits' },
	});
}

/** The mapper's values by field id. Without n8n's own validation, whose words name no label. */
function readVariables(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const given: unknown = context.getNodeParameter('variables.value', itemIndex, {}, { skipValidation: true });
	if (given === null || typeof given !== 'object') return {};
	return Object.fromEntries(Object.entries(given as IDataObject).filter(([id]) => id !== TEXT_FIELD));
}
