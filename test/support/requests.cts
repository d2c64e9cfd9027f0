import type { IExecuteFunctions, INode, IRunExecutionData } from 'n8n-workflow';
import { additionalData, type CredentialFields } from './additional-data.cjs';
import { core, workflow } from './line.cjs';
import { loadPackage } from './package.cjs';

/** An executing node of the line with the channel's credential; `helpers` makes its requests. */
export async function executing(credential: CredentialFields): Promise<IExecuteFunctions> {
	const { nodeTypes, credential: type } = await loadPackage();
	const node: INode = {
		id: 'b', name: 'Ask', type: 'n8n-nodes-1msg-stock-arrival.oneMsg', typeVersion: 1, position: [0, 0], parameters: {},
		credentials: { oneMsgChannelApi: { id: '1', name: 'Channel' } },
	};
	const graph = new workflow.Workflow({ id: 'w1', name: 'Test', active: false, nodeTypes, nodes: [node], connections: {} });
	const run = { startData: {}, resultData: { runData: {} } } as unknown as IRunExecutionData;
	const items = [{ json: {} }];
	return new core.ExecuteContext(
		graph, graph.getNode('Ask')!, additionalData(type, credential), 'manual', run, 0, items, { main: [items] }, { node, data: {}, source: null }, [],
	);
}
