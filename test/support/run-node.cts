import type { IDataObject, INode, INodeExecutionData, INodeParameters, IRun } from 'n8n-workflow';
import { additionalData, type CredentialFields } from './additional-data.cjs';
import { core, LINE, workflow } from './line.cjs';
import { loadPackage } from './package.cjs';

export interface NodeRun {
	parameters: INodeParameters;
	credential: CredentialFields;
	/** One empty item when left out. */
	items?: IDataObject[];
	onError?: INode['onError'];
	/** Other settings of the node, such as retryOnFail. */
	settings?: Partial<INode>;
	/** How often the node runs in the one execution, each time with all items, as in a loop; once when left out. */
	runs?: number;
	/** Called with n8n's cancel function once the run has started. */
	onStart?: (cancel: () => void) => void;
}

export interface NodeResult {
	/** Items on the success output, of the last run. */
	items: INodeExecutionData[];
	/** Items on the error output, where the node has one. */
	errors: INodeExecutionData[];
	/** What stopped the node, as n8n keeps it. */
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	error: any;
	/** Everything n8n would save of the run, as text: where no secret may stand. */
	saved: string;
	run: IRun;
}

/** Runs our node once on the engine of the line, the way n8n runs a workflow: items in, our node, a node behind each output. */
export async function runNode({ parameters, credential, items = [{}], onError, settings, runs = 1, onStart }: NodeRun): Promise<NodeResult> {
	const { nodeTypes, credential: type } = await loadPackage();
	const node: INode = {
		id: 'b', name: 'Send', type: 'n8n-nodes-1msg-stock-arrival.oneMsg', typeVersion: 1, position: [1, 0],
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
		// n8n-core 1.x takes the same things by position.
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

/** n8n saves executions with `flatted`; here it is enough that every reachable text is written once. */
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

/** The parameters of a stock arrival as the README's first send has them. */
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
