/** An n8n installation: its address, database, processes, and how n8n runs a trigger in them. */
import type { IDataObject, IExecuteFunctions, IHttpRequestOptions, INode, INodeExecutionData, INodeParameters, INodeType, INodeTypes, IWebhookFunctions, IWorkflowExecuteAdditionalData, Workflow } from 'n8n-workflow';
import { EventEmitter } from 'node:events';
import { WITNESS } from '../channel.mts';
import type { Engine, N8nProcess } from '../engine.mts';
import type { VirtualTime } from '../virtual-time.mts';
import type { HookChannel } from './channel.mts';
import { endpointOf } from './urls.mts';

export type Mode = 'production' | 'test';
export type Method = 'checkExists' | 'create' | 'delete';

/** A trigger node as configured. Copies of a database share them. */
export interface NodeSetup {
	workflow: number;
	typeVersion: number;
	parameters: INodeParameters;
	/** Milliseconds its workflow takes, and how many of its first runs fail. */
	runTakes: number;
	failingRuns: number;
	/** Milliseconds until an execution runs once it was started, and the starts that fail, by number: the database is locked. */
	startTakes: number;
	unstartable: readonly number[];
	/** Whether 1MSG has hung up before n8n says that it cannot start one. */
	givesUp: boolean;
}

export interface HostSetup {
	/** `WEBHOOK_URL`. */
	address: string;
	/** Whether a process other than the registering one may receive hooks. */
	isQueueMode: boolean;
	/** Milliseconds until static data is saved. */
	saveAfter: number;
}

/** An n8n process: it takes the package's memory with it. */
export class HostProcess {
	isDead = false;
	/** It was told to stop, and its executions had ended before it did. */
	hasStopped = false;
	/** When the first execution ran in it, by node, in milliseconds. */
	readonly firstRuns = new Map<number, number>();
	/** Executions that n8n awaits when it stops. */
	readonly running = new Set<Promise<unknown>>();
	readonly gone: Promise<never>;
	private end!: (reason: Error) => void;
	private loaded: N8nProcess | undefined;
	readonly id: number;
	private readonly engine: Engine;

	constructor(engine: Engine, id: number) {
		this.engine = engine;
		this.id = id;
		this.gone = new Promise<never>((_, reject) => {
			this.end = reject;
		});
		this.gone.catch(() => {});
	}

	get n8n(): N8nProcess {
		return (this.loaded ??= this.engine.startProcess());
	}

	kill(): void {
		this.isDead = true;
		this.end(new Error('The process is gone'));
	}
}

/** One call of a webhook method by n8n. */
export interface Call {
	witness: string;
	host: Installation;
	process: HostProcess;
	node: number;
	mode: Mode;
	method: Method;
	/** The URL to register. */
	url: string;
	/** World sequence at its start and end. */
	from: number;
	to: number;
	startedAt: number;
	endedAt?: number;
	value?: boolean;
	thrown?: unknown;
	/** When n8n saved its static data; undefined until then. */
	savedAt?: number;
}

/** One POST to a webhook URL. */
export interface Hook {
	witness: string;
	host: Installation;
	process: HostProcess;
	node: number;
	mode: Mode;
	/** Its target, without query: the installation's current or former address. */
	url: string;
	isFormerAddress: boolean;
	query: IDataObject;
	from: number;
	/** When n8n's answer left. */
	to: number;
	arrivedAt: number;
	answeredAt?: number;
	/** When the node returned a result, or answered on its own. */
	returnedAt?: number;
	/** 404 if n8n has no such path: the node is not called. */
	status?: number;
	isReached: boolean;
	/** Input of the started execution; once shared out, what this hook told of it. */
	items?: IDataObject[];
	/** World sequence at the execution's start. */
	startedAt?: number;
	/** The hook that started an execution with its events, if another. */
	leader?: Hook;
	thrown?: unknown;
	hasRunFailed?: boolean;
	/** n8n could not start its execution, and said so. */
	isRefused?: boolean;
}

/** Shared by all installations of a world. */
export interface Surroundings {
	engine: Engine;
	time: VirtualTime;
	channel: HookChannel;
	credential: IDataObject;
	nodes: readonly NodeSetup[];
	calls: Call[];
	hooks: Hook[];
	/** The node's log lines in n8n. */
	log: string[];
	/** Called at the start of a call, with n8n's current task. */
	onCall: (call: Call, doing: Doing) => void;
	nextProcess: () => number;
}

