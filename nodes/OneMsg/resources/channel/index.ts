import type { INodeProperties } from 'n8n-workflow';
import * as getChannelStatus from './getChannelStatus';
import * as getWebhooks from './getWebhooks';
import * as repairWebhooks from './repairWebhooks';

export const operations = { getChannelStatus, getWebhooks, repairWebhooks };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['channel'] } },
		options: [
			{
				name: 'Get Channel Status',
				value: 'getChannelStatus',
				action: 'Get channel status',
				description: 'Check whether the channel is connected to WhatsApp and can send',
			},
			{
				name: 'Get Webhooks',
				value: 'getWebhooks',
				action: 'Get webhooks',
				description: 'List the URLs that the channel calls, their states, and what is wrong with them',
			},
			{
				name: 'Repair Webhooks',
				value: 'repairWebhooks',
				action: 'Repair webhooks',
				description: 'Re-enable URLs that are disabled or skipped by resubmitting the same list; no URL is added or removed',
			},
		],
		default: 'getChannelStatus',
	},
	...getChannelStatus.description,
	...getWebhooks.description,
	...repairWebhooks.description,
];
