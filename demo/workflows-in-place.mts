import type { RealChannel } from './channel.mts';
import type { N8nApi } from './n8n-api.mts';
import type { CredentialReference } from './n8n-credential.mts';
import { LogTable, type Column } from './n8n-table.mts';
import { activate, deactivate, isActive, readWorkflow, saveWorkflow, withCredential, withTable, withTemplate, type WorkflowFile } from './n8n-workflow.mts';

const PATHS = {
	send: 'workflows/stock-arrival-to-whatsapp.json',
	hear: 'workflows/delivery-status-to-log.json',
	poll: 'demo/workflows/delivery-status-by-polling.json',
};

export interface WorkflowInPlace {
	id: string;
	name: string;
}

/** The workflows that do the demo's work, and the log they write. */
export interface WorkflowsInPlace {
	send: WorkflowInPlace;
	/** Follows the statuses: by the trigger with the sandbox, by polling with a real channel. */
	follow: WorkflowInPlace;
	table: LogTable;
}

/** Makes the table and the workflows, as a person does who imports them, and puts them in service. */
export async function putWorkflowsInPlace(api: N8nApi, credential: CredentialReference, channel: RealChannel | undefined): Promise<WorkflowsInPlace> {
	const sendFile = await readWorkflow(PATHS.send);
	const hearFile = await readWorkflow(PATHS.hear);
	const { name, columns } = tableOf(sendFile);
	const table = await LogTable.open(api, name, columns);
	const findsByName = !(await api.version()).startsWith('1.');

	const place = async (file: WorkflowFile): Promise<WorkflowInPlace> => ({
		id: await saveWorkflow(api, withCredential(findsByName ? file : withTable(file, table), credential)),
		name: file.name,
	});
	const send = await place(channel ? withTemplate(sendFile, channel.template) : sendFile);
	const hear = await place(hearFile);
	const follow = channel ? await place(await readWorkflow(PATHS.poll)) : hear;
	// Deactivated first, so that the trigger registers itself at a sandbox that never heard of it.
	for (const workflow of [hear, follow]) if (await isActive(api, workflow.id)) await deactivate(api, workflow.id, workflow.name);
	for (const workflow of [send, follow]) await activate(api, workflow.id, workflow.name);
	return { send, follow, table };
}

/** The table's name and columns, from the node that creates it for people who import the workflow. */
function tableOf({ nodes }: WorkflowFile): { name: string; columns: Column[] } {
	const creator = nodes.find(({ parameters }) => parameters.resource === 'table' && parameters.operation === 'create');
	const { tableName, columns } = (creator?.parameters ?? {}) as { tableName?: string; columns?: { column: Column[] } };
	if (tableName === undefined || columns === undefined) throw new Error('The workflow has no node that creates the log table.');
	return { name: tableName, columns: columns.column };
}
