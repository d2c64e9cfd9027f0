import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject, INode, INodeParameters, IWebhookFunctions, Workflow } from 'n8n-workflow';
import { additionalData, type CredentialFields } from './additional-data.cjs';
import { core, workflow } from './line.cjs';
import { loadPackage } from './package.cjs';

export type Mode = 'production' | 'test';

/** One trigger node in a workflow, with the web server that n8n would put before it. */
export interface TriggerHost {
	/** The webhook URL as the node registers it, without its query. */
	url(mode?: Mode): string;
	/** What n8n does on activation (or on "listen for test event"): create where checkExists says no. */
	activate(mode?: Mode): Promise<void>;
	checkExists(mode?: Mode): Promise<boolean>;
	create(mode?: Mode): Promise<boolean>;
	deactivate(mode?: Mode): Promise<boolean>;
	/** The items of each execution that was started, in order. */
	executions: IDataObject[][];
	/** What n8n would save as static data; replace it to have n8n forget. */
	staticData(mode?: Mode): IDataObject;
	forgetStaticData(mode?: Mode): void;
	/** Lines the node wrote to n8n's log, each behind its level. */
	log: string[];
	stop(): Promise<void>;
}

export interface HostSettings {
	credential: CredentialFields;
	parameters?: INodeParameters;
	/** Hosts with the same workflow ID share what the node remembers. */
	workflowId?: string;
	/** The public address n8n believes to have; its own by default. */
	publicHost?: string;
	/** What the workflow behind the trigger does with the items; a throw is a failed run. */
	run?: (items: IDataObject[]) => unknown;
}

let hosts = 0;

/** Puts the trigger on the engine of the line, behind a real web server. */
export async function startTriggerHost({ credential, parameters = {}, workflowId, publicHost, run = () => {} }: HostSettings): Promise<TriggerHost> {
	const { nodeTypes, credential: type, oneMsgTrigger } = await loadPackage();
	const id = workflowId ?? `trigger-${++hosts}`;
	const node: INode = {
		id: 'trigger-node', name: '1MSG Trigger', type: 'n8n-nodes-1msg-stock-arrival.oneMsgTrigger', typeVersion: 1, position: [0, 0],
		parameters, webhookId: `hook-${id}`, credentials: { oneMsgChannelApi: { id: '1', name: 'Channel' } },
	};
	const graph = () => new workflow.Workflow({ id, name: id, active: true, nodeTypes, nodes: [node], connections: {}, settings: {} });
	// n8n gives a test run static data of its own.
	const graphs: Record<Mode, Workflow> = { production: graph(), test: graph() };
	const executions: IDataObject[][] = [];
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
			httpResponse: { status: (code: number) => ({ json: (body: unknown) => send(code, body), end: () => send(code, undefined) }) },
		});
		try {
			await graphs[mode].expression.acquireIsolate?.();
			const context = new core.WebhookContext(graphs[mode], graphs[mode].getNode(node.name)!, data, mode === 'test' ? 'manual' : 'webhook', webhook, [], null);
			const result = await oneMsgTrigger.webhook!.call(logged(context) as unknown as IWebhookFunctions);
			if (result.workflowData === undefined) {
				if (!result.noWebhookResponse) send(200, { message: 'Webhook call received' });
				return;
			}
			const items = result.workflowData[0]!.map(({ json }) => json);
			executions.push(items);
			const waits = responseMode(graphs[mode]) === 'lastNode';
			if (!waits) send(200, undefined);
			const failed = await Promise.resolve(items).then(run).then(() => false, () => true);
			if (waits) send(failed ? 500 : 200, failed ? { message: 'Error in workflow' } : undefined);
		} catch (error) {
			send(500, { message: String(error) });
		}
	}

	/** Without the expression engine where the line can, as n8n does for every hook. */
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

/** n8n's body parser, as far as it matters here: JSON where it is JSON, else the text. */
function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** As express reads a query: a repeated name becomes a list. */
function queryOf(url: URL): IDataObject {
	const query: IDataObject = {};
	for (const name of new Set(url.searchParams.keys())) {
		const values = url.searchParams.getAll(name);
		query[name] = values.length === 1 ? values[0]! : values;
	}
	return query;
}
