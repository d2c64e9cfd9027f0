import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject, IExecuteFunctions, INode, INodeExecutionData, INodeParameters, IWebhookFunctions, Workflow } from 'n8n-workflow';
import { additionalData, type CredentialFields } from './additional-data.cjs';
import { core, workflow } from './line.cjs';
import { loadPackage } from './package.cjs';

export type Mode = 'production' | 'test';

/** A trigger node in a workflow, behind a web server like n8n's. */
export interface TriggerHost {
	/** The registered webhook URL, without its query. */
	url(mode?: Mode): string;
	/** Activation (or "listen for test event"): create unless checkExists. */
	activate(mode?: Mode): Promise<void>;
	checkExists(mode?: Mode): Promise<boolean>;
	create(mode?: Mode): Promise<boolean>;
	deactivate(mode?: Mode): Promise<boolean>;
	/** Items that the trigger passes on in each execution, in order. */
	executions: IDataObject[][];
	/** Executions whose trigger has not passed anything on yet: n8n awaits them when it stops. */
	running: () => number;
	/** Static data as n8n saves it; replace it to make n8n forget. */
	staticData(mode?: Mode): IDataObject;
	forgetStaticData(mode?: Mode): void;
	/** Lines the node logged, prefixed with their level. */
	log: string[];
	stop(): Promise<void>;
}

export interface HostSettings {
	credential: CredentialFields;
	parameters?: INodeParameters;
	/** The newest by default. */
	typeVersion?: number;
	/** Hosts with the same workflow ID share the node's memory. */
	workflowId?: string;
	/** n8n's public address; its own by default. */
	publicHost?: string;
	/** The workflow behind the trigger; a throw is a failed run. */
	run?: (items: IDataObject[]) => unknown;
	/** Whether a worker runs the executions, as in queue mode. */
	isQueueMode?: boolean;
	/** Executions that n8n cannot start, by their number from 0, as while its database is locked. */
	unstartable?: readonly number[];
	/** Awaited before an execution is started, or is found to be unstartable. */
	beforeStart?: () => Promise<void>;
}

let hosts = 0;

