import { request } from 'undici';
import type { N8nApi } from '../../../harness/n8n/api.mts';
import { saveAnyCredential, saveCredential, type ChannelAccess } from '../../../harness/n8n/credential.mts';
import { activate, readWorkflow, saveWorkflow, withCredentials, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import { runsWell } from '../n8n/run-workflow.mts';
import { POSTGRES_USER } from './postgres.mts';

const TIMEOUT_MS = 60_000;
const SET_UP = 'Set up';
const HEADER = { name: 'x-warehouse-key', value: 'known-to-the-warehouse-only' };

/** The outbox's three workflows in n8n. */
export interface Outbox {
	event: { id: string; file: WorkflowFile };
	sweep: { id: string; file: WorkflowFile };
	status: { id: string; file: WorkflowFile };
}

/** Imports the outbox's workflows unchanged, credentials selected, and executes *Set up* as a user would. */
export async function setUpOutbox(api: N8nApi, channel: ChannelAccess, database: { port: number; name: string }): Promise<Outbox> {
	const ofChannel = await saveCredential(api, channel);
	const data = { host: '127.0.0.1', port: database.port, database: database.name, user: POSTGRES_USER, password: 'none', maxConnections: 20, ssl: 'disable' };
	const postgres = await saveAnyCredential(api, { name: 'Outbox', type: 'postgres', data });
	const httpHeaderAuth = await saveAnyCredential(api, { name: 'Warehouse', type: 'httpHeaderAuth', data: HEADER });
	const add = async (path: string) => {
		const file = withCredentials(await readWorkflow(`workflows/advanced/${path}.json`), { oneMsgChannelApi: ofChannel, postgres, httpHeaderAuth });
		return { id: await saveWorkflow(api, file), file };
	};
	const outbox = {
		event: await add('stock-arrival-outbox'),
		sweep: await add('stock-arrival-outbox-sweep'),
		status: await add('stock-arrival-outbox-status'),
	};
	await runsWell(api, outbox.event.id, SET_UP);
	for (const { id, file } of [outbox.status, outbox.sweep, outbox.event]) await activate(api, id, file.name);
	return outbox;
}

/** A customer waiting for an item. */
export interface Customer {
	phone: string;
	customerName: string;
	orderReference: string;
	nextStep?: string;
}

export interface OutboxEvent {
	eventId: string;
	itemId: string;
	productName: string;
	nextStep: string;
	customers: Customer[];
}

/** Response of the event workflow. */
export interface Counted {
	received: number;
	added: number;
	known: number;
}

/** An event for an item with `count` waiting customers, numbered from this index. */
export function eventFor(name: string, start: number, count: number): OutboxEvent {
	return {
		eventId: name,
		itemId: `SKU-${start}`,
		productName: 'Oak shelf',
		nextStep: 'We ship it tomorrow',
		customers: Array.from({ length: count }, (_, index) => ({
			phone: String(79_130_000_000 + start + index),
			customerName: 'Alexey',
			orderReference: String(start + index),
		})),
	};
}

/** Fires an event at an n8n process. */
export async function fire(url: string, event: unknown): Promise<{ status: number; body: Counted & { missing?: string[] } }> {
	const { statusCode, body } = await request(`${url}/webhook/stock-arrival-outbox`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', [HEADER.name]: HEADER.value },
		body: JSON.stringify(event),
		headersTimeout: TIMEOUT_MS,
	});
	const text = await body.text();
	if (statusCode !== 200 && statusCode !== 400) throw new Error(`The event was answered with ${statusCode}: ${text.slice(0, 600)}`);
	return { status: statusCode, body: JSON.parse(text) as Counted & { missing?: string[] } };
}