/** A task of n8n, grouping its calls. */
export interface Doing {
	name: string;
}

/** n8n's work on it in one process, which it dies with. */
interface Work {
	doing: Doing;
	process: HostProcess;
}

/** Awaits of a dead process never settle. */
const never = async (): Promise<never> => await new Promise<never>(() => {});

const TYPE = 'n8n-nodes-1msg-stock-arrival.oneMsgTrigger';

/** n8n 2.x: attempts per registration or removal, and the first pause between two in milliseconds. */
const TRIES = { create: 5, delete: 3, pause: 1000 };

/** Milliseconds to listen on a test webhook. */
const TEST_PATIENCE = 120_000;

interface TestRegistration {
	staticData?: IDataObject;
}

let executions = 0;

export class Installation {
	/** Static data by workflow, as in the database. */
	readonly database = new Map<number, string>();
	/** Workflows activated successfully. */
	readonly active = new Set<number>();
	/** Workflows being activated: their paths are already served. */
	private readonly activating = new Set<number>();
	/** Nodes whose path is served. */
	private readonly paths = new Set<number>();
	private readonly tests = new Map<number, TestRegistration>();
	private readonly runs = new Map<number, number>();
	private readonly starts = new Map<number, number>();
	private readonly turns = new Map<string, Promise<unknown>>();
	main: HostProcess;
	/** Receives production hooks in queue mode. */
	webhooks: HostProcess;
	/** Former addresses; they still lead here. */
	readonly formerAddresses: string[] = [];
	/** Whether its database was ever replaced or lost data. */
	wasReplaced = false;
	hasLost = false;

	readonly setup: HostSetup;
	address: string;
	readonly index: number;
	private readonly world: Surroundings;

	constructor(setup: HostSetup, index: number, world: Surroundings) {
		this.setup = setup;
		this.address = setup.address;
		this.index = index;
		this.world = world;
		this.main = this.startProcess();
		this.webhooks = setup.isQueueMode ? this.startProcess() : this.main;
	}

	/** The URL a node registers, without query. */
	urlOf(node: number, mode: Mode, address = this.address): string {
		return `${address}/${mode === 'test' ? 'webhook-test' : 'webhook'}/${webhookId(node)}/1msg`;
	}

	/** Replaces its processes. */
	restart(): void {
		for (const one of new Set([this.main, this.webhooks])) one.kill();
		for (const call of this.world.calls) if (call.process.isDead) this.world.channel.dead.add(call.witness);
		for (const hook of this.world.hooks) if (hook.process.isDead) this.world.channel.dead.add(hook.witness);
		this.tests.clear();
		this.activating.clear();
		this.turns.clear();
		this.main = this.startProcess();
		this.webhooks = this.setup.isQueueMode ? this.startProcess() : this.main;
	}

	/** Once no execution runs; hooks go on coming meanwhile, as n8n goes on listening. */
	async allExecuted(): Promise<void> {
		for (const { running } of [this.main, this.webhooks]) while (running.size > 0) await Promise.allSettled(running);
	}

	/** Ends its processes, whose executions have ended: what a call waits for is not awaited. */
	stop(): void {
		for (const process of [this.main, this.webhooks]) process.hasStopped = true;
		for (const hook of this.world.hooks) if (hook.process.hasStopped && !hook.process.isDead && hook.status === 200) hook.returnedAt ??= this.world.time.elapsed();
		this.restart();
	}

	/** Restarts n8n with another `WEBHOOK_URL`. */
	move(address: string): void {
		this.formerAddresses.push(this.address);
		this.address = address;
		this.restart();
	}

	/** Replaces its database with a copy of another. */
	takeDatabaseOf(other: Installation): void {
		this.wasReplaced = true;
		this.database.clear();
		for (const [workflow, data] of other.database) this.database.set(workflow, data);
		this.active.clear();
		this.paths.clear();
		for (const workflow of other.active) this.active.add(workflow);
		for (const node of other.paths) this.paths.add(node);
		this.restart();
	}

	/** Activates a workflow as n8n does; `isStart` during n8n's start. */
	async activate(workflow: number, doing: Doing, isStart = false): Promise<void> {
		await this.inTurn(`production ${workflow}`, doing, async (work) => {
			const isLegacy = this.world.engine.line === 'n8n-1';
			if (this.active.has(workflow) && !isStart) {
				// n8n 2.x skips an unchanged trigger.
				if (!isLegacy) return;
				await this.clear(workflow, work).catch(() => {});
			}
			this.activating.add(workflow);
			try {
				await (isLegacy ? this.activateAtOnce(workflow, work) : this.activateEach(workflow, work));
				this.active.add(workflow);
			} catch {
				this.active.delete(workflow);
			} finally {
				this.activating.delete(workflow);
			}
		});
	}

