import type { N8nApi } from '../../../harness/n8n/api.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';

const TIMEOUT_MS = 120_000;
const UNDER_WAY = ['new', 'running', 'waiting'];

/** Result of an execution. */
export interface Ran {
	id: string;
	/** `success` or `error`. */
	status: string;
	/** The nodes that ran. */
	nodes: string[];
	/** All items a node produced, over all runs and outputs. */
	items: (node: string) => Array<Record<string, unknown>>;
	/** Message of the final error; empty if none. */
	error: string;
}

interface RunData {
	resultData: { runData: Record<string, Array<{ data?: { main?: Array<Array<{ json: Record<string, unknown> }> | null> } }>>; error?: { message?: string } };
}

/** Executes a workflow manually from one of its triggers, like the editor's button, and waits for its end. */
export async function runWorkflow(api: N8nApi, id: string, trigger: string): Promise<Ran> {
	const workflowData = await api.call('GET', `/workflows/${id}`);
	const { executionId } = await api.call<{ executionId: string }>('POST', `/workflows/${id}/run`, { workflowData, triggerToStartFrom: { name: trigger } });
	return await ended(api, executionId);
}

/** The same; throws if the execution fails. */
export async function runsWell(api: N8nApi, id: string, trigger: string): Promise<Ran> {
	const ran = await runWorkflow(api, id, trigger);
	if (ran.status !== 'success') throw new Error(`From "${trigger}" the execution ${ran.id} ended as ${ran.status}: ${ran.error}`);
	return ran;
}

/** All executions of a workflow, once none is running. */
export async function executionsOf(api: N8nApi, workflowId: string): Promise<Ran[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const { results } = await api.call<{ results: Array<{ id: string }> }>('GET', `/executions?filter=${filter}&limit=100`);
	return await Promise.all(results.map(async ({ id }) => await ended(api, id)));
}

/** The execution, once ended. */
export async function ended(api: N8nApi, id: string): Promise<Ran> {
	return await waitFor({
		what: `execution ${id} to end`,
		timeoutMs: TIMEOUT_MS,
		look: async () => {
			const { status, data } = await api.call<{ status: string; data: string }>('GET', `/executions/${id}`);
			if (UNDER_WAY.includes(status)) return undefined;
			const { runData, error } = (unflatten(data) as RunData).resultData;
			const items = (node: string) => (runData[node] ?? []).flatMap((run) => (run.data?.main ?? []).flatMap((output) => (output ?? []).map(({ json }) => json)));
			return { id, status, nodes: Object.keys(runData), items, error: error?.message ?? '' };
		},
	});
}

/** Parses n8n's saved executions: a list whose first entry is the root, and whose strings are indexes of values. */
function unflatten(text: string): unknown {
	const list = JSON.parse(text) as unknown[];
	const known = new Map<string, unknown>();
	const at = (reference: string): unknown => {
		if (known.has(reference)) return known.get(reference);
		const value = list[Number(reference)];
		if (typeof value !== 'object' || value === null) return value;
		const whole: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
		known.set(reference, whole);
		for (const [key, part] of Object.entries(value)) Object.assign(whole, { [key]: typeof part === 'string' ? at(part) : part });
		return whole;
	};
	return at('0');
}
