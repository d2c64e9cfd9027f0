import type { RealChannel } from './channel.mts';
import { EVENT_HEADER, type Order } from './event.mts';
import type { N8nApi } from './n8n/api.mts';
import { HEADER_CREDENTIAL, MAIL_CREDENTIAL, saveAnyCredential, type CredentialReference } from './n8n/credential.mts';
import { DataTable, type Column, type LogRow, type LogTable, type OptOutRow, type StatusRow, type TaskRow } from './n8n/table.mts';
import { activate, deactivate, isActive, readWorkflow, saveWorkflow, withCredentials, withSubWorkflows, withTables, withTemplate, type WorkflowFile } from './n8n/workflow.mts';

/** What goes into service: a sender, and what follows its messages. */
interface Shelf {
	send: string;
	hear: string;
	/** Sub-workflows and webhooks beside them; those that others execute come first. */
	beside: string[];
}

const STARTERS: Shelf = {
	send: 'workflows/stock-arrival-to-whatsapp.json',
	hear: 'workflows/delivery-status-to-log.json',
	beside: ['tell-a-person', 'handle-a-failure', 'late-statuses', 'arrival-counts', 'customer-confirms'].map((name) => `workflows/${name}.json`),
};
/** What an n8n below 2 can run too. */
const ADVANCED: Shelf = {
	send: 'workflows/advanced/stock-arrival-to-whatsapp.json',
	hear: 'workflows/advanced/delivery-status-to-log.json',
	beside: [],
};
const SET_UP = 'workflows/set-up.json';
const POLL = 'demo/workflows/delivery-status-by-polling.json';
/** An unused port: there is no mail server. */
const NO_MAIL_PORT = 9;

export interface WorkflowInPlace {
	id: string;
	name: string;
}

/** Tables shared by the workflows. */
export interface Tables {
	/** The log: a row per message. */
	table: LogTable;
	/** Statuses that wait for their row. */
	statuses: DataTable<StatusRow>;
	/** Stands in for the CRM: the waiting customers. */
	orders: DataTable<Order & { id: number }>;
	optOuts: DataTable<OptOutRow>;
	tasks: DataTable<TaskRow>;
}

/** The demo's workflows and their tables. */
export interface WorkflowsInPlace extends Tables {
	send: WorkflowInPlace;
	/** Tracks statuses: the trigger with the sandbox, polling with a real channel. */
	follow: WorkflowInPlace;
	/** The published ones of them, `send` and `follow` included. */
	published: WorkflowInPlace[];
	/** Every workflow added so far, as its file is. */
	added: Array<WorkflowInPlace & { file: WorkflowFile }>;
	/** Adds another workflow of this repository as a user imports it: credentials, tables and sub-workflows selected, not active. */
	addWorkflow: (path: string) => Promise<WorkflowInPlace>;
}

export interface InPlaceOptions {
	/** The workflows of `workflows/advanced` instead of the starters, which need n8n 2.x. */
	advanced?: boolean;
	/** Local port that e-mail goes to. */
	mailPort?: number;
}

/** Creates the tables and workflows as a user imports them, and activates the workflows. */
export async function putWorkflowsInPlace(
	api: N8nApi,
	credential: CredentialReference,
	channel: RealChannel | undefined,
	{ advanced = false, mailPort = NO_MAIL_PORT }: InPlaceOptions = {},
): Promise<WorkflowsInPlace> {
	const shelf = advanced ? ADVANCED : STARTERS;
	const tables = await openTables(api, await readWorkflow(SET_UP));
	const findsByName = !(await api.version()).startsWith('1.');
	const header = await saveAnyCredential(api, { name: HEADER_CREDENTIAL, type: 'httpHeaderAuth', data: EVENT_HEADER });
	const mail = { user: '', password: '', host: '127.0.0.1', port: mailPort, secure: false, disableStartTls: true };
	const smtp = await saveAnyCredential(api, { name: MAIL_CREDENTIAL, type: 'smtp', data: mail });

	const added: WorkflowsInPlace['added'] = [];
	const add = async (file: WorkflowFile): Promise<WorkflowInPlace> => {
		const chosen = withSubWorkflows(withCredentials(file, { oneMsgChannelApi: credential, httpHeaderAuth: header, smtp }), added);
		const id = await saveWorkflow(api, findsByName ? chosen : withTables(chosen, Object.values(tables)));
		const workflow = { id, name: file.name };
		added.push({ ...workflow, file });
		return workflow;
	};
	const beside: WorkflowInPlace[] = [];
	for (const path of shelf.beside) beside.push(await add(await readWorkflow(path)));
	const sendFile = await readWorkflow(shelf.send);
	const send = await add(channel ? withTemplate(sendFile, channel.template) : sendFile);
	const hear = await add(await readWorkflow(shelf.hear));
	const follow = channel ? await add(await readWorkflow(POLL)) : hear;
	// Deactivated first, so that the trigger registers with a fresh sandbox.
	for (const workflow of [hear, follow]) if (await isActive(api, workflow.id)) await deactivate(api, workflow.id, workflow.name);
	const published = [...beside, send, follow];
	for (const workflow of published) await activate(api, workflow.id, workflow.name);
	return { ...tables, send, follow, published, added, addWorkflow: async (path) => await add(await readWorkflow(path)) };
}

/** Opens the tables with the names and columns from the nodes that create them after an import. */
async function openTables(api: N8nApi, { nodes }: WorkflowFile): Promise<Tables> {
	const open = async <Row extends { id: number }>(name: string): Promise<DataTable<Row>> => {
		const creator = nodes.find(({ parameters }) => parameters.resource === 'table' && parameters.operation === 'create' && parameters.tableName === name);
		const { columns } = (creator?.parameters ?? {}) as { columns?: { column: Column[] } };
		if (columns === undefined) throw new Error(`The workflow has no node that creates the table ${name}.`);
		return await DataTable.open<Row>(api, name, columns.column);
	};
	return {
		table: await open<LogRow>('stock_arrival_log'),
		statuses: await open<StatusRow>('stock_arrival_statuses'),
		orders: await open<Order & { id: number }>('stock_arrival_orders'),
		optOuts: await open<OptOutRow>('stock_arrival_opt_outs'),
		tasks: await open<TaskRow>('stock_arrival_tasks'),
	};
}
