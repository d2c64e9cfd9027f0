import type { INodeProperties } from 'n8n-workflow';
import * as getMessageStatus from './getMessageStatus';
import * as sendStockArrivalTemplate from './sendStockArrivalTemplate';

export const operations = { getMessageStatus, sendStockArrivalTemplate };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['message'] } },
		options: [
			{
				name: 'Get Message Status',
				value: 'getMessageStatus',
				action: 'Get message status',
				description: 'Look up how far a message got: sent, delivered, read or failed',
			},
			{
				name: 'Send Stock Arrival Template',
				value: 'sendStockArrivalTemplate',
				action: 'Send stock arrival template',
				description: 'Tell a customer on WhatsApp that what they ordered or reserved is now in stock',
			},
		],
		default: 'sendStockArrivalTemplate',
	},
	...sendStockArrivalTemplate.description,
	...getMessageStatus.description,
];
