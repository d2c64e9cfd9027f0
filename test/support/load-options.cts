import type { ILoadOptionsFunctions, INode, INodeListSearchResult, INodeParameters, ResourceMapperFields } from 'n8n-workflow';
import { additionalData, type CredentialFields } from './additional-data.cjs';
import { core, workflow } from './line.cjs';
import { loadPackage } from './package.cjs';

/** Calls that n8n makes while a user edits the node. */
export interface Editor {
	list(method: string, filter?: string): Promise<INodeListSearchResult>;
	fields(method: string): Promise<ResourceMapperFields>;
}

/** Opens our node in the line's editor with these parameters. */
export async function openEditor(parameters: INodeParameters, credential: CredentialFields, version = 1): Promise<Editor> {
	const { nodeTypes, oneMsg, credential: type } = await loadPackage();
	const node: INode = {
		id: 'b', name: 'Send', type: 'n8n-nodes-1msg-stock-arrival.oneMsg', typeVersion: version, position: [0, 0], parameters,
		credentials: { oneMsgChannelApi: { id: '1', name: 'Channel' } },
	};
	const graph = new workflow.Workflow({ id: 'w1', name: 'Test', active: false, nodeTypes, nodes: [node], connections: {} });
	const data = { ...additionalData(type, credential), currentNodeParameters: parameters };
	const context = new core.LoadOptionsContext(graph, graph.getNode('Send')!, data, '') as ILoadOptionsFunctions;
	return {
		list: async (method, filter) => await oneMsg.methods!.listSearch![method]!.call(context, filter),
		fields: async (method) => await oneMsg.methods!.resourceMapping![method]!.call(context),
	};
}
