import { request } from 'undici';
import { EVENT_HEADER, type Order } from '../../../harness/event.mts';
import type { N8nApi } from '../../../harness/n8n/api.mts';
import { saveAnyCredential, saveCredential } from '../../../harness/n8n/credential.mts';
import { DataTable, type Column } from '../../../harness/n8n/table.mts';
import { activate, deactivate, readWorkflow, saveWorkflow, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import type { Sandbox } from '../../../harness/sandbox-program.mts';
import { putWorkflowsInPlace } from '../../../harness/workflows-in-place.mts';
import type { MissionSize } from './sizes.mts';

/** A contender's workflows and tables in a fresh n8n, published and heard by the channel. */
export interface Stage {
	/** Takes the warehouse's event. */
	eventUrl: string;
	orders: DataTable<Order & { id: number }>;
	/** Has at least the columns messageId, phone and status. */
	log: DataTable<{ id: number }>;
}

/** Workflows that bring an arrival to the customers and its statuses into a log. */
export interface MissionContender {
	key: string;
	name: string;
	/** Whether n8n has this package. */
	withPackage: boolean;
	/** `limit`: messages per second of the channel, which the builder of the reference knows. */
	putInPlace: (api: N8nApi, n8nUrl: string, sandbox: Sandbox, limit: number) => Promise<Stage>;
}

export const OURS: MissionContender = {
	key: 'ours',
	name: 'this package, the starters',
	withPackage: true,
	putInPlace: (api, n8nUrl, sandbox) => starters(api, n8nUrl, sandbox),
};

/** What a careful builder makes from n8n's own nodes; README.md says what was chosen, and why. */
export const REFERENCE: MissionContender = {
	key: 'reference',
	name: "n8n's own nodes",
	withPackage: false,
	putInPlace: ownNodes,
};

/** Deliveries are asked for, a minute or two later; failures and reads come as hooks. */
export const QUESTIONS: MissionContender = {
	key: 'questions',
	name: 'this package, Delivery status by questions',
	withPackage: true,
	putInPlace: (api, n8nUrl, sandbox) => starters(api, n8nUrl, sandbox, 'workflows/advanced/delivery-status-by-questions.json'),
};

/** In the order of their turns. */
export function contendersOf({ variant }: MissionSize): MissionContender[] {
	return variant === 'two ways back' ? [OURS, QUESTIONS] : [OURS, REFERENCE];
}

/** The starters as a user imports them; `hear` replaces the workflow that writes the statuses. */
async function starters(api: N8nApi, n8nUrl: string, { channelId, token, baseUrl }: Sandbox, hear?: string): Promise<Stage> {
	const credential = await saveCredential(api, { channelId, apiToken: token, baseUrl });
	const { orders, table, follow, addWorkflow } = await putWorkflowsInPlace(api, credential, undefined);
	if (hear !== undefined) {
		await deactivate(api, follow.id, follow.name);
		const { id, name } = await addWorkflow(hear);
		await activate(api, id, name);
	}
	return { eventUrl: `${n8nUrl}/webhook/stock-arrival`, orders, log: table };
}

const text = (name: string): Column => ({ name, type: 'string' });
const ORDER_COLUMNS: Column[] = [...['sku', 'orderReference', 'customerName', 'phone', 'email', 'status'].map(text), { name: 'confirmedAt', type: 'date' }];
const LOG_COLUMNS: Column[] = [
	...['messageId', 'phone', 'orderReference', 'customerName', 'sku', 'productName', 'outcome', 'errorMessage', 'status'].map(text),
	{ name: 'acceptedAt', type: 'date' },
	{ name: 'rank', type: 'number' },
	{ name: 'statusAt', type: 'date' },
];
/** The channel that the files name; a builder enters theirs. */
const CHANNEL_URL = 'https://api.1msg.io/CHANNEL_ID';

async function ownNodes(api: N8nApi, n8nUrl: string, { channelId, token, baseUrl }: Sandbox, limit: number): Promise<Stage> {
	const orders = await DataTable.open<Order & { id: number }>(api, 'reference_orders', ORDER_COLUMNS);
	const log = await DataTable.open(api, 'reference_log', LOG_COLUMNS);
	const warehouse = await saveAnyCredential(api, { name: 'Warehouse', type: 'httpHeaderAuth', data: EVENT_HEADER });
	const channel = await saveAnyCredential(api, { name: '1MSG', type: 'httpHeaderAuth', data: { name: 'Authorization', value: `Bearer ${token}` } });
	for (const name of ['arrival', 'status']) {
		const file = await readWorkflow(`test/bench/mission/reference-${name}.json`);
		const nodes = file.nodes.map((node): WorkflowFile['nodes'][number] => {
			const { parameters, type } = node;
			if (type === 'n8n-nodes-base.splitInBatches') return { ...node, parameters: { ...parameters, batchSize: limit } };
			if (type === 'n8n-nodes-base.httpRequest') {
				const url = String(parameters.url).replace(CHANNEL_URL, `${baseUrl}/${channelId}`);
				const options = { batching: { batch: { batchSize: limit, batchInterval: 1000 } } };
				return { ...node, parameters: { ...parameters, url, options }, credentials: { httpHeaderAuth: channel } };
			}
			return parameters.authentication === 'headerAuth' ? { ...node, credentials: { httpHeaderAuth: warehouse } } : node;
		});
		await activate(api, await saveWorkflow(api, { ...file, nodes }), file.name);
	}
	await callChannel(sandboxPath(baseUrl, channelId, 'webhook'), token, { webhookUrl: `${n8nUrl}/webhook/reference-status` });
	await callChannel(sandboxPath(baseUrl, channelId, 'settings'), token, { ackNotificationsOn: true });
	return { eventUrl: `${n8nUrl}/webhook/reference-stock-arrival`, orders, log };
}

function sandboxPath(baseUrl: string, channelId: string, path: string): string {
	return `${baseUrl}/${channelId}/${path}`;
}

async function callChannel(url: string, token: string, payload: object): Promise<void> {
	const { statusCode, body } = await request(url, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
		body: JSON.stringify(payload),
	});
	const answer = await body.text();
	if (statusCode >= 300) throw new Error(`The channel answered ${statusCode}: ${answer.slice(0, 300)}`);
}
