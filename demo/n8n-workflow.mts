import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { N8nApi } from './n8n-api.mts';
import type { CredentialReference } from './n8n-credential.mts';
import { PACKAGE_NAME } from './package-install.mts';
import { ROOT } from './paths.mts';
import { waitFor } from './wait-for.mts';

const PUBLISH_TIMEOUT_MS = 60_000;

export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	parameters: Record<string, unknown>;
	credentials?: Record<string, CredentialReference>;
}

export interface WorkflowFile {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings: Record<string, unknown>;
}

/** Reads a workflow of this repository. */
export async function readWorkflow(path: string): Promise<WorkflowFile> {
	return JSON.parse(await readFile(join(ROOT, path), 'utf8')) as WorkflowFile;
}

/** The same workflow with our nodes using the credential, as a person chooses it after an import. */
export function withCredential(workflow: WorkflowFile, credential: CredentialReference): WorkflowFile {
	const nodes = workflow.nodes.map((node) =>
		node.type.startsWith(`${PACKAGE_NAME}.`) ? { ...node, credentials: { oneMsgChannelApi: credential } } : node,
	);
	return { ...workflow, nodes };
}

/** The same workflow with another WhatsApp template. */
export function withTemplate(workflow: WorkflowFile, template: string): WorkflowFile {
	const nodes = workflow.nodes.map((node) =>
		'template' in node.parameters
			? { ...node, parameters: { ...node.parameters, template: { __rl: true, mode: 'name', value: template } } }
			: node,
	);
	return { ...workflow, nodes };
}

/** Creates the workflow in n8n, or updates the one of the same name; returns its ID. */
export async function saveWorkflow(api: N8nApi, workflow: WorkflowFile): Promise<string> {
	const filter = encodeURIComponent(JSON.stringify({ name: workflow.name, isArchived: false }));
	const all = await api.call<Array<{ id: string; name: string }>>('GET', `/workflows?filter=${filter}`);
	const found = all.find(({ name }) => name === workflow.name);
	const { id } = found
		? await api.call<{ id: string }>('PATCH', `/workflows/${found.id}`, workflow)
		: await api.call<{ id: string }>('POST', '/workflows', workflow);
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
	const { status, triggers } = await settled(api, id, `"${name}" to be published`);
	if (status === 'published') return;
	const reasons = triggers.map(({ errorMessage }) => errorMessage).filter(Boolean);
	throw new Error(`n8n could not publish "${name}" (${status}): ${reasons.join('; ')}`);
}

/** Takes the workflow out of service and waits until its triggers have removed themselves. */
export async function deactivate(api: N8nApi, id: string, name: string): Promise<void> {
	await api.call('POST', `/workflows/${id}/deactivate`, {});
	const { status } = await settled(api, id, `"${name}" to be unpublished`);
	if (status !== 'not_published') throw new Error(`n8n could not unpublish "${name}": it is ${status}.`);
}

/** True while the workflow is in service. */
export async function isActive(api: N8nApi, id: string): Promise<boolean> {
	const { active } = await api.call<{ active: boolean }>('GET', `/workflows/${id}`);
	return active;
}

/** The end state of a publication under way. */
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
