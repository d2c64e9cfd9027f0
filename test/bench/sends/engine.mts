import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as N8nCore from 'n8n-core';
import type { ICredentialDataDecryptedObject, ICredentialType, IHttpRequestOptions, INode, INodeExecutionData, INodeType, INodeTypes, IWorkflowExecuteAdditionalData } from 'n8n-workflow';
import type * as N8nWorkflow from 'n8n-workflow';
import { ROOT } from '../../../harness/paths.mts';
import { OneByOne } from './one-by-one.mts';

const require = createRequire(import.meta.url);
/** n8n's address; never called. */
const HOST = 'http://127.0.0.1:5678/';

/** n8n's engine with the compared nodes. */
export interface Engine {
	/** Runs a node once over the items, as in a workflow, and returns its output items; `other` overrides credential fields. */
	run: (node: Pick<INode, 'type' | 'typeVersion' | 'parameters'>, items: INodeExecutionData[], other?: Record<string, string>) => Promise<INodeExecutionData[]>;
}

/** Loads n8n-core from this repository, this package from `dist`, and HTTP Request from an installed n8n. */
export async function loadEngine(n8nModules: string, credential: Record<string, string>): Promise<Engine> {
	shareEngineWith(n8nModules);
	require('reflect-metadata');
	const core = require('n8n-core') as typeof N8nCore;
	const workflow = require('n8n-workflow') as typeof N8nWorkflow;
	const loader = new core.PackageDirectoryLoader(ROOT);
	await loader.loadAll();
	const { HttpRequest } = require(join(n8nModules, 'n8n-nodes-base/dist/nodes/HttpRequest/HttpRequest.node.js')) as {
		HttpRequest: new () => INodeType;
	};
	const types: Record<string, INodeType> = {
		oneMsg: loader.getNode('oneMsg').type as INodeType,
		httpRequest: new HttpRequest(),
		oneByOne: new OneByOne(),
		end: passOn('end', ['main']),
	};
	const type = loader.getCredential('oneMsgChannelApi').type;
	let executions = 0;

	const run: Engine['run'] = async (given, items, other = {}) => {
		const node: INode = {
			id: 'b', name: 'Send', position: [1, 0], onError: 'continueRegularOutput',
			credentials: { oneMsgChannelApi: { id: '1', name: 'Channel' } }, ...given,
		};
		const plain = (id: string, name: string, type: string): INode => ({ id, name, type, typeVersion: 1, position: [0, 0], parameters: {} });
		const source = plain('a', 'Items', 'bench.items');
		const find = (name: string) => (name === source.type ? passOn('items', [], items) : types[name.split('.').pop()!]!);
		const nodeTypes: INodeTypes = {
			getByName: find,
			getByNameAndVersion: (name, version) => workflow.NodeHelpers.getVersionedNodeType(find(name), version),
			getKnownTypes: () => ({}),
		};
		const graph = new workflow.Workflow({
			id: 'w1', name: 'Bench', active: false, nodeTypes, settings: { executionOrder: 'v1' },
			nodes: [source, node, plain('c', 'End', 'bench.end')],
			connections: {
				Items: { main: [[{ node: 'Send', type: 'main', index: 0 }]] },
				Send: { main: [[{ node: 'End', type: 'main', index: 0 }]] },
			},
		});
		const executionId = String(++executions);
		const data = additionalData(type, { ...credential, ...other }, executionId);
		data.hooks = new core.ExecutionLifecycleHooks('trigger', executionId, { id: 'w1', name: 'Bench' } as never);
		const execute = new core.WorkflowExecute(data, 'trigger');
		const result = await execute.run({ workflow: graph, startNode: source });
		const task = result.data.resultData.runData.Send?.at(-1);
		const output = task?.data?.main?.[0];
		if (!output) throw task?.error ?? result.data.resultData.error ?? new Error('The node gave nothing.');
		return output;
	};
	return { run };
}

/** The installed n8n's nodes run on this repository's engine, like a community package on its host's. */
function shareEngineWith(n8nModules: string): void {
	const Module = require('node:module') as { _resolveFilename: (request: string, parent: { filename?: string } | undefined, ...rest: unknown[]) => string };
	const resolve = Module._resolveFilename;
	Module._resolveFilename = (request, parent, ...rest) =>
		/^n8n-(core|workflow)$/.test(request) && parent?.filename?.startsWith(join(n8nModules, 'n8n-nodes-base'))
			? require.resolve(request)
			: resolve.call(Module, request, parent, ...rest);
}

function additionalData(type: ICredentialType, fields: Record<string, string>, executionId: string): IWorkflowExecuteAdditionalData {
	const credentialsHelper = {
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,
		getDecrypted: async () => ({ ...fields }),
		preAuthentication: async () => undefined,
		runPreAuthentication: async () => undefined,
		getCredentials: async () => ({}),
		getCredentialsProperties: () => type.properties,
		async authenticate(data: ICredentialDataDecryptedObject, _type: string, request: IHttpRequestOptions) {
			if (typeof type.authenticate !== 'function') throw new Error('The credential signs requests by a function.');
			return await type.authenticate(data, request);
		},
	};
	return {
		credentialsHelper, executionId, currentNodeExecutionIndex: 0, variables: {},
		restApiUrl: HOST, instanceBaseUrl: HOST, formWaitingBaseUrl: HOST, webhookBaseUrl: HOST, webhookTestBaseUrl: HOST, webhookWaitingBaseUrl: HOST,
		setExecutionStatus: () => {},
		sendDataToUI: () => {},
	} as unknown as IWorkflowExecuteAdditionalData;
}

/** A node that provides or forwards items. */
function passOn(name: string, inputs: string[], items?: INodeExecutionData[]): INodeType {
	return {
		description: {
			displayName: name, name, group: ['trigger'], version: 1, description: '', defaults: {},
			inputs: inputs as INodeType['description']['inputs'], outputs: ['main'] as INodeType['description']['outputs'], properties: [],
		},
		async execute() {
			return [items ?? this.getInputData()];
		},
	};
}
