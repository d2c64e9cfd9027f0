import assert from 'node:assert/strict';
import { join } from 'node:path';
import { saveAnyCredential, type CredentialReference } from '../../../harness/n8n/credential.mts';
import { DataTable, type Column } from '../../../harness/n8n/table.mts';
import { activate, deactivate, saveWorkflow, type WorkflowFile, type WorkflowNode } from '../../../harness/n8n/workflow.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { startAlone, type Alone, type AloneOptions } from '../n8n/alone.mts';
import { runsWell } from '../n8n/run-workflow.mts';
import { POSTGRES_USER, startPostgres, type Postgres } from '../queue/postgres.mts';
import type { Steps } from '../steps.mts';

const SHOP = 'shop';
const TABLE = 'message_log';
const START = 'Start';
const TIMEOUT_MS = 30_000;

const COLUMNS: Column[] = [
	...['logId', 'messageId', 'contactKey', 'phone', 'orderReference', 'customerName', 'productName', 'template', 'outcome', 'status', 'errorCode', 'errorMessage', 'action', 'sku'].map((name): Column => ({ name, type: 'string' })),
	{ name: 'acceptedAt', type: 'date' }, { name: 'statusAt', type: 'date' }, { name: 'rank', type: 'number' }, { name: 'retryAfter', type: 'number' }, { name: 'told', type: 'boolean' },
];
const SQL_TYPES = { string: 'text', number: 'integer', boolean: 'boolean', date: 'timestamptz' };

/** A row of the log in either table, times as n8n or PostgreSQL give them. */
interface Logged {
	id: number;
	logId: string;
	messageId: string | null;
	contactKey: string | null;
	orderReference: string | null;
	outcome: string | null;
	acceptedAt: unknown;
	status: string | null;
	rank: number | null;
	errorCode: string | null;
	action: string | null;
	told: boolean | null;
	sku: string | null;
}

const ARRIVALS = [
	{ phone: '+1 202 555 0190', orderReference: 'L-1', customerName: 'Anna', productName: 'Oak shelf', sku: 'OAK-80' },
	{ phone: '12', orderReference: 'L-2', customerName: 'Boris', productName: 'Oak shelf', sku: 'OAK-80' },
	{ phone: '12', orderReference: 'L-3', customerName: 'Clara', productName: 'Mug', sku: 'MUG-1' },
	{ phone: '+1 202 555 0111', orderReference: 'L-4', customerName: 'David', productName: 'Mug', sku: 'MUG-1' },
	{ phone: '+1 202 555 0191', orderReference: 'L-5', customerName: 'Emma', productName: 'Mug', sku: 'MUG-1' },
	{ phone: '+1 202 555 0105', orderReference: 'L-6', customerName: 'Frank', productName: 'Mug', sku: 'MUG-1' },
];

