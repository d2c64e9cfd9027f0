import type { INodeProperties } from 'n8n-workflow';
import * as createStockArrivalTemplate from './createStockArrivalTemplate';
import * as getMany from './getMany';

export const operations = { createStockArrivalTemplate, getMany };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['template'] } },
		options: [
			{
				name: 'Create Stock Arrival Template',
				value: 'createStockArrivalTemplate',
				action: 'Create stock arrival template',
				description: 'Submit the stock arrival template for approval by WhatsApp',
			},
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many templates',
				description: 'List the templates of the channel with status, text and variables',
			},
		],
		default: 'getMany',
	},
	...getMany.description,
	...createStockArrivalTemplate.description,
];
