import type { IDataObject, INode, INodeExecutionData, INodeParameters, IRun } from 'n8n-workflow';
import { additionalData, type CredentialFields } from './additional-data.cjs';
import { core, LINE, workflow } from './line.cjs';
import { loadPackage } from './package.cjs';

export interface NodeRun {
	parameters: INodeParameters;
	credential: CredentialFields;
	/** Of the node; by default the first, whose options are those of every version. */
	version?: number;
	/** Defaults to one empty item. */
	items?: IDataObject[];
	onError?: INode['onError'];
	/** Other node settings, such as retryOnFail. */
	settings?: Partial<INode>;
	/** Number of runs in the execution, each with all items, as in a loop; default 1. */
	runs?: number;
	/** Called with n8n's cancel function once the run starts. */
	onStart?: (cancel: () => void) => void;
}

export interface NodeResult {
	/** Success output of the last run. */
	items: INodeExecutionData[];
	/** Error output, if the node has one. */
	errors: INodeExecutionData[];
	/** The error that stopped the node, as saved by n8n. */
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	error: any;
	/** All saved data of the run as text, which must hold no secrets. */
	saved: string;
	run: IRun;
}

/** Runs our node once on the line's engine as in a workflow: items in, our node, a node on each output. */
export async function runNode({ parameters, credential, version = 1, items = [{}], onError, settings, runs = 1, onStart }: NodeRun): Promise<NodeResult> {
	const { nodeTypes, credential: type } = await loadPackage();
	const node: INode = {
		id: 'b', name: 'Send', type: 'n8n-nodes-1msg-stock-arrival.oneMsg', typeVersion: version, position: [1, 0],
		parameters: { resource: 'message', ...parameters }, onError,
		credentials: { oneMsgChannelApi: { id: '1', name: 'Channel' } }, ...settings,
	};
	const plain = (id: string, name: string, kind: string): INode => ({ id, name, type: `test.${kind}`, typeVersion: 1, position: [0, 0], parameters: {} });
	const source = plain('a', 'Items', 'items');
	const to = (name: string) => [{ node: name, type: 'main' as const, index: 0 }];
	const ways = Array.from({ length: runs }, (_, index) => plain(`w${index}`, `Way ${index}`, 'sink'));
	const graph = new workflow.Workflow({
		id: 'w1', name: 'Test', active: false, nodeTypes, settings: { executionOrder: 'v1' },
		nodes: [source, ...ways, node, plain('c', 'Success', 'sink'), plain('d', 'Failure', 'sink')],
		connections: {
			Items: { main: [ways.flatMap(({ name }) => to(name))] },
			...Object.fromEntries(ways.map(({ name }) => [name, { main: [to('Send')] }])),
			Send: { main: onError === 'continueErrorOutput' ? [to('Success'), to('Failure')] : [to('Success')] },
		},
	});
	const data = additionalData(type, credential);
	data.hooks = new core.ExecutionLifecycleHooks('manual', data.executionId!, { id: 'w1', name: 'Test' } as never);
	const execute = new core.WorkflowExecute(data, 'manual');
	const pinData = { Items: items.map((json, item) => ({ json, pairedItem: { item } })) };
	const running = LINE === 'n8n-2'
		? execute.run({ workflow: graph, startNode: source, pinData })
		// n8n-core 1.x takes the same as positional arguments.
		: (execute.run as unknown as (...args: unknown[]) => ReturnType<typeof execute.run>).call(execute, graph, source, undefined, pinData);
	onStart?.(() => running.cancel());
	const run = await running;
	const task = run.data.resultData.runData.Send?.at(-1);
	const main = task?.data?.main ?? [];
	return {
		items: main[0] ?? [],
		errors: main[1] ?? [],
		error: task?.error ?? run.data.resultData.error,
		saved: savedText(run),
		run,
	};
}

/** n8n saves executions with `flatted`; here it suffices to write every reachable text once. */
function savedText(value: unknown): string {
	const seen = new Set<unknown>();
	const texts: string[] = [];
	const visit = (entry: unknown) => {
		if (typeof entry === 'string') texts.push(entry);
		if (entry === null || typeof entry !== 'object' || seen.has(entry)) return;
		seen.add(entry);
		for (const key of Object.getOwnPropertyNames(entry)) {
			texts.push(key);
			visit((entry as Record<string, unknown>)[key]);
		}
	};
	visit(value);
	return texts.join('\n');
}

/** Parameters of the README's first stock arrival. */
export function arrival(overrides: INodeParameters = {}): INodeParameters {
	return {
		operation: 'sendStockArrivalTemplate',
		template: { __rl: true, mode: 'name', value: 'stock_arrival|en' },
		phone: '+7 912 345-67-89',
		customerName: 'Alexey',
		orderReference: '10482',
		productName: 'Oak shelf',
		nextStep: 'We ship it tomorrow',
		...overrides,
	};
}
