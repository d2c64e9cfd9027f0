/** One execution of a workflow on the line's engine: items, the 1MSG node, a node behind each of its outputs. */
import type { ICredentialType, IDataObject, IHttpRequestOptions, INode, INodeExecutionData, INodeParameters, INodeType, INodeTypes, IRun, IWorkflowExecuteAdditionalData } from 'n8n-workflow';
import { WITNESS } from './channel.mts';
import type { Stage } from './stage.mts';

export interface ExecutionPlan {
	/** How the channel's witness names it. */
	name: string;
	workflowId: string;
	parameters: INodeParameters;
	credential: IDataObject;
	items: IDataObject[];
	onError?: INode['onError'];
	/** Other settings of the node, such as retryOnFail. */
	settings?: Partial<INode>;
	/** How often the node runs in the one execution, each time with all items, as in a loop. */
	runs?: number;
}

/** One call of the node by n8n: a try of a run. */
export interface NodeTry {
	run: number;
	/** The world's sequence, at its begin and its end. */
	from: number;
	to: number;
	/** Milliseconds of the world. */
	startedAt: number;
	endedAt: number | undefined;
	/** What the clock on the wall showed at the begin, in milliseconds. */
	wall: number;
	/** What the node gave n8n. */
	output?: INodeExecutionData[];
	/** What the node threw. */
	thrown?: unknown;
}

export interface Execution {
	plan: ExecutionPlan;
	tries: NodeTry[];
	/** Ends when n8n has ended the execution, also where it failed. */
	ended: Promise<void>;
	/** What n8n kept of it; undefined before its end. */
	run?: IRun;
	/** What n8n's engine itself threw, which it should never do. */
	failure?: unknown;
	cancelledAt?: number;
	cancel: () => void;
}

let executions = 0;

/** Starts an execution in the n8n that runs now. */
export function startExecution(stage: Stage, plan: ExecutionPlan): Execution {
	const { core, line } = stage.engine;
	const { credential: type, oneMsg } = stage.process;
	const tries: NodeTry[] = [];
	const { graph, source } = workflowOf(stage, plan, observed(stage, oneMsg, tries));
	const data = additionalData(type, plan);
	data.hooks = new core.ExecutionLifecycleHooks('trigger', data.executionId!, { id: plan.workflowId, name: plan.workflowId } as never);
	const engine = new core.WorkflowExecute(data, 'trigger');
	const pinData = { [source.name]: plan.items.map((json, item) => ({ json, pairedItem: { item } })) };
	const running =
		line === 'n8n-2'
			? engine.run({ workflow: graph, startNode: source, pinData })
			: // n8n-core 1.x takes the same things by position.
				(engine.run as unknown as (...args: unknown[]) => ReturnType<typeof engine.run>).call(engine, graph, source, undefined, pinData);
	const execution: Execution = {
		plan,
		tries,
		ended: Promise.resolve(),
		cancel: () => {
			execution.cancelledAt ??= stage.time.elapsed();
			running.cancel();
		},
	};
	execution.ended = running.then(
		(run) => {
			execution.run = run;
		},
		(error: unknown) => {
			execution.failure = error;
		},
	);
	return execution;
}

const NODE_NAME = 'Send';

function workflowOf(stage: Stage, plan: ExecutionPlan, oneMsg: INodeType) {
	const { workflow } = stage.engine;
	const plain = (name: string, kind: string): INode => ({ id: name, name, type: `test.${kind}`, typeVersion: 1, position: [0, 0], parameters: {} });
	const source = plain('Items', 'items');
	const node: INode = {
		id: 'send', name: NODE_NAME, type: 'n8n-nodes-1msg-stock-arrival.oneMsg', typeVersion: 1, position: [0, 0],
		parameters: { resource: 'message', ...plan.parameters }, onError: plan.onError,
		credentials: { oneMsgChannelApi: { id: '1', name: 'Channel' } }, ...plan.settings,
	};
	const ways = Array.from({ length: plan.runs ?? 1 }, (_, index) => plain(`Way ${index}`, 'sink'));
	const to = (name: string) => [{ node: name, type: 'main' as const, index: 0 }];
	const graph = new workflow.Workflow({
		id: plan.workflowId, name: plan.workflowId, active: false, nodeTypes: nodeTypes(stage, oneMsg), settings: { executionOrder: 'v1' },
		nodes: [source, ...ways, node, plain('Success', 'sink'), plain('Failure', 'sink')],
		connections: {
			[source.name]: { main: [ways.flatMap(({ name }) => to(name))] },
			...Object.fromEntries(ways.map(({ name }) => [name, { main: [to(NODE_NAME)] }])),
			[NODE_NAME]: { main: plan.onError === 'continueErrorOutput' ? [to('Success'), to('Failure')] : [to('Success')] },
		},
	});
	return { graph, source };
}

