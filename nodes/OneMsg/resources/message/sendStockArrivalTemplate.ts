import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { err, ok, type Result } from '../../../core/problem';
import { misfitProblem, misfits, readStockArrivalValues, stockArrivalParams, stockArrivalText } from '../../../core/stockArrival/stockArrival';
import type { Template } from '../../../core/template/list';
import { losesBreaks } from '../../../core/value';
import { readField } from '../shared/parameters';
import type { MessageContent } from '../../sending/message';
import { readNamedTemplate, type NamedTemplate } from '../../sending/namedTemplate';
import { sendItems, type SendItem } from '../../sending/sendItems';
import type { SendSettings } from '../../sending/sendSettings';
import { templateContent } from '../../sending/templateContent';
import type { TemplateSource } from '../../sending/templateSource';
import { phoneField, stockArrivalFields, templateField, templateTextField, unfitTemplatesField } from '../shared/fields';
import { optionsFields, sendFields, TEMPLATE_SEND_OPTIONS } from '../shared/options';
import { showOnlyFor } from '../shared/versions';

const showOnlyForSendStockArrivalTemplate = {
	resource: ['message'],
	operation: ['sendStockArrivalTemplate'],
};

export const description: INodeProperties[] = showOnlyFor(showOnlyForSendStockArrivalTemplate, [
	templateField,
	unfitTemplatesField,
	templateTextField,
	phoneField,
	...stockArrivalFields,
	...sendFields,
	...optionsFields(TEMPLATE_SEND_OPTIONS),
]);

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await sendItems(context, { fields: ['template', ...stockArrivalFields.map(({ name }) => name)], readContent });
}

async function readContent({ context, itemIndex, options, settings, templates }: SendItem): Promise<Result<MessageContent>> {
	const given = {
		customerName: readField(context, 'customerName', itemIndex),
		orderReference: readField(context, 'orderReference', itemIndex),
		productName: readField(context, 'productName', itemIndex),
		nextStep: readField(context, 'nextStep', itemIndex),
	};
	const values = readStockArrivalValues(given);
	if (!values.ok) return values;
	const named = readNamedTemplate(context, itemIndex, options);
	if (!named.ok) return named;
	const template = await resolveTemplate(named.value, templates, settings);
	if (!template.ok) return template;
	const { name, language, namespace, definition } = template.value;
	const [customerName, orderReference, productName] = values.value;
	const filled = definition ? stockArrivalText(definition, values.value) : ok({ text: null, shownAs: [] });
	if (!filled.ok) return filled;
	return ok(
		templateContent({
			template: name,
			languageCode: language,
			namespace,
			params: stockArrivalParams(values.value),
			timeToLive: settings.timeToLive,
			marketingMessages: settings.marketingMessages,
			...filled.value,
			isTidied: Object.values(given).some(losesBreaks),
			about: { orderReference },
			logged: { customerName, orderReference, productName },
			identity: values.value,
			fit: definition ? 'fits' : 'notChecked',
		}),
	);
}

interface ResolvedTemplate {
	name: string;
	language: string;
	namespace: string;
	/** Null if the list was not read, because name, language and namespace were all given. */
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