	async deactivate(workflow: number, doing: Doing): Promise<void> {
		await this.inTurn(`production ${workflow}`, doing, async (work) => {
			this.active.delete(workflow);
			await (this.world.engine.line === 'n8n-1' ? this.clear(workflow, work).catch(() => {}) : this.deactivateEach(workflow, work));
		});
	}

	/** Listens for a test event. */
	async listen(node: number, doing: Doing): Promise<void> {
		const { workflow } = this.world.nodes[node]!;
		await this.inTurn(`test ${workflow}`, doing, async (work) => {
			const graph = this.graph(workflow, {});
			const registration: TestRegistration = {};
			this.tests.set(node, registration);
			try {
				await this.createIfMissing(graph, node, 'test', work);
				registration.staticData = graph.staticData;
				this.world.time.after(TEST_PATIENCE, () => {
					if (!work.process.isDead && this.tests.get(node) === registration) void this.endTests(workflow, work).catch(() => {});
				});
			} catch {
				await this.endTests(workflow, work).catch(() => {});
			}
		});
	}

	async stopListening(workflow: number, doing: Doing): Promise<void> {
		await this.inTurn(`test ${workflow}`, doing, async (work) => await this.endTests(workflow, work).catch(() => {}));
	}

	/** A POST arrives. */
	async hear(node: number, mode: Mode, url: string, query: IDataObject, body: unknown, byMain: boolean, witness: string): Promise<Hook> {
		const { channel, time, hooks, nodes } = this.world;
		const process = mode === 'test' || byMain ? this.main : this.webhooks;
		const hook: Hook = {
			witness, host: this, process, node, mode, url, isFormerAddress: endpointOf(url) !== endpointOf(this.urlOf(node, mode)), query,
			from: channel.next(), to: Infinity, arrivedAt: time.elapsed(), isReached: this.serves(node, mode),
		};
		hooks.push(hook);
		const response = Object.assign(new EventEmitter(), { statusCode: 0, closed: false, writableEnded: false, status: (code: number) => ({ json: () => answer(code), end: () => answer(code), send: () => answer(code) }) });
		const answer = (status: number) => {
			if (hook.status !== undefined || process.isDead) return;
			hook.status = response.statusCode = status;
			end();
		};
		const end = () => {
			response.writableEnded = response.closed = true;
			response.emit('close');
			hook.to = channel.next();
			hook.answeredAt = time.elapsed();
		};
		if (!hook.isReached) {
			answer(404);
			return hook;
		}
		const { workflow, runTakes, failingRuns, startTakes, unstartable, givesUp } = nodes[node]!;
		const test = mode === 'test' ? this.tests.get(node) : undefined;
		const graph = this.graph(workflow, test ? {} : this.stored(workflow));
		if (test?.staticData) graph.setTestStaticData(test.staticData);
		const type = process.n8n.oneMsgTrigger;
		const data = this.additionalData(process, witness);
		Object.assign(data, {
			httpRequest: { method: 'POST', rawBody: Buffer.from(JSON.stringify(body) ?? ''), body, headers: { 'content-type': 'application/json' }, query, params: {} },
			httpResponse: response,
		});
		const webhook = this.webhook(type, node, mode, data);
		const context = new this.world.engine.core.WebhookContext(graph, graph.getNode(nodeName(node))!, data, mode === 'test' ? 'manual' : 'webhook', webhook, [], null);
		try {
			const given = await Promise.race([type.webhook!.call(this.logged(context) as unknown as IWebhookFunctions), process.gone]);
			hook.returnedAt = time.elapsed();
			if (given.workflowData !== undefined) {
				hook.items = given.workflowData[0]!.map(({ json }) => json);
				hook.startedAt = channel.next();
				const start = this.starts.get(node) ?? 0;
				this.starts.set(node, start + 1);
				// Of what was answered before, n8n's failure to start it leaves no trace.
				if (unstartable.includes(start)) {
					if (given.noWebhookResponse) return hook;
					Object.assign(hook, { isRefused: true, items: undefined, startedAt: undefined });
					if (givesUp) {
						response.statusCode = 500;
						end();
					} else answer(500);
					return hook;
				}
				const isLast = this.responseMode(graph, type, node) === 'lastNode';
				if (!isLast && !given.noWebhookResponse) answer(200);
				const ran = this.runSoon(startTakes, process, async () => await this.execute(graph, node, mode, data, given.workflowData![0]!));
				hook.items = (await ran).map(({ json }) => json);
				if (!process.firstRuns.has(node)) process.firstRuns.set(node, time.elapsed());
				const run = this.runs.get(node) ?? 0;
				this.runs.set(node, run + 1);
				hook.hasRunFailed = run < failingRuns;
				if (isLast) {
					await Promise.race([time.sleep(runTakes), process.gone]);
					answer(hook.hasRunFailed ? 500 : 200);
				}
			}
			if (!given.noWebhookResponse) answer(200);
		} catch (error) {
			if (process.isDead) return hook;
			hook.thrown = error;
			hook.returnedAt = time.elapsed();
			answer(500);
		}
		if (mode === 'production') void this.save(workflow, graph, process, []);
		else if (hook.items !== undefined) {
			const ended = this.endTests(workflow, { doing: { name: `after ${witness}` }, process }).catch(() => {});
			await Promise.race([ended, process.gone]).catch(() => {});
		}
		return hook;
	}

