/** A workflow execution on the line's engine: items, the 1MSG node, and a node on each of its outputs. */
import type { ICredentialType, IDataObject, IHttpRequestOptions, INode, INodeExecutionData, INodeParameters, INodeType, INodeTypes, IRun, IWorkflowExecuteAdditionalData } from 'n8n-workflow';
import { WITNESS } from './channel.mts';
import type { Stage } from './stage.mts';

export interface ExecutionPlan {
	/** Its name in the channel's witness header. */
	name: string;
	workflowId: string;
	typeVersion: number;
	parameters: INodeParameters;
	credential: IDataObject;
	items: IDataObject[];
	onError?: INode['onError'];
	/** Other node settings, such as retryOnFail. */
	settings?: Partial<INode>;
	/** Number of runs in the execution, each with all items, as in a loop. */
	runs?: number;
}

/** One call of the node by n8n: an attempt of a run. */
export interface NodeTry {
	run: number;
	/** World sequence at its start and end. */
	from: number;
	to: number;
	/** World milliseconds. */
	startedAt: number;
	endedAt: number | undefined;
	/** Wall clock at the start, in milliseconds. */
	wall: number;
	/** Output of the node. */
	output?: INodeExecutionData[];
	/** Error thrown by the node. */
	thrown?: unknown;
}

export interface Execution {
	plan: ExecutionPlan;
	tries: NodeTry[];
	/** Resolves when n8n ends the execution, even if it failed. */
	ended: Promise<void>;
	/** Data n8n saved; undefined until the end. */
	run?: IRun;
	/** Error of n8n's engine itself, which should never happen. */
	failure?: unknown;
	/** Reason n8n did not start it. */
	refused?: string;
	cancelledAt?: number;
	cancel: () => void;
}

let executions = 0;

/** Starts an execution in the running n8n. */
export function startExecution(stage: Stage, plan: ExecutionPlan): Execution {
	const { core, line } = stage.engine;
	const { credential: type, oneMsg } = stage.process;
	const tries: NodeTry[] = [];
	const { graph, source } = workflowOf(stage, plan, observed(stage, oneMsg, tries));
	const data = additionalData(type, plan);
	data.hooks = new core.ExecutionLifecycleHooks('trigger', data.executionId!, { id: plan.workflowId, name: plan.workflowId } as never);
	const engine = new core.WorkflowExecute(data, 'trigger');
	const pinData = { [source.name]: plan.items.map((json, item) => ({ json, pairedItem: { item } })) };
	const execution: Execution = { plan, tries, ended: Promise.resolve(), cancel: () => {} };
	const running = run(() =>
		line === 'n8n-2'
			? engine.run({ workflow: graph, startNode: source, pinData })
			: // n8n-core 1.x takes the same as positional arguments.
				(engine.run as unknown as (...args: unknown[]) => ReturnType<typeof engine.run>).call(engine, graph, source, undefined, pinData),
	);
	if ('refused' in running) {
		execution.refused = running.refused;
		return execution;
	}
	const { started } = running;
	execution.cancel = () => {
		execution.cancelledAt ??= stage.time.elapsed();
		started.cancel();
	};
	execution.ended = started.then(
		(kept) => {
			execution.run = kept;
		},
		(error: unknown) => {
			execution.failure = error;
		},
	);
	return execution;
}

/** n8n 1.x refuses to start a workflow with an empty required field. */
function run<T>(start: () => T): { started: T } | { refused: string } {
	try {
		return { started: start() };
	} catch (error) {
		if ((error as Error).name !== 'WorkflowHasIssuesError') throw error;
		return { refused: (error as Error).message };
	}
}

const NODE_NAME = 'Send';

function workflowOf(stage: Stage, plan: ExecutionPlan, oneMsg: INodeType) {
	const { workflow } = stage.engine;
	const plain = (name: string, kind: string): INode => ({ id: name, name, type: `test.${kind}`, typeVersion: 1, position: [0, 0], parameters: {} });
	const source = plain('Items', 'items');
	const node: INode = {
		id: 'send', name: NODE_NAME, type: 'n8n-nodes-1msg-stock-arrival.oneMsg', typeVersion: plan.typeVersion, position: [0, 0],
		parameters: { resource: 'message', ...plan.parameters }, onError: plan.onError,
		credentials: { oneMsgChannelApi: { id: '1', name: 'Channel' } }, ...plan.settings,
	};
	const ways = Array.from({ length: plan.runs ?? 1 }, (_, index) => plain(`Way ${index}`, 'sink'));
	const to = (name: string) => [{ node: name, type: 'main' as const, index: 0 }];
	const graph = new workflow.Workflow({
		id: plan.workflowId, name: plan.workflowId, active: false, nodeTypes: nodeTypes(stage, oneMsg), settings: { executionOrder: 'v1', timezone: 'UTC' },
		nodes: [source, ...ways, node, plain('Success', 'sink'), plain('Failure', 'sink')],
		connections: {
			[source.name]: { main: [ways.flatMap(({ name }) => to(name))] },
			...Object.fromEntries(ways.map(({ name }) => [name, { main: [to(NODE_NAME)] }])),
			[NODE_NAME]: { main: plan.onError === 'continueErrorOutput' ? [to('Success'), to('Failure')] : [to('Success')] },
		},
	});
	return { graph, source };
}

/** The node, with each call recorded. */
function observed(stage: Stage, oneMsg: INodeType, tries: NodeTry[]): INodeType {
	const wrapped = Object.create(oneMsg) as INodeType;
	wrapped.execute = async function (...args) {
		const run = Number(this.getWorkflowDataProxy(0).$runIndex);
		const entry: NodeTry = { run, from: stage.channel.next(), to: Infinity, startedAt: stage.time.elapsed(), endedAt: undefined, wall: Date.now() };
		tries.push(entry);
		try {
			const result = await oneMsg.execute!.apply(this, args);
			// The engine filters error items out of this very list.
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

/** Source of the input items: pinned data replaces its output. */
const ITEMS = plainNode('items', []);
/** Connected to an output, so that n8n fills it. */
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

/** Additional data of an execution. Requests carry the witness of their caller. */
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
