import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { ok, type Result } from '../../../core/problem';
import { sendTemplateBody } from '../../../core/sendTemplateRequest';
import { fillTemplate } from '../../../core/template';
import { openChannel, type OpenChannel } from '../../../transport';
import { TEXT_FIELD } from '../../methods/resourceMapping';
import { failAll } from '../../report';
import type { Message } from '../../sending/message';
import { messageKey } from '../../sending/messageKey';
import { readNamedTemplate } from '../../sending/namedTemplate';
import { readRecipient } from '../../sending/recipient';
import { sendItems } from '../../sending/sendItems';
import { readSendSettings } from '../../sending/sendSettings';
import { TemplateSource } from '../../sending/templateSource';
import { readOptions, readTimeToLive } from '../../settings';
import { anyTemplateField, phoneField, variablesField } from './fields';
import { optionsField, TEMPLATE_SEND_OPTIONS } from './options';

const showOnlyForSendTemplate = { resource: ['message'], operation: ['sendTemplate'] };

export const description: INodeProperties[] = [
	anyTemplateField,
	phoneField,
	variablesField,
	optionsField(TEMPLATE_SEND_OPTIONS),
].map((property) => ({ ...property, displayOptions: { show: showOnlyForSendTemplate } }));

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const channel = await openChannel(context);
	if (!channel.ok) return failAll(context, channel.problem);
	const templates = new TemplateSource(context, channel.value);
	return await sendItems(context, channel.value, async (itemIndex) => await prepare(context, itemIndex, channel.value, templates));
}

async function prepare(context: IExecuteFunctions, itemIndex: number, channel: OpenChannel, templates: TemplateSource): Promise<Result<Message>> {
	const options = readOptions(context, itemIndex);
	const settings = readSendSettings(options);
	if (!settings.ok) return settings;
	const timeToLive = readTimeToLive(options);
	if (!timeToLive.ok) return timeToLive;
	const recipient = readRecipient(context, itemIndex, options, channel);
	if (!recipient.ok) return recipient;
	const named = readNamedTemplate(context, itemIndex, options);
	if (!named.ok) return named;
	const found = await templates.find(named.value, settings.value);
	if (!found.ok) return found;
	const { template, namespace } = found.value;
	const filled = fillTemplate(template, readVariables(context, itemIndex), { now: Date.now(), timeZone: context.getTimezone() });
	if (!filled.ok) return filled;
	const { phone, customer, about } = recipient.value;
	const { params, text } = filled.value;
	const { name, language } = template;
	return ok({
		path: '/sendTemplate',
		body: sendTemplateBody({ phone, template: name, namespace, languageCode: language, params, timeToLive: timeToLive.value }) as IDataObject,
		phone,
		template: `${name}|${language}`,
		about: { ...about, template: name, language, text },
		key: settings.value.sendOnceKey || messageKey(`${name}|${language}`, customer, params),
		rehearsal: { fit: 'fits' },
		settings: settings.value,
	});
}

/** The mapper's values by field id. Without n8n's own validation, whose words name no label. */
function readVariables(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const given: unknown = context.getNodeParameter('variables.value', itemIndex, {}, { skipValidation: true });
	if (given === null || typeof given !== 'object') return {};
	return Object.fromEntries(Object.entries(given as IDataObject).filter(([id]) => id !== TEXT_FIELD));
}