	private async runSoon<Result>(after: number, process: HostProcess, run: () => Promise<Result>): Promise<Result> {
		const { time } = this.world;
		const running = (async () => {
			if (after > 0) await Promise.race([time.sleep(after), process.gone]);
			return await Promise.race([run(), process.gone]);
		})();
		const ended = running.catch(() => {}).finally(() => process.running.delete(ended));
		process.running.add(ended);
		return await running;
	}

	/** The trigger's own run, as the first node of its execution: in queue mode a worker gets a copy of the items. */
	private async execute(graph: Workflow, node: number, mode: Mode, data: IWorkflowExecuteAdditionalData, given: INodeExecutionData[]): Promise<INodeExecutionData[]> {
		const isElsewhere = this.setup.isQueueMode && mode === 'production';
		const items = isElsewhere ? structuredClone(given) : given;
		const own = graph.getNode(nodeName(node))!;
		const input = { main: [items] };
		const context = new this.world.engine.core.ExecuteContext(graph, own, data, mode === 'test' ? 'manual' : 'webhook', { resultData: { runData: {} } } as never, 0, items, input, { node: own, data: input, source: null }, []);
		const [output] = (await this.main.n8n.oneMsgTrigger.execute!.call(this.logged(context) as unknown as IExecuteFunctions)) as INodeExecutionData[][];
		return output!;
	}

	/** Whether n8n serves this path. */
	serves(node: number, mode: Mode): boolean {
		if (mode === 'test') return this.tests.has(node);
		const { workflow } = this.world.nodes[node]!;
		return this.paths.has(node) && (this.active.has(workflow) || this.activating.has(workflow));
	}

	/** n8n 1.x: nodes in sequence; if one fails, all of the workflow are removed, with the database's static data. */
	private async activateAtOnce(workflow: number, work: Work): Promise<void> {
		const graph = this.graph(workflow, this.stored(workflow));
		const calls: Call[] = [];
		for (const node of this.nodesOf(workflow)) {
			this.paths.add(node);
			try {
				calls.push(...(await this.createIfMissing(graph, node, 'production', work)));
			} catch (error) {
				await this.clear(workflow, work).catch(() => {});
				throw error;
			}
		}
		await this.save(workflow, graph, work.process, calls);
	}

	/** n8n 2.x: all nodes at once, each retried and removed separately. */
	private async activateEach(workflow: number, work: Work): Promise<void> {
		const graph = this.graph(workflow, this.stored(workflow));
		const calls: Call[] = [];
		const activateNode = async (node: number) => {
			for (let attempt = 0; ; attempt++) {
				this.paths.add(node);
				try {
					calls.push(...(await this.createIfMissing(graph, node, 'production', work)));
					return;
				} catch (error) {
					try {
						const call = await this.call('delete', graph, node, 'production', work);
						await this.save(workflow, graph, work.process, [call]);
						this.paths.delete(node);
					} catch {
						// n8n logs it and continues.
					}
					if (attempt + 1 >= TRIES.create) throw error;
				}
				await this.world.time.sleep(TRIES.pause * 2 ** attempt);
			}
		};
		const ended = await Promise.allSettled(this.nodesOf(workflow).map(activateNode));
		await this.save(workflow, graph, work.process, calls);
		if (ended.every(({ status }) => status === 'rejected')) throw new Error('No trigger could be activated');
	}

