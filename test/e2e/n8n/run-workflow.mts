import type { N8nApi } from '../../../harness/n8n/api.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';

const TIMEOUT_MS = 120_000;
const UNDER_WAY = ['new', 'running', 'waiting'];

/** What an execution came to. */
export interface Ran {
	id: string;
	/** `success` or `error`. */
	status: string;
	/** The nodes that ran. */
	nodes: string[];
	/** All items that a node gave, of every run and output. */
	items: (node: string) => Array<Record<string, unknown>>;
	/** The message of the error that ended it; empty where none did. */
	error: string;
}

interface RunData {
	resultData: { runData: Record<string, Array<{ data?: { main?: Array<Array<{ json: Record<string, unknown> }> | null> } }>>; error?: { message?: string } };
}

/** Executes a workflow by hand from one of its triggers, as the editor's button does, and waits for its end. */
export async function runWorkflow(api: N8nApi, id: string, trigger: string): Promise<Ran> {
	const workflowData = await api.call('GET', `/workflows/${id}`);
	const { executionId } = await api.call<{ executionId: string }>('POST', `/workflows/${id}/run`, { workflowData, triggerToStartFrom: { name: trigger } });
	return await ended(api, executionId);
}

/** The same; throws where the execution does not succeed. */
export async function runsWell(api: N8nApi, id: string, trigger: string): Promise<Ran> {
	const ran = await runWorkflow(api, id, trigger);
	if (ran.status !== 'success') throw new Error(`From "${trigger}" the execution ${ran.id} ended as ${ran.status}: ${ran.error}`);
	return ran;
}

/** All executions of a workflow so far, once none is under way. */
export async function executionsOf(api: N8nApi, workflowId: string): Promise<Ran[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const { results } = await api.call<{ results: Array<{ id: string }> }>('GET', `/executions?filter=${filter}&limit=100`);
	return await Promise.all(results.map(async ({ id }) => await ended(api, id)));
}

/** The execution, as soon as it has ended. */
async function ended(api: N8nApi, id: string): Promise<Ran> {
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

/** Reads n8n's form of saved executions: a list whose first entry is the whole, where a text names the place of a value. */
function unflatten(text: string): unknown {
	const list = JSON.parse(text) as unknown[];
	const known = new Map<string, unknown>();
	const at = (place: string): unknown => {
		if (known.has(place)) return known.get(place);
		const value = list[Number(place)];
		if (typeof value !== 'object' || value === null) return value;
		const whole: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
		known.set(place, whole);
		for (const [key, part] of Object.entries(value)) Object.assign(whole, { [key]: typeof part === 'string' ? at(part) : part });
		return whole;
	};
	return at('0');
}
