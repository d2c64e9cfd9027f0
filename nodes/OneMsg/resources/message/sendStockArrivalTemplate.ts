import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { err, ok, type Result } from '../../../core/problem';
import { sendTemplateBody } from '../../../core/template/request';
import { misfitProblem, misfits, readStockArrivalValues, stockArrivalParams, stockArrivalText } from '../../../core/stockArrival/stockArrival';
import type { Template } from '../../../core/template/list';
import { readField } from '../shared/parameters';
import type { MessageContent } from '../../sending/message';
import { readNamedTemplate, type NamedTemplate } from '../../sending/namedTemplate';
import { sendItems } from '../../sending/sendItems';
import type { SendSettings } from '../../sending/sendSettings';
import type { TemplateSource } from '../../sending/templateSource';
import { readTimeToLive } from '../shared/settings';
import { phoneField, stockArrivalFields, templateField } from '../shared/fields';
import { optionsField, TEMPLATE_SEND_OPTIONS } from '../shared/options';

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
	const values = readStockArrivalValues({
		customerName: readField(context, 'customerName', itemIndex),
		orderReference: readField(context, 'orderReference', itemIndex),
		productName: readField(context, 'productName', itemIndex),
		nextStep: readField(context, 'nextStep', itemIndex),
	});
	if (!values.ok) return values;
	const named = readNamedTemplate(context, itemIndex, options);
	if (!named.ok) return named;
	const template = await resolveTemplate(named.value, templates, settings);
	if (!template.ok) return template;
	const { name, language, namespace, definition } = template.value;
	const filled = definition ? stockArrivalText(definition, values.value) : ok({ text: null, shownAs: [] });
	if (!filled.ok) return filled;
	const { text, shownAs } = filled.value;
	const params = stockArrivalParams(values.value);
	return ok({
		path: '/sendTemplate',
		bodyTo: (phone) => sendTemplateBody({ phone, template: name, namespace, languageCode: language, params, timeToLive: timeToLive.value }) as IDataObject,
		template: `${name}|${language}`,
		about: { orderReference: values.value[1], template: name, language, text },
		shownAs,
		identity: values.value,
		rehearsal: { fit: definition ? 'fits' : 'notChecked' },
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
	if (differences.length > 0) return err(misfitProblem(template, differences));
	return ok({ name: template.name, language: template.language, namespace, definition: template });
}