	/** n8n 1.x: paths are served until everything is removed. */
	private async clear(workflow: number, work: Work): Promise<void> {
		const graph = this.graph(workflow, this.stored(workflow));
		const calls: Call[] = [];
		for (const node of this.nodesOf(workflow)) calls.push(await this.call('delete', graph, node, 'production', work));
		await this.save(workflow, graph, work.process, calls);
		for (const node of this.nodesOf(workflow)) this.paths.delete(node);
	}

	/** n8n 2.x: paths are removed first. */
	private async deactivateEach(workflow: number, work: Work): Promise<void> {
		const graph = this.graph(workflow, this.stored(workflow));
		for (const node of this.nodesOf(workflow)) this.paths.delete(node);
		const calls: Call[] = [];
		const remove = async (node: number) => {
			for (let attempt = 0; ; attempt++) {
				try {
					calls.push(await this.call('delete', graph, node, 'production', work));
					return;
				} catch (error) {
					if (attempt + 1 >= TRIES.delete) throw error;
				}
				await this.world.time.sleep(TRIES.pause * 2 ** attempt);
			}
		};
		await Promise.allSettled(this.nodesOf(workflow).map(remove));
		await this.save(workflow, graph, work.process, calls);
	}

	private async endTests(workflow: number, work: Work): Promise<void> {
		for (const node of this.nodesOf(workflow)) {
			const registration = this.tests.get(node);
			if (!registration) continue;
			const graph = this.graph(workflow, {});
			if (registration.staticData) graph.staticData = registration.staticData;
			const call = await this.call('delete', graph, node, 'test', work);
			call.savedAt = call.to;
			this.tests.delete(node);
		}
	}

	private async createIfMissing(graph: Workflow, node: number, mode: Mode, work: Work): Promise<Call[]> {
		const found = await this.call('checkExists', graph, node, mode, work);
		if (found.value) return [found];
		const created = await this.call('create', graph, node, mode, work);
		if (mode === 'test') created.savedAt = created.to;
		return [found, created];
	}

	private async call(method: Method, graph: Workflow, node: number, mode: Mode, { doing, process }: Work): Promise<Call> {
		const { channel, time, calls, engine, onCall } = this.world;
		if (process.isDead) return await never();
		const call: Call = {
			witness: `${method} ${calls.length}`, host: this, process, node, mode, method, url: this.urlOf(node, mode), from: channel.next(), to: Infinity, startedAt: time.elapsed(),
		};
		calls.push(call);
		onCall(call, doing);
		const type = process.n8n.oneMsgTrigger;
		const data = this.additionalData(process, call.witness);
		const [execution, activation] = method === 'delete' ? (['internal', 'update'] as const) : mode === 'test' ? (['manual', 'manual'] as const) : (['trigger', 'activate'] as const);
		const context = new engine.core.HookContext(graph, graph.getNode(nodeName(node))!, data, execution, activation, this.webhook(type, node, mode, data));
		try {
			call.value = await Promise.race([type.webhookMethods!.default![method]!.call(this.logged(context)), process.gone]);
		} catch (error) {
			if (process.isDead) return await never();
			call.thrown = error;
		}
		call.to = channel.next();
		call.endedAt = time.elapsed();
		if (call.thrown !== undefined) throw call.thrown;
		return call;
	}

	/** Saves changed static data to the database after a delay. */
	private async save(workflow: number, graph: Workflow, process: HostProcess, calls: Call[]): Promise<void> {
		const data = graph.staticData as IDataObject & { __dataChanged: boolean };
		if (data.__dataChanged) {
			const text = JSON.stringify(data);
			await Promise.race([this.world.time.sleep(this.setup.saveAfter), process.gone]).catch(() => {});
			if (process.isDead) return await never();
			this.database.set(workflow, text);
			data.__dataChanged = false;
		}
		for (const call of calls) call.savedAt = this.world.channel.next();
	}

	private stored(workflow: number): IDataObject {
		return JSON.parse(this.database.get(workflow) ?? '{}') as IDataObject;
	}

	/** Sequential if n8n is. Ends with the process. */
	private async inTurn(name: string, doing: Doing, run: (work: Work) => Promise<void>): Promise<void> {
		const { main } = this;
		const turn = (this.turns.get(name) ?? Promise.resolve()).then(async () => await run({ doing, process: main }));
		const ended = turn.catch(() => {});
		this.turns.set(name, ended);
		await Promise.race([ended, main.gone]).catch(() => {});
	}

