import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { no, ok, type Result } from '../../../core/problem';
import { sendTemplateBody } from '../../../core/sendTemplateRequest';
import { misfitProblem, misfits, readStockArrivalValues, stockArrivalParams, stockArrivalText } from '../../../core/stockArrival';
import type { Template } from '../../../core/templateList';
import { openChannel, type OpenChannel } from '../../../transport';
import { readField } from '../../readField';
import { failAll } from '../../report';
import type { Message } from '../../sending/message';
import { messageKey } from '../../sending/messageKey';
import { readNamedTemplate, type NamedTemplate } from '../../sending/namedTemplate';
import { readRecipient } from '../../sending/recipient';
import { sendItems } from '../../sending/sendItems';
import { readSendSettings, type SendSettings } from '../../sending/sendSettings';
import { TemplateSource } from '../../sending/templateSource';
import { readOptions, readTimeToLive } from '../../settings';
import { phoneField, stockArrivalFields, templateField } from './fields';
import { optionsField, TEMPLATE_SEND_OPTIONS } from './options';

const showOnlyForSendStockArrivalTemplate = {
	resource: ['message'],
	operation: ['sendStockArrivalTemplate'],
};

export const description: INodeProperties[] = [
	templateField,
	phoneField,
	...stockArrivalFields,
	optionsField(TEMPLATE_SEND_OPTIONS),
].map((property) => ({ ...property, displayOptions: { show: showOnlyForSendStockArrivalTemplate } }));

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
	const values = readStockArrivalValues({
		customerName: readField(context, 'customerName', itemIndex),
		orderReference: readField(context, 'orderReference', itemIndex),
		productName: readField(context, 'productName', itemIndex),
		nextStep: readField(context, 'nextStep', itemIndex),
	});
	if (!values.ok) return values;
	const named = readNamedTemplate(context, itemIndex, options);
	if (!named.ok) return named;
	const template = await resolveTemplate(named.value, templates, settings.value);
	if (!template.ok) return template;
	const { name, language, namespace, definition } = template.value;
	const text = definition ? stockArrivalText(definition, values.value) : ok(null);
	if (!text.ok) return text;
	const { customer, about } = recipient.value;
	const { phone, ...redirected } = about;
	const params = stockArrivalParams(values.value);
	return ok({
		path: '/sendTemplate',
		body: sendTemplateBody({ phone, template: name, namespace, languageCode: language, params, timeToLive: timeToLive.value }) as IDataObject,
		phone,
		template: `${name}|${language}`,
		about: { phone, orderReference: values.value[1], template: name, language, text: text.value, ...redirected },
		key: settings.value.sendOnceKey || messageKey(`${name}|${language}`, customer, values.value),
		rehearsal: { fit: definition ? 'fits' : 'notChecked' },
		settings: settings.value,
	});
}

interface ResolvedTemplate {
	name: string;
	language: string;
	namespace: string;
	/** Null where the list was not read, because name, language and namespace were all given. */
	definition: Template | null;
}

async function resolveTemplate(named: NamedTemplate, templates: TemplateSource, settings: SendSettings): Promise<Result<ResolvedTemplate>> {
	if (named.isComplete) return ok({ ...named.wanted, namespace: named.namespace, definition: null });
	const found = await templates.find(named, settings);
	if (!found.ok) return found;
	const { template, namespace } = found.value;
	const differences = misfits(template);
	if (differences.length > 0) return no(misfitProblem(template, differences));
	return ok({ name: template.name, language: template.language, namespace, definition: template });
}