/** The node, with a note of each of its calls. */
function observed(stage: Stage, oneMsg: INodeType, tries: NodeTry[]): INodeType {
	const wrapped = Object.create(oneMsg) as INodeType;
	wrapped.execute = async function (...args) {
		const run = Number(this.getWorkflowDataProxy(0).$runIndex);
		const entry: NodeTry = { run, from: stage.channel.next(), to: Infinity, startedAt: stage.time.elapsed(), endedAt: undefined, wall: Date.now() };
		tries.push(entry);
		try {
			const result = await oneMsg.execute!.apply(this, args);
			// The engine sorts the error items out of the very same list.
			entry.output = (result as INodeExecutionData[][])[0]?.map((item) => ({ ...item, json: { ...item.json } }));
			return result;
		} catch (error) {
			entry.thrown = error;
			throw error;
		} finally {
			entry.to = stage.channel.next();
			entry.endedAt = stage.time.elapsed();
		}
	};
	return wrapped;
}

function nodeTypes({ engine }: Stage, oneMsg: INodeType): INodeTypes {
	const find = (type: string) => (type === 'test.items' ? ITEMS : type === 'test.sink' ? SINK : oneMsg);
	return {
		getByName: find,
		getByNameAndVersion: (type, version) => engine.workflow.NodeHelpers.getVersionedNodeType(find(type), version),
		getKnownTypes: () => ({}),
	};
}

/** Where the input items come from: pinned data stands in for its output. */
const ITEMS = plainNode('items', []);
/** What is connected behind an output, so that n8n fills it. */
const SINK = plainNode('sink', ['main']);

function plainNode(name: string, inputs: string[]): INodeType {
	return {
		description: {
			displayName: name, name, group: [inputs.length === 0 ? 'trigger' : 'output'], version: 1, description: '', defaults: {},
			inputs: inputs as INodeType['description']['inputs'], outputs: ['main'], properties: [],
		},
		async execute() {
			return [this.getInputData()];
		},
	};
}

/** What n8n hands to an execution besides the workflow. The requests carry the witness of who asks. */
function additionalData(credential: ICredentialType, { credential: fields, name }: ExecutionPlan): IWorkflowExecuteAdditionalData {
	const credentialsHelper = {
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,
		getDecrypted: async () => ({ ...fields }),
		preAuthentication: async () => undefined,
		runPreAuthentication: async () => undefined,
		getCredentials: async () => ({}),
		getCredentialsProperties: () => credential.properties,
		async authenticate(data: never, _type: string, request: IHttpRequestOptions) {
			if (typeof credential.authenticate !== 'function') throw new Error('The credential signs requests by a function');
			const signed = await credential.authenticate(data, request);
			return { ...signed, headers: { ...signed.headers, [WITNESS]: name } };
		},
	};
	const host = 'https://n8n.example.org';
	return {
		credentialsHelper,
		executionId: String(++executions),
		currentNodeExecutionIndex: 0,
		variables: {},
		restApiUrl: `${host}/rest`,
		instanceBaseUrl: `${host}/`,
		formWaitingBaseUrl: `${host}/form-waiting`,
		webhookBaseUrl: `${host}/webhook`,
		webhookTestBaseUrl: `${host}/webhook-test`,
		webhookWaitingBaseUrl: `${host}/webhook-waiting`,
		setExecutionStatus: () => {},
		sendDataToUI: () => {},
	} as unknown as IWorkflowExecuteAdditionalData;
}
