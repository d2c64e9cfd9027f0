import type { INodeProperties } from 'n8n-workflow';
import * as getChannelStatus from './getChannelStatus';

export const operations = { getChannelStatus };

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
				description: 'Tell whether the channel is connected to WhatsApp and can send',
			},
		],
		default: 'getChannelStatus',
	},
	...getChannelStatus.description,
];
