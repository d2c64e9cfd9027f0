import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { N8nApi } from './api.mts';
import type { CredentialReference, CredentialType } from './credential.mts';
import { PACKAGE_NAME } from '../package/install.mts';
import { ROOT } from '../paths.mts';
import { waitFor } from '../process/wait-for.mts';

const PUBLISH_TIMEOUT_MS = 60_000;

export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	position: number[];
	parameters: Record<string, unknown>;
	credentials?: Record<string, CredentialReference>;
	disabled?: boolean;
}

/** By source node, connection kind and output: the connected inputs. */
type Connections = Record<string, Record<string, Array<Array<{ node: string; type: string; index: number }>>>>;

export interface WorkflowFile {
	name: string;
	nodes: WorkflowNode[];
	connections: Connections;
	settings: Record<string, unknown>;
}

/** Reads a workflow from this repository. */
export async function readWorkflow(path: string): Promise<WorkflowFile> {
	return JSON.parse(await readFile(join(ROOT, path), 'utf8')) as WorkflowFile;
}

/** The credential to select, by type. */
type Chosen = Partial<Record<CredentialType, CredentialReference>>;

/** The workflow with the credential selected in our nodes, as a user does after an import. */
export function withCredential(workflow: WorkflowFile, credential: CredentialReference): WorkflowFile {
	return withCredentials(workflow, { oneMsgChannelApi: credential });
}

/** The workflow with these credentials selected in every node that needs one. */
export function withCredentials(workflow: WorkflowFile, chosen: Chosen): WorkflowFile {
	const nodes = workflow.nodes.map((node) => {
		const type = credentialTypeOf(node);
		const credential = type && chosen[type];
		return credential ? { ...node, credentials: { [type]: credential } } : node;
	});
	return { ...workflow, nodes };
}

/** Credential type that a node needs, if any. */
export function credentialTypeOf({ type, parameters }: WorkflowNode): CredentialType | undefined {
	if (type.startsWith(`${PACKAGE_NAME}.`)) return 'oneMsgChannelApi';
	if (type === 'n8n-nodes-base.webhook' && parameters.authentication === 'headerAuth') return 'httpHeaderAuth';
	if (type === 'n8n-nodes-base.emailSend') return 'smtp';
	if (type === 'n8n-nodes-base.postgres') return 'postgres';
	return undefined;
}

/** The workflow with another WhatsApp template. */
export function withTemplate(workflow: WorkflowFile, template: string): WorkflowFile {
	const nodes = workflow.nodes.map((node) =>
		'template' in node.parameters
			? { ...node, parameters: { ...node.parameters, template: { __rl: true, mode: 'name', value: template } } }
			: node,
	);
	return { ...workflow, nodes };
}

/** The workflow with its sub-workflows selected, and their nodes activated. Such a node has its workflow's name. */
export function withSubWorkflows(workflow: WorkflowFile, saved: Array<{ id: string; name: string }>): WorkflowFile {
	const nodes = workflow.nodes.map((node) => {
		const found = node.type === 'n8n-nodes-base.executeWorkflow' && saved.find(({ name }) => name === node.name);
		if (!found) return node;
		const workflowId = { __rl: true, mode: 'list', value: found.id, cachedResultName: found.name };
		return { ...node, disabled: false, parameters: { ...node.parameters, workflowId } };
	});
	return { ...workflow, nodes };
}

/** The workflow with its tables selected from the list, for an n8n whose Data Table node can't create or find a table by name. */
export function withTables(workflow: WorkflowFile, tables: Array<{ id: string; name: string }>): WorkflowFile {
	const creates = ({ parameters }: WorkflowNode) => parameters.resource === 'table';
	const chosen = (node: WorkflowNode): WorkflowNode => {
		const { value } = (node.parameters.dataTableId ?? {}) as { value?: string };
		const table = tables.find(({ name }) => name === value);
		if (table === undefined) return node;
		return { ...node, parameters: { ...node.parameters, dataTableId: { __rl: true, mode: 'list', value: table.id, cachedResultName: table.name } } };
	};
	const gone = workflow.nodes.filter(creates).map((node) => node.name);
	const nodes = workflow.nodes.filter((node) => !creates(node)).map(chosen);
	return { ...workflow, nodes, connections: withoutEnds(workflow.connections, gone) };
}

/** Creates or updates the workflow by name; returns its ID. */
export async function saveWorkflow(api: N8nApi, workflow: WorkflowFile): Promise<string> {
	const filter = encodeURIComponent(JSON.stringify({ name: workflow.name, isArchived: false }));
	const all = await api.call<Array<{ id: string; name: string }>>('GET', `/workflows?filter=${filter}`);
	const found = all.find(({ name }) => name === workflow.name);
	const { id } = found
		? await api.call<{ id: string }>('PATCH', `/workflows/${found.id}`, workflow)
		: await api.call<{ id: string }>('POST', '/workflows', { ...workflow, active: false });
	return id;
}

interface PublicationStatus {
	status: 'in_progress' | 'not_published' | 'published' | 'partial' | 'failed';
	triggers: Array<{ status: string; errorMessage: string | null }>;
}

/** Publishes the workflow's latest version and waits until its triggers are registered. */
export async function activate(api: N8nApi, id: string, name: string): Promise<void> {
	const { versionId } = await api.call<{ versionId: string }>('GET', `/workflows/${id}`);
	await api.call('POST', `/workflows/${id}/activate`, { versionId });
	if (await answersWhenDone(api)) return;
	const { status, triggers } = await settled(api, id, `"${name}" to be published`);
	if (status === 'published') return;
	const reasons = triggers.map(({ errorMessage }) => errorMessage).filter(Boolean);
	throw new Error(`n8n could not publish "${name}" (${status}): ${reasons.join('; ')}`);
}

/** Unpublishes the workflow and waits until its triggers are removed. */
export async function deactivate(api: N8nApi, id: string, name: string): Promise<void> {
	await api.call('POST', `/workflows/${id}/deactivate`, {});
	if (await answersWhenDone(api)) return;
	const { status } = await settled(api, id, `"${name}" to be unpublished`);
	if (status !== 'not_published') throw new Error(`n8n could not unpublish "${name}": it is ${status}.`);
}

/** Whether the workflow is active. */
export async function isActive(api: N8nApi, id: string): Promise<boolean> {
	const { active } = await api.call<{ active: boolean }>('GET', `/workflows/${id}`);
	return active;
}

/** n8n 1.x registers triggers before it responds and reports failures in the response; 2.x does so afterwards. */
async function answersWhenDone(api: N8nApi): Promise<boolean> {
	return (await api.version()).startsWith('1.');
}

/** Connections without those of these nodes. */
function withoutEnds(connections: Connections, gone: string[]): Connections {
	const kept = (outputs: Connections[string]) =>
		Object.fromEntries(Object.entries(outputs).map(([kind, ends]) => [kind, ends.map((each) => each.filter(({ node }) => !gone.includes(node)))]));
	return Object.fromEntries(Object.entries(connections).flatMap(([from, outputs]) => (gone.includes(from) ? [] : [[from, kept(outputs)]])));
}

/** Final state of a publication in progress. */
function settled(api: N8nApi, id: string, what: string): Promise<PublicationStatus> {
	return waitFor({
		what,
		timeoutMs: PUBLISH_TIMEOUT_MS,
		look: async () => {
			const found = await api.call<PublicationStatus>('GET', `/workflows/${id}/publication-status`);
			return found.status === 'in_progress' ? undefined : found;
		},
	});
}