	private startProcess(): HostProcess {
		return new HostProcess(this.world.engine, this.world.nextProcess());
	}

	private nodesOf(workflow: number): number[] {
		return this.world.nodes.flatMap((node, index) => (node.workflow === workflow ? [index] : []));
	}

	private graph(workflow: number, staticData: IDataObject): Workflow {
		const { engine, nodes } = this.world;
		const id = `workflow${workflow}`;
		return new engine.workflow.Workflow({
			id, name: id, active: this.active.has(workflow), nodeTypes: this.nodeTypes(), connections: {}, settings: {}, staticData,
			nodes: this.nodesOf(workflow).map((node): INode => ({
				id: `node${node}`, name: nodeName(node), type: TYPE, typeVersion: nodes[node]!.typeVersion, position: [0, 0], webhookId: webhookId(node),
				parameters: structuredClone(nodes[node]!.parameters), credentials: { oneMsgChannelApi: { id: '1', name: 'Channel' } },
			})),
		});
	}

	private nodeTypes(): INodeTypes {
		const type = this.main.n8n.oneMsgTrigger;
		return {
			getByName: () => type,
			getByNameAndVersion: (_, version) => this.world.engine.workflow.NodeHelpers.getVersionedNodeType(type, version),
			getKnownTypes: () => ({}),
		};
	}

	private webhook(type: INodeType, node: number, mode: Mode, data: IWorkflowExecuteAdditionalData) {
		return {
			httpMethod: 'POST' as const,
			node: nodeName(node),
			path: `${webhookId(node)}/1msg`,
			webhookDescription: type.description.webhooks![0]!,
			workflowId: `workflow${this.world.nodes[node]!.workflow}`,
			workflowExecuteAdditionalData: data,
			isTest: mode === 'test',
		};
	}

	/** Without the expression engine if the line allows, as n8n does for every hook. */
	private responseMode(graph: Workflow, type: INodeType, node: number): unknown {
		const { workflow } = this.world.engine;
		const description = type.description.webhooks![0]!;
		const own = graph.getNode(nodeName(node))!;
		const native = workflow.resolveWebhookDescriptionField?.(own, description, 'responseMode');
		return native?.resolved ? native.value : graph.expression.getSimpleParameterValue(own, description.responseMode, 'webhook', {}, undefined, 'onReceived');
	}

	private additionalData(process: HostProcess, witness: string): IWorkflowExecuteAdditionalData {
		const { credential: type } = process.n8n;
		const { credential } = this.world;
		const { address } = this;
		const credentialsHelper = {
			getParentTypes: () => [],
			isCredentialUsableByNode: () => true,
			getDecrypted: async () => ({ ...credential }),
			preAuthentication: async () => undefined,
			runPreAuthentication: async () => undefined,
			getCredentials: async () => ({}),
			getCredentialsProperties: () => type.properties,
			async authenticate(data: never, _type: string, request: IHttpRequestOptions) {
				if (typeof type.authenticate !== 'function') throw new Error('The credential signs requests by a function');
				const signed = await type.authenticate(data, request);
				return { ...signed, headers: { ...signed.headers, [WITNESS]: witness } };
			},
		};
		return {
			credentialsHelper,
			executionId: String(++executions),
			currentNodeExecutionIndex: 0,
			variables: {},
			restApiUrl: `${address}/rest`,
			instanceBaseUrl: `${address}/`,
			formWaitingBaseUrl: `${address}/form-waiting`,
			webhookBaseUrl: `${address}/webhook`,
			webhookTestBaseUrl: `${address}/webhook-test`,
			webhookWaitingBaseUrl: `${address}/webhook-waiting`,
			setExecutionStatus: () => {},
			sendDataToUI: () => {},
		} as unknown as IWorkflowExecuteAdditionalData;
	}

	private logged<T extends object>(context: T): T {
		const { log } = this.world;
		const line = (level: string) => (...said: unknown[]) => void log.push(`${level}: ${said.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ')}`);
		return Object.defineProperty(context, 'logger', { value: { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') } });
	}
}

function nodeName(node: number): string {
	return `Trigger ${node}`;
}

function webhookId(node: number): string {
	return `4f1c2a90-0000-4000-8000-00000000000${node}`;
}
