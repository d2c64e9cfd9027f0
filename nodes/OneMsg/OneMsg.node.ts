import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { CREDENTIAL } from '../shared/transport';
import { searchStockArrivalTemplates, searchTemplates } from './methods/listSearch';
import { getTemplateVariables } from './methods/resourceMapping';
import * as channel from './resources/channel';
import * as message from './resources/message';
import * as template from './resources/template';

type Operation = { execute: (context: IExecuteFunctions) => Promise<INodeExecutionData[]> };
const operations: Record<string, Record<string, Operation>> = {
	channel: channel.operations,
	message: message.operations,
	template: template.operations,
};

export class OneMsg implements INodeType {
	description: INodeTypeDescription = {
		displayName: '1MSG',
		name: 'oneMsg',
		icon: { light: 'file:../oneMsg.svg', dark: 'file:../oneMsg.dark.svg' },
		group: ['output'],
		version: [1, 2],
		defaultVersion: 2,
		subtitle: '={{ { sendStockArrivalTemplate: "Send stock arrival template", sendTemplate: "Send template", sendText: "Send text", getMessageStatus: "Get message status", findSentMessage: "Find sent message", getMany: "Get many templates", createStockArrivalTemplate: "Create stock arrival template", getChannelStatus: "Get channel status", getWebhooks: "Get webhooks", repairWebhooks: "Repair webhooks" }[$parameter["operation"]] }}',
		description: 'Tell customers on WhatsApp that their stock has arrived, and look up what became of a message',
		defaults: { name: '1MSG' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: CREDENTIAL, required: true }],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Channel', value: 'channel' },
					{ name: 'Message', value: 'message' },
					{ name: 'Template', value: 'template' },
				],
				default: 'message',
			},
			...message.description,
			...template.description,
			...channel.description,
		],
	};

	methods = {
		listSearch: { searchStockArrivalTemplates, searchTemplates },
		resourceMapping: { getTemplateVariables },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const resource = this.getNodeParameter('resource', 0);
		const operation = this.getNodeParameter('operation', 0);
		return [await operations[resource]![operation]!.execute(this)];
	}
}
