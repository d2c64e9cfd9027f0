import assert from 'node:assert/strict';
import { saveAnyCredential } from '../../../harness/n8n/credential.mts';
import { activate, readWorkflow, saveWorkflow, withCredentials, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import type { Alone } from './alone.mts';
import { runsWell } from './run-workflow.mts';

const HEADER = { name: 'x-shop-key', value: 'known-to-the-shop-only' };

/** Header for the workflows' webhooks. */
const CALLER = { [HEADER.name]: HEADER.value };

/** A workflow of this repository in a running n8n, imported with credentials selected. */
export interface Imported {
	id: string;
	name: string;
	file: WorkflowFile;
}

/** Saves a workflow with the channel's credential in our nodes and a header in its webhooks. */
export async function importWorkflow({ api, credential }: Alone, path: string): Promise<Imported> {
	const httpHeaderAuth = await saveAnyCredential(api, { name: 'Callers of the shop', type: 'httpHeaderAuth', data: HEADER });
	const smtp = await saveAnyCredential(api, { name: 'No mail server', type: 'smtp', data: { host: '127.0.0.1', port: 9, secure: false } });
	const file = withCredentials(await readWorkflow(path), { oneMsgChannelApi: credential, httpHeaderAuth, smtp });
	return { id: await saveWorkflow(api, file), name: file.name, file };
}

/** Imports a workflow, executes its *Set up* and activates it, following its note. */
export async function putInService(alone: Alone, path: string): Promise<Imported> {
	const imported = await importWorkflow(alone, path);
	await runsWell(alone.api, imported.id, 'Set up');
	await activate(alone.api, imported.id, imported.name);
	return imported;
}

/** Posts JSON to a workflow's webhook, with its header; the body is empty if the answer isn't JSON. */
export async function callWebhook(url: string, payload: unknown, headers: Record<string, string> = CALLER): Promise<{ status: number; body: Record<string, unknown> }> {
	const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(payload) });
	const text = await answer.text();
	return { status: answer.status, body: (answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : {}) as Record<string, unknown> };
}

/** Asserts that every node has run, except notes and those named. */
export function everyNodeRan({ file }: Imported, ran: Iterable<string>, but: string[] = []): void {
	const seen = new Set(ran);
	const nodes = file.nodes.filter(({ type }) => !type.endsWith('.stickyNote')).map(({ name }) => name);
	assert.deepEqual(nodes.filter((name) => !seen.has(name)), but);
}
