import type { RealChannel } from './channel.mts';
import { EVENT_HEADER, type Order } from './event.mts';
import type { N8nApi } from './n8n/api.mts';
import { HEADER_CREDENTIAL, MAIL_CREDENTIAL, saveAnyCredential, type CredentialReference } from './n8n/credential.mts';
import { DataTable, type Column, type LogRow, type LogTable, type OptOutRow, type TaskRow } from './n8n/table.mts';
import { activate, deactivate, isActive, readWorkflow, saveWorkflow, withCredentials, withTables, withTemplate, type WorkflowFile } from './n8n/workflow.mts';

const PATHS = {
	send: 'workflows/advanced/stock-arrival-to-whatsapp.json',
	hear: 'workflows/advanced/delivery-status-to-log.json',
	poll: 'demo/workflows/delivery-status-by-polling.json',
};
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
	/** Adds another workflow of this repository as a user imports it: credentials and tables selected, not active. */
	addWorkflow: (path: string) => Promise<WorkflowInPlace>;
}

/** Creates the tables and workflows as a user imports them, and activates the workflows. E-mail goes to this local port. */
export async function putWorkflowsInPlace(
	api: N8nApi,
	credential: CredentialReference,
	channel: RealChannel | undefined,
	mailPort = NO_MAIL_PORT,
): Promise<WorkflowsInPlace> {
	const sendFile = await readWorkflow(PATHS.send);
	const tables = await openTables(api, sendFile);
	const findsByName = !(await api.version()).startsWith('1.');
	const header = await saveAnyCredential(api, { name: HEADER_CREDENTIAL, type: 'httpHeaderAuth', data: EVENT_HEADER });
	const mail = { user: '', password: '', host: '127.0.0.1', port: mailPort, secure: false, disableStartTls: true };
	const smtp = await saveAnyCredential(api, { name: MAIL_CREDENTIAL, type: 'smtp', data: mail });

	const add = async (file: WorkflowFile): Promise<WorkflowInPlace> => {
		const chosen = withCredentials(file, { oneMsgChannelApi: credential, httpHeaderAuth: header, smtp });
		const id = await saveWorkflow(api, findsByName ? chosen : withTables(chosen, Object.values(tables)));
		return { id, name: file.name };
	};
	const send = await add(channel ? withTemplate(sendFile, channel.template) : sendFile);
	const hear = await add(await readWorkflow(PATHS.hear));
	const follow = channel ? await add(await readWorkflow(PATHS.poll)) : hear;
	// Deactivated first, so that the trigger registers with a fresh sandbox.
	for (const workflow of [hear, follow]) if (await isActive(api, workflow.id)) await deactivate(api, workflow.id, workflow.name);
	for (const workflow of [send, follow]) await activate(api, workflow.id, workflow.name);
	return { ...tables, send, follow, addWorkflow: async (path) => await add(await readWorkflow(path)) };
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
		orders: await open<Order & { id: number }>('stock_arrival_orders'),
		optOuts: await open<OptOutRow>('stock_arrival_opt_outs'),
		tasks: await open<TaskRow>('stock_arrival_tasks'),
	};
}
