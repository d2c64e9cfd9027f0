import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { CREDENTIAL } from '../transport';
import { searchStockArrivalTemplates } from './methods/listSearch';
import * as message from './resources/message';

const operations = { message: message.operations };

export class OneMsg implements INodeType {
	description: INodeTypeDescription = {
		displayName: '1MSG',
		name: 'oneMsg',
		icon: { light: 'file:../oneMsg.svg', dark: 'file:../oneMsg.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ { sendStockArrivalTemplate: "Send stock arrival template", getMessageStatus: "Get message status" }[$parameter["operation"]] }}',
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
				options: [{ name: 'Message', value: 'message' }],
				default: 'message',
			},
			...message.description,
		],
	};

	methods = { listSearch: { searchStockArrivalTemplates } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const resource = this.getNodeParameter('resource', 0) as keyof typeof operations;
		const operation = this.getNodeParameter('operation', 0) as keyof (typeof operations)[typeof resource];
		return [await operations[resource][operation].execute(this)];
	}
}
