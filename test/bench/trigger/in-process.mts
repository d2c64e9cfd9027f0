/** node --expose-gc in-process.mts <task>: the built trigger's code in its own process, without a web server. Prints a line of JSON. */
import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type * as N8nCore from 'n8n-core';
import type { INode, INodeType, IWebhookFunctions, IWorkflowExecuteAdditionalData } from 'n8n-workflow';
import type * as N8nWorkflow from 'n8n-workflow';
import { ROOT } from '../../../harness/paths.mts';
import { body, hook } from './bodies.mts';
import { ENTRIES, EVENTS, EVENTS_BEFORE, type ReadDone, type RememberDone, type Task } from './in-process-task.mts';

const require = createRequire(import.meta.url);
const HOST = 'http://127.0.0.1:5678';
const CHANNEL = 'SBX000000001';
const SECRET = 'the-secret';
const ENTRIES_PER_POST = 100;

/** Calls the trigger's `webhook()` with a parsed body, as n8n does; returns the number of items that start an execution. */
type Post = (content: unknown) => Promise<number>;

async function loadTrigger(): Promise<Post> {
	require('reflect-metadata');
	const core = require('n8n-core') as typeof N8nCore;
	const workflow = require('n8n-workflow') as typeof N8nWorkflow;
	const loader = new core.PackageDirectoryLoader(ROOT);
	await loader.loadAll();
	const trigger = loader.getNode('oneMsgTrigger').type as INodeType;
	const node: INode = { id: 'n', name: '1MSG Trigger', type: 'bench.oneMsgTrigger', typeVersion: 3, position: [0, 0], parameters: {}, webhookId: 'w' };
	const graph = new workflow.Workflow({
		id: 'w', name: 'Bench', active: true, nodes: [node], connections: {}, settings: {},
		nodeTypes: { getByName: () => trigger, getByNameAndVersion: () => trigger, getKnownTypes: () => ({}) },
	});
	// State after activation.
	Object.assign(graph.getStaticData('node', node), { secret: SECRET, url: `${HOST}/webhook/w/1msg`, channelId: CHANNEL });
	const webhook = { httpMethod: 'POST' as const, node: node.name, path: 'w/1msg', webhookDescription: trigger.description.webhooks![0]!, workflowId: 'w' };
	return async (content) => {
		const httpRequest = { body: content, rawBody: Buffer.alloc(0), headers: {}, query: { secret: SECRET }, params: {} };
		const data = { webhookBaseUrl: `${HOST}/webhook`, variables: {}, httpRequest, httpResponse: new EventEmitter() } as unknown as IWorkflowExecuteAdditionalData;
		const context = new core.WebhookContext(graph, graph.getNode(node.name)!, data, 'webhook', { ...webhook, workflowExecuteAdditionalData: data }, [], null);
		const { workflowData } = await trigger.webhook!.call(context as unknown as IWebhookFunctions);
		return workflowData?.[0]?.length ?? 0;
	};
}

/** One big body, from text to items, in a fresh process. */
async function read(post: Post): Promise<ReadDone> {
	const text = JSON.stringify(body(CHANNEL, Array.from({ length: ENTRIES }, (_, number) => hook(number, 'delivered'))));
	gc!();
	const base = process.memoryUsage.rss();
	const started = performance.now();
	const items = await post(JSON.parse(text));
	const seconds = (performance.now() - started) / 1000;
	return { items, seconds, bodyBytes: text.length, bytesAboveBase: process.resourceUsage().maxRSS * 1024 - base };
}

/** Every status twice, of new messages: far more than the trigger remembers. */
async function remember(post: Post): Promise<RememberDone> {
	let [started, events, number] = [0, 0, 0];
	const until = async (wanted: number): Promise<number> => {
		while (events < wanted) {
			const hooks = Array.from({ length: ENTRIES_PER_POST / 2 }, () => hook(number++, 'delivered'));
			started += await post(body(CHANNEL, [...hooks, ...hooks]));
			events += ENTRIES_PER_POST;
		}
		gc!();
		return process.memoryUsage().heapUsed;
	};
	return { heapBefore: await until(EVENTS_BEFORE), heapAfter: await until(EVENTS), started };
}

const tasks: Record<Task, (post: Post) => Promise<ReadDone | RememberDone>> = { read, remember };
const done = await tasks[process.argv[2] as Task](await loadTrigger());
process.stdout.write(`\n${JSON.stringify(done)}\n`, () => process.exit(0));