/** Log rows go into a Data Table and a PostgreSQL table by *Map Automatically*, refused ones too, and a status keeps what the send wrote. */
export async function logRowsStory({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, options: AloneOptions & { say: (line: string) => void }): Promise<void> {
	const stops: Array<() => Promise<void>> = [];
	try {
		const alone = await mustStep('an n8n starts, with a channel', () => startAlone(options));
		stops.unshift(alone.stop);
		const postgres = await mustStep('PostgreSQL starts, with a table of the log', async () => {
			const started = await startPostgres([SHOP], options.n8n, join(options.folder, 'postgres.log'), options.say);
			stops.push(started.stop);
			await started.query(SHOP, `CREATE TABLE ${TABLE} (${COLUMNS.map(({ name, type }) => `"${name}" ${SQL_TYPES[type]}${name === 'logId' ? ' PRIMARY KEY' : ''}`).join(', ')})`);
			return started;
		});
		await story({ step, mustStep }, alone, postgres);
	} finally {
		for (const stop of stops) await stop();
	}
}

async function story({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, alone: Alone, postgres: Postgres): Promise<void> {
	const { api, sandbox } = alone;
	await sandbox.control('POST', 'settings', { sentAfterMs: 3_600_000, deliveredAfterMs: 3_600_000 });
	const table = await DataTable.open<Logged>(api, TABLE, COLUMNS);
	const data = { host: '127.0.0.1', port: postgres.port, database: SHOP, user: POSTGRES_USER, password: 'none', ssl: 'disable' };
	const database = await saveAnyCredential(api, { name: 'Shop', type: 'postgres', data });
	const log = logNodes(table.id, database);
	/** Both tables' rows, which must agree in all but the form of times. */
	const rows = async (): Promise<Logged[]> => {
		const inOrder = (all: Logged[]) => all.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
		const inTable = inOrder(await table.rows());
		const inPostgres = inOrder(await postgres.query<Logged>(SHOP, `SELECT * FROM ${TABLE}`));
		assert.deepEqual(inTable.map(comparable), inPostgres.map(comparable));
		return inTable;
	};

	const send = await mustStep('a send with log rows is followed by an upsert into each table, mapped automatically', async () =>
		await saveWorkflow(api, workflow('Send to log', [start(), items(ARRIVALS), sendNode(alone.credential)], log)));
	const first = await mustStep('every item is in both tables, refused ones too, with the SKU of its item', async () => {
		await runsWell(api, send, START);
		const logged = await rows();
		assert.deepEqual(
			logged.map(({ orderReference, outcome, errorCode, told, sku, rank, status }) => [orderReference, outcome, errorCode === null, told, sku, rank, status]),
			[
				['L-1', 'accepted', true, true, 'OAK-80', 0, null], ['L-2', 'refused', false, false, 'OAK-80', 0, null], ['L-3', 'refused', false, false, 'MUG-1', 0, null],
				['L-4', 'refused', false, false, 'MUG-1', 0, null], ['L-5', 'accepted', true, true, 'MUG-1', 0, null], ['L-6', 'queued', true, true, 'MUG-1', 0, null],
			],
		);
		assert.deepEqual(logged.map(({ acceptedAt }) => acceptedAt !== null), [true, false, false, false, true, false]);
		return logged;
	});
	await step('the same again with Send Once on adds no row for who was refused, and leaves the rows of who was told', async () => {
		await runsWell(api, send, START);
		const again = await rows();
		const refused = again.filter(({ outcome }) => outcome === 'refused');
		assert.deepEqual(refused.map(({ logId }) => logId), first.filter(({ outcome }) => outcome === 'refused').map(({ logId }) => logId));
		const kept = again.filter(({ logId }) => first.some((row) => row.logId === logId));
		assert.deepEqual(kept.map(comparable), first.map(comparable));
		assert.deepEqual(again.filter((row) => !kept.includes(row)).map(({ outcome, told }) => [outcome, told]), [['skipped', true], ['skipped', true], ['skipped', true]]);
	});

	const [delivered, failed] = first.filter(({ outcome }) => outcome === 'accepted');
	const happens = async (row: Logged | undefined, status: string, more = {}) => await sandbox.control('POST', `messages/${encodeURIComponent(String(row?.messageId))}/status`, { status, ...more });
	const rowOf = async (row: Logged | undefined) => (await rows()).find(({ logId }) => logId === row?.logId);
	await step('a status that is looked up fills its own columns and keeps the others; without a report nothing changes', async () => {
		const ask = await saveWorkflow(api, workflow('Status to log', [start(), items([delivered, failed].map((row) => ({ id: row?.messageId }))), statusNode(alone.credential)], log));
		await runsWell(api, ask, START);
		assert.deepEqual((await rows()).filter(({ rank }) => rank !== 0), []);
		await happens(delivered, 'delivered');
		await happens(failed, 'failed', { code: 131026 });
		await runsWell(api, ask, START);
		const { status, rank, ...kept } = comparable(await rowOf(delivered));
		assert.deepEqual([status, rank], ['delivered', 3]);
		const { status: _status, rank: _rank, ...sent } = comparable(delivered);
		assert.deepEqual({ ...kept, statusAt: null }, sent);
		const undelivered = await rowOf(failed);
		assert.deepEqual([undelivered?.status, undelivered?.errorCode, undelivered?.action, undelivered?.contactKey, undelivered?.outcome], ['failed', '131026', 'otherChannel', '12025550191', 'accepted']);
	});
	await step('and so does a status that the trigger hears of; a delivery clears the failure', async () => {
		const id = await saveWorkflow(api, workflow('Hooks to log', [triggerNode(alone.credential)], log));
		await activate(api, id, 'Hooks to log');
		await happens(delivered, 'read');
		await happens(failed, 'delivered');
		await waitFor({
			what: 'both statuses to be in the log',
			timeoutMs: TIMEOUT_MS,
			look: async () => ((await rowOf(delivered).catch(() => undefined))?.status === 'read' && (await rowOf(failed).catch(() => undefined))?.status === 'delivered' ? true : undefined),
		});
		const cleared = await rowOf(failed);
		assert.deepEqual([cleared?.errorCode, cleared?.action, cleared?.contactKey, cleared?.orderReference, cleared?.sku], [null, null, '12025550191', 'L-5', 'MUG-1']);
		await deactivate(api, id, 'Hooks to log');
	});
}

const nameOf = ({ orderReference, logId }: Logged) => `${orderReference} ${logId}`;

/** A row without what differs between the tables: a row ID, and the form of times. */
function comparable(row: Logged | undefined): Record<string, unknown> {
	const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...columns } = row as Logged & Record<string, unknown>;
	const times = ['acceptedAt', 'statusAt'].map((name) => [name, columns[name] === null ? null : new Date(String(columns[name])).getTime() > 0]);
	return { ...columns, ...Object.fromEntries(times) };
}

function node(name: string, type: string, typeVersion: number, parameters: Record<string, unknown>, more: object = {}): WorkflowNode {
	return { id: name, name, type, typeVersion, position: [0, 0], parameters, ...more } as unknown as WorkflowNode;
}

const start = () => node(START, 'n8n-nodes-base.manualTrigger', 1, {});
const items = (given: object[]) => node('Items', 'n8n-nodes-base.code', 2, { jsCode: `return ${JSON.stringify(given)}.map((json) => ({ json }));` });

function sendNode(oneMsgChannelApi: CredentialReference): WorkflowNode {
	const value = (name: string) => `={{ $json.${name} }}`;
	return node('Send', 'n8n-nodes-1msg-stock-arrival.oneMsg', 1, {
		resource: 'message', operation: 'sendStockArrivalTemplate', template: { __rl: true, mode: 'name', value: 'stock_arrival|en' },
		phone: value('phone'), customerName: value('customerName'), orderReference: value('orderReference'), productName: value('productName'), nextStep: 'We ship it tomorrow',
		options: { output: 'logRow', includeInputFields: true, sendOnce: true },
	}, { credentials: { oneMsgChannelApi } });
}

function statusNode(oneMsgChannelApi: CredentialReference): WorkflowNode {
	return node('Status', 'n8n-nodes-1msg-stock-arrival.oneMsg', 1, { resource: 'message', operation: 'getMessageStatus', messageId: '={{ $json.id }}', options: { output: 'logRow' } }, { credentials: { oneMsgChannelApi } });
}

function triggerNode(oneMsgChannelApi: CredentialReference): WorkflowNode {
	return node('1MSG Trigger', 'n8n-nodes-1msg-stock-arrival.oneMsgTrigger', 2, { events: ['messageStatus'], statuses: ['delivered', 'failed', 'read'], options: { output: 'logRow' } }, { credentials: { oneMsgChannelApi }, webhookId: 'log-rows' });
}

/** An upsert by `logId` into each table, with *Map Automatically*. */
function logNodes(tableId: string, postgres: CredentialReference): WorkflowNode[] {
	return [
		node('Data Table', 'n8n-nodes-base.dataTable', 1, {
			resource: 'row', operation: 'upsert', dataTableId: { __rl: true, mode: 'id', value: tableId }, matchType: 'allConditions',
			filters: { conditions: [{ keyName: 'logId', condition: 'eq', keyValue: '={{ $json.logId }}' }] },
			columns: { mappingMode: 'autoMapInputData', value: null, matchingColumns: [], schema: [] },
		}),
		node('PostgreSQL', 'n8n-nodes-base.postgres', 2.6, {
			operation: 'upsert', schema: { __rl: true, mode: 'name', value: 'public' }, table: { __rl: true, mode: 'name', value: TABLE },
			columns: { mappingMode: 'autoMapInputData', value: {}, matchingColumns: ['logId'], schema: [] }, options: {},
		}, { credentials: { postgres } }),
	];
}

/** The nodes in a row, and the log's behind the last. */
function workflow(name: string, nodes: WorkflowNode[], log: WorkflowNode[]): WorkflowFile {
	const to = (next: WorkflowNode[]) => ({ main: [next.map((one) => ({ node: one.name, type: 'main', index: 0 }))] });
	const connections = Object.fromEntries(nodes.map((one, index) => [one.name, to(index + 1 < nodes.length ? [nodes[index + 1]!] : log)]));
	return { name, nodes: [...nodes, ...log], connections, settings: { executionOrder: 'v1' } };
}
