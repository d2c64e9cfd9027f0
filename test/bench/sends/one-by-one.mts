import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

/** A typical node: a loop that awaits each request. */
export class OneByOne implements INodeType {
	description = {
		displayName: 'One By One', name: 'oneByOne', group: ['output'], version: 1, description: '', defaults: {},
		inputs: ['main'], outputs: ['main'],
		properties: [
			{ displayName: 'URL', name: 'url', type: 'string', default: '' },
			{ displayName: 'Token', name: 'token', type: 'string', default: '' },
			{ displayName: 'Body', name: 'body', type: 'json', default: '' },
		],
	} as unknown as INodeType['description'];

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const done: INodeExecutionData[] = [];
		for (let item = 0; item < this.getInputData().length; item++) {
			try {
				const json = (await this.helpers.httpRequest({
					method: 'POST',
					url: this.getNodeParameter('url', item) as string,
					headers: { authorization: `Bearer ${this.getNodeParameter('token', item) as string}` },
					body: this.getNodeParameter('body', item) as IDataObject,
					json: true,
				})) as IDataObject;
				done.push({ json, pairedItem: { item } });
			} catch (error) {
				done.push({ json: { error: String(error) }, pairedItem: { item } });
			}
		}
		return [done];
	}
}
