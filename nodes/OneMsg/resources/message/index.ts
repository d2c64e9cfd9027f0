import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import * as findSentMessage from './findSentMessage';
import * as getMessageStatus from './getMessageStatus';
import * as sendStockArrivalTemplate from './sendStockArrivalTemplate';
import * as sendTemplate from './sendTemplate';
import * as sendText from './sendText';

export const operations = { findSentMessage, getMessageStatus, sendStockArrivalTemplate, sendTemplate, sendText };

/** The main one first. */
const OPERATIONS: INodePropertyOptions[] = [
	{
		name: 'Send Stock Arrival Template',
		value: 'sendStockArrivalTemplate',
		action: 'Send stock arrival template',
		description: 'Tell a customer on WhatsApp that what they ordered or reserved is now in stock',
	},
	{
		name: 'Send Template',
		value: 'sendTemplate',
		action: 'Send template',
		description: 'Send any approved template, with its variables filled in',
	},
	{
		name: 'Send Text',
		value: 'sendText',
		action: 'Send text',
		description: 'Answer a customer who wrote within the last 24 hours',
	},
	{
		name: 'Get Message Status',
		value: 'getMessageStatus',
		action: 'Get message status',
		description: 'Look up how far a message got: sent, delivered, read or failed',
	},
	{
		name: 'Find Sent Message',
		value: 'findSentMessage',
		action: 'Find sent message',
		description: 'Look in the history of the channel for a message whose answer was lost',
	},
];

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['message'] } },
		options: OPERATIONS,
		default: 'sendStockArrivalTemplate',
	},
	...sendStockArrivalTemplate.description,
	...sendTemplate.description,
	...sendText.description,
	...getMessageStatus.description,
	...findSentMessage.description,
];
