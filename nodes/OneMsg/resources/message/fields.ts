import type { INodeProperties } from 'n8n-workflow';

/** Fields that several message operations show; each operation adds its own `displayOptions`. */

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
			hint: 'Add the language code behind a bar when the template exists in several languages',
		},
	],
};

export const phoneField: INodeProperties = {
	displayName: 'Phone',
	name: 'phone',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. +7 912 345-67-89',
	description: "The customer's phone number with country code, in any formatting",
};

export const messageIdField: INodeProperties = {
	displayName: 'Message ID',
	name: 'messageId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. wamid.HBgLNzkxMjM0NTY3ODk...',
	description: 'The ID that the send returned as messageId',
};

export const stockArrivalFields: INodeProperties[] = [
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
		description: 'Variable {{4}}: what happens next, without a full stop at its end',
	},
];