/** Starts the trigger on the line's engine, behind a real web server. */
export async function startTriggerHost({ credential, parameters = {}, typeVersion, workflowId, publicHost, run = () => {}, isQueueMode = false, unstartable = [], beforeStart }: HostSettings): Promise<TriggerHost> {
	const { nodeTypes, credential: type, oneMsgTrigger } = await loadPackage();
	const id = workflowId ?? `trigger-${++hosts}`;
	const node: INode = {
		id: 'trigger-node', name: '1MSG Trigger', type: 'n8n-nodes-1msg-stock-arrival.oneMsgTrigger', position: [0, 0],
		typeVersion: typeVersion ?? oneMsgTrigger.description.defaultVersion!, parameters, webhookId: `hook-${id}`, credentials: { oneMsgChannelApi: { id: '1', name: 'Channel' } },
	};
	const graph = () => new workflow.Workflow({ id, name: id, active: true, nodeTypes, nodes: [node], connections: {}, settings: {} });
	// n8n gives a test run its own static data.
	const graphs: Record<Mode, Workflow> = { production: graph(), test: graph() };
	const executions: IDataObject[][] = [];
	let starts = 0;
	let running = 0;
	const log: string[] = [];
	const line = (level: string) => (message: string) => void log.push(`${level}: ${message}`);
	const logger = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
	const logged = <T extends object>(context: T): T => Object.defineProperty(context, 'logger', { value: logger });
	const server = createServer((request, response) => void receive(request, response));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const host = publicHost ?? own;

	const webhookOf = (mode: Mode) => {
		const data = additionalData(type, credential, host);
		const webhook = {
			httpMethod: 'POST' as const,
			node: node.name,
			path: `${node.webhookId}/1msg`,
			webhookDescription: oneMsgTrigger.description.webhooks![0]!,
			workflowId: id,
			workflowExecuteAdditionalData: data,
			isTest: mode === 'test',
		};
		return { data, webhook };
	};
	const hook = (mode: Mode) => {
		const { data, webhook } = webhookOf(mode);
		const [execution, activation] = mode === 'test' ? (['manual', 'manual'] as const) : (['trigger', 'activate'] as const);
		return logged(new core.HookContext(graphs[mode], graphs[mode].getNode(node.name)!, data, execution, activation, webhook));
	};
	const methods = oneMsgTrigger.webhookMethods!.default!;
	const call = async (name: 'checkExists' | 'create' | 'delete', mode: Mode = 'production') => {
		await graphs[mode].expression.acquireIsolate?.();
		return await methods[name]!.call(hook(mode));
	};

	async function receive(request: IncomingMessage, response: ServerResponse) {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const rawBody = Buffer.concat(chunks);
		const url = new URL(request.url!, own);
		const mode: Mode = url.pathname.startsWith('/webhook-test/') ? 'test' : 'production';
		const { data, webhook } = webhookOf(mode);
		const send = (status: number, body: unknown) => {
			response.writeHead(status, { 'content-type': 'application/json' }).end(body === undefined ? '' : JSON.stringify(body));
		};
		Object.assign(data, {
			httpRequest: { rawBody, body: parsed(rawBody.toString()), headers: request.headers, query: queryOf(url), params: {} },
			httpResponse: Object.assign(response, { status: (code: number) => ({ json: (body: unknown) => send(code, body), end: () => send(code, undefined) }) }),
		});
		try {
			await graphs[mode].expression.acquireIsolate?.();
			const context = new core.WebhookContext(graphs[mode], graphs[mode].getNode(node.name)!, data, mode === 'test' ? 'manual' : 'webhook', webhook, [], null);
			const result = await oneMsgTrigger.webhook!.call(logged(context) as unknown as IWebhookFunctions);
			if (result.workflowData === undefined) {
				if (!result.noWebhookResponse) send(200, { message: 'Webhook call received' });
				return;
			}
			const start = starts++;
			await beforeStart?.();
			if (unstartable.includes(start)) throw new Error('There was a problem executing the workflow');
			const waits = responseMode(graphs[mode]) === 'lastNode';
			if (!waits && !result.noWebhookResponse) send(200, undefined);
			const items = (await execute(mode, isQueueMode ? structuredClone(result.workflowData[0]!) : result.workflowData[0]!)).map(({ json }) => json);
			executions.push(items);
			const failed = await Promise.resolve(items).then(run).then(() => false, () => true);
			if (waits) send(failed ? 500 : 200, failed ? { message: 'Error in workflow' } : undefined);
		} catch (error) {
			if (!response.headersSent) send(500, { message: String(error) });
		}
	}

	/** The trigger's own run, as the first node of its execution. */
	async function execute(mode: Mode, items: INodeExecutionData[]): Promise<INodeExecutionData[]> {
		const own = graphs[mode].getNode(node.name)!;
		const { data } = webhookOf(mode);
		const input = { main: [items] };
		const context = new core.ExecuteContext(graphs[mode], own, data, mode === 'test' ? 'manual' : 'webhook', { resultData: { runData: {} } } as never, 0, items, input, { node: own, data: input, source: null }, []);
		running++;
		const [output] = (await oneMsgTrigger.execute!.call(logged(context) as unknown as IExecuteFunctions)) as INodeExecutionData[][];
		running--;
		return output!;
	}

	/** Without the expression engine if the line allows, as n8n does for every hook. */
	function responseMode(of: Workflow): unknown {
		const description = oneMsgTrigger.description.webhooks![0]!;
		const own = of.getNode(node.name)!;
		const native = workflow.resolveWebhookDescriptionField?.(own, description, 'responseMode');
		return native?.resolved ? native.value : of.expression.getSimpleParameterValue(own, description.responseMode, 'webhook', {}, undefined, 'onReceived');
	}

	return {
		url: (mode = 'production') => hook(mode).getNodeWebhookUrl('default')!,
		checkExists: async (mode) => await call('checkExists', mode),
		create: async (mode) => await call('create', mode),
		deactivate: async (mode) => await call('delete', mode),
		async activate(mode) {
			if (!(await call('checkExists', mode))) await call('create', mode);
		},
		executions,
		running: () => running,
		staticData: (mode = 'production') => graphs[mode].getStaticData('node', node),
		forgetStaticData(mode = 'production') {
			graphs[mode] = graph();
		},
		log,
		async stop() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** n8n's body parser, simplified: JSON if valid, else text. */
function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** Like express: a repeated query name becomes a list. */
function queryOf(url: URL): IDataObject {
	const query: IDataObject = {};
	for (const name of new Set(url.searchParams.keys())) {
		const values = url.searchParams.getAll(name);
		query[name] = values.length === 1 ? values[0]! : values;
	}
	return query;
}
