import type { INodeProperties } from 'n8n-workflow';
import { VERSION_1, VERSION_2 } from './versions';

/** Fields shared by message operations; each operation adds its own `displayOptions`. */

export const templateField: INodeProperties = {
	displayName: 'Template',
	name: 'template',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The approved template to send',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a template...',
			typeOptions: { searchListMethod: 'searchStockArrivalTemplates', searchable: true },
		},
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. stock_arrival or stock_arrival|en',
			hint: 'Add the language code after a | if the template exists in several languages',
		},
	],
};

/** Read by the list alone (methods/listSearch.ts), and gone once a template is chosen: no send depends on it. */
export const unfitTemplatesField: INodeProperties = {
	displayName: 'List Templates That Do Not Fit',
	name: 'listUnfitTemplates',
	type: 'boolean',
	noDataExpression: true,
	default: false,
	description: 'Whether the list also has the approved templates that this operation cannot send, because their variables are not {{1}} to {{4}}',
	displayOptions: { show: VERSION_2, hide: { template: [{ _cnd: { exists: true } }] } },
};

/** Shows what the chosen template says. Only a mapper can load a text into the panel; this one has no fields, so no value. */
export const templateTextField: INodeProperties = {
	displayName: 'Template Text',
	name: 'templateText',
	type: 'resourceMapper',
	default: { mappingMode: 'defineBelow', value: null },
	noDataExpression: true,
	description: 'What the chosen template says. Shown here only: it is not sent.',
	displayOptions: { show: VERSION_2, hide: { template: ['', { _cnd: { regex: '^=' } }] } },
	typeOptions: {
		loadOptionsDependsOn: ['template.value', 'options.languageCode'],
		resourceMapper: {
			resourceMapperMethod: 'getTemplateText',
			mode: 'add',
			valuesLabel: 'Template Text',
			fieldWords: { singular: 'text', plural: 'text' },
			addAllFields: true,
			supportAutoMap: false,
			noFieldsError: 'Choose a template to see its text.',
		},
	},
};

export const anyTemplateField: INodeProperties = {
	...templateField,
	description: 'The approved template to send, as name or name|language',
	modes: (templateField.modes ?? []).map((mode) =>
		mode.name === 'list' ? { ...mode, typeOptions: { searchListMethod: 'searchTemplates', searchable: true } } : mode,
	),
};

export const variablesField: INodeProperties = {
	displayName: 'Variables',
	name: 'variables',
	type: 'resourceMapper',
	default: { mappingMode: 'defineBelow', value: null },
	noDataExpression: true,
	description: 'The values for the template, by field: body_1, header_media, button_0 and so on',
	typeOptions: {
		loadOptionsDependsOn: ['template.value', 'options.languageCode'],
		resourceMapper: {
			resourceMapperMethod: 'getTemplateVariables',
			mode: 'add',
			valuesLabel: 'Variables',
			fieldWords: { singular: 'variable', plural: 'variables' },
			addAllFields: true,
			supportAutoMap: false,
			noFieldsError: 'Choose a template to see its variables.',
		},
	},
};

export const textField: INodeProperties = {
	displayName: 'Text',
	name: 'text',
	type: 'string',
	typeOptions: { rows: 4 },
	default: '',
	required: true,
	placeholder: 'e.g. Your parcel leaves tonight',
	hint: 'For a customer who wrote within 24 hours. To others the channel may send it as a paid marketing template.',
	description:
		'The message, at most 4096 characters. Only customers who wrote within the last 24 hours get it as it is; use a template for the others. A channel may be set up to send it to them inside a marketing template, which costs a marketing message, instead of refusing it.',
};

export const phoneField: INodeProperties = {
	displayName: 'Recipient',
	name: 'phone',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. +7 912 345-67-89',
	description: "The customer's phone number with country code, in any formatting, or their user ID (BSUID) or @username. To answer a customer, use the recipient of the item or event.",
};

const messageIdField: INodeProperties = {
	displayName: 'Message ID',
	name: 'messageId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. wamid.HBgLNzkxMjM0NTY3ODk...',
	description: 'The ID that the send returned as messageId',
};

export const messageIdFields: INodeProperties[] = [
	{ ...messageIdField, displayOptions: { show: VERSION_1 } },
	{ ...messageIdField, default: '={{ $json.messageId }}', displayOptions: { show: VERSION_2 } },
];

const valueFields: INodeProperties[] = [
	{
		displayName: 'Customer Name',
		name: 'customerName',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Alexey',
		description: 'Variable {{1}}: how the message greets the customer',
	},
	{
		displayName: 'Order Reference',
		name: 'orderReference',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 10482',
		description: 'Variable {{2}}: the order or reference number that the customer knows',
	},
	{
		displayName: 'Product Name',
		name: 'productName',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Oak shelf, 80 cm',
		description: 'Variable {{3}}: what has arrived',
	},
	{
		displayName: 'Next Step',
		name: 'nextStep',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. We ship it tomorrow',
		description: 'Variable {{4}}: what happens next, without a trailing full stop',
	},
];

/** The four values; since version 2 their labels say which variable each is. */
export const stockArrivalFields: INodeProperties[] = [
	...valueFields.map((field) => ({ ...field, displayOptions: { show: VERSION_1 } })),
	...valueFields.map((field, index) => ({ ...field, displayName: `${field.displayName} {{${index + 1}}}`, displayOptions: { show: VERSION_2 } })),
];
