import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { CREDENTIAL } from '../shared/transport';
import { searchStockArrivalTemplates, searchTemplates } from './methods/listSearch';
import { getTemplateText, getTemplateVariables } from './methods/resourceMapping';
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
		// The template is read as saved: an expression in it is neither evaluated nor shown.
		subtitle: '={{ /^[^=]/.test($rawParameter["template"] ?? "") ? "Send " + $rawParameter["template"].replace("|", " · ") : { sendStockArrivalTemplate: "Send stock arrival template", sendTemplate: "Send template", sendText: "Send text", getMessageStatus: "Get message status", findSentMessage: "Find sent message", getMany: "Get many templates", createStockArrivalTemplate: "Create stock arrival template", getChannelStatus: "Get channel status", getWebhooks: "Get webhooks", repairWebhooks: "Repair webhooks" }[$parameter["operation"]] }}',
		description: 'Tell customers on WhatsApp that their stock has arrived, and look up what became of a message',
		defaults: { name: '1MSG' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: {
			searchHint:
				"Sends WhatsApp messages through 1MSG. To tell customers that their stock has arrived, is back in stock or is ready, use resource message and operation sendStockArrivalTemplate, and set sendOnce to true: a workflow that runs twice then messages nobody twice. Take optedIn from the customer's data. To log, set output in options to logRow: each item, refused ones included, becomes one flat row with a logId to upsert by, so that a Data Table maps it automatically. Otherwise set On Error to continue with the error output, and branch on error.action with a Switch node; only retryLater may be sent again. An outcome of queued or unknown is never sent again.",
			relatedNodes: [
				{ nodeType: 'n8n-nodes-1msg-stock-arrival.oneMsgTrigger', relationHint: 'Reports what became of each message: delivered, read or failed' },
				{ nodeType: 'n8n-nodes-base.dataTable', relationHint: 'Keeps the log rows, by logId' },
				{ nodeType: 'n8n-nodes-base.switch', relationHint: 'Branches on the action of an error or a failure' },
			],
		},
		credentials: [{ name: CREDENTIAL, required: true }],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Message', value: 'message' },
					{ name: 'Template', value: 'template' },
					{ name: 'Channel', value: 'channel' },
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
		resourceMapping: { getTemplateText, getTemplateVariables },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const resource = this.getNodeParameter('resource', 0);
		const operation = this.getNodeParameter('operation', 0);
		return [await operations[resource]![operation]!.execute(this)];
	}
}
