/** A world's node in n8n's form: its parameters, and their input items. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { TEMPLATE } from './setting.mts';
import { styleOf } from './oracle/options.mts';
import type { NodePlan, OptionPlan, Style } from './world.mts';

export function parametersOf(node: NodePlan): INodeParameters {
	const options = Object.fromEntries(Object.entries(node.options).map(([name, plan]) => [name, written(name, styleOf(plan), plan.values[0])])) as INodeParameters;
	const fields = Object.fromEntries(Object.entries(node.fields).map(([name, plan]) => [name, written(fieldKey(name), styleOf(plan), plan.values[0])])) as INodeParameters;
	const common = { operation: node.operation, ...fields, options };
	const phone = written('phone', node.phoneStyle, node.rows[0]?.phone) as string;
	const nextStep = node.changing ? '=We ship it at {{ $now.toMillis() }}' : '={{ $json.nextStep }}';
	const name = `${TEMPLATE.name}${node.templateMode === 'nameOnly' ? '' : `|${TEMPLATE.language}`}`;
	const template = { __rl: true, mode: node.templateMode === 'list' ? 'list' : 'name', value: name };
	switch (node.operation) {
		case 'sendStockArrivalTemplate':
			return { ...common, template, phone, customerName: '={{ $json.customerName }}', orderReference: '={{ $json.orderReference }}', productName: '={{ $json.productName }}', nextStep };
		case 'sendTemplate':
			return {
				...common, template, phone,
				variables: { mappingMode: 'defineBelow', value: { body_1: '={{ $json.customerName }}', body_2: '={{ $json.orderReference }}', body_3: '={{ $json.productName }}', body_4: nextStep } },
			};
		case 'sendText':
			return { ...common, phone, text: `=Your order {{ $json.ref }} has arrived.${node.changing ? ' It is {{ $now.toMillis() }}.' : ''}` };
		case 'findSentMessage':
			return { ...common, phone };
		case 'getMessageStatus':
			return { ...common, messageId: '={{ $json.messageId }}' };
	}
}

/** Of a field's values in the items, where an option of the same name has others. */
function fieldKey(name: string): string {
	return `${name}Field`;
}

function written(name: string, style: Style, literal: unknown): unknown {
	switch (style) {
		case 'literal':
			return literal === undefined ? null : literal;
		case 'plain':
			return `={{ $json.${name} }}`;
		case 'long':
			return `={{ [$json.${name}][0] }}`;
		case 'text':
			return `= {{ $json.${name} }} `;
	}
}

/** The input items: the rows' fields and the options' values. */
export function itemsOf(node: NodePlan): IDataObject[] {
	return node.rows.map((row, index) => {
		const valuesOf = (plans: NodePlan['options'], key: (name: string) => string) =>
			Object.fromEntries(Object.entries(plans).map(([name, { values }]: [string, OptionPlan]) => [key(name), values[index % values.length]]));
		const json = { ...row, ...valuesOf(node.options, (name) => name), ...valuesOf(node.fields, fieldKey), messageId: `wamid.W${index + 1}` };
		return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== undefined)) as IDataObject;
	});
}
