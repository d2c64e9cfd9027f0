import assert from 'node:assert/strict';
import pLimit from 'p-limit';
import { Pool, request, type Dispatcher } from 'undici';
import type { N8nApi } from '../../../harness/n8n/api.mts';
import { PACKAGE_NAME } from '../../../harness/package/install.mts';
import type { WorkflowFile } from '../../../harness/n8n/workflow.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';

const TIMEOUT_MS = 120_000;
const AT_A_TIME = 20;
/** Messages of a lane. */
const LANE = 300;

/** A workflow whose trigger gathers, and the node behind it, if any. */
export function gathers(name: string, gatherFor: number, then: object[] = []): WorkflowFile {
	const trigger = {
		id: 'trigger', name: 'Trigger', type: `${PACKAGE_NAME}.oneMsgTrigger`, typeVersion: 3, position: [0, 0], webhookId: name,
		parameters: { statuses: ['sent', 'delivered', 'read', 'failed'], options: { gatherFor } },
	};
	const next = then.map((node) => ({ id: 'next', name: 'Next', position: [200, 0], ...node }) as WorkflowFile['nodes'][number]);
	return { name, nodes: [trigger, ...next], connections: next.length > 0 ? { Trigger: { main: [[{ node: 'Next', type: 'main', index: 0 }]] } } : {}, settings: { executionOrder: 'v1' } };
}

/** Message IDs that tell of their storm. */
export function named(name: string, count: number): string[] {
	return Array.from({ length: count }, (_, index) => `wamid.${name}-${index}.`);
}

/** Posts a status of each message in one call, as a channel does; returns the answer's status. */
export async function postStatuses(url: string, channelId: string, messages: readonly string[], status = 'delivered', dispatcher?: Dispatcher): Promise<number> {
	const hooks = messages.map((id) => ({ id, type: 'message', status, timestamp: '1754400000', recipient_id: '79123456789' }));
	const answer = await request(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ instanceId: channelId, hooks }), headersTimeout: TIMEOUT_MS, dispatcher });
	await answer.body.dump();
	return answer.statusCode;
}

/** A call for each message, many at a time; returns the different answers. */
export async function postMany(url: string, channelId: string, messages: readonly string[]): Promise<number[]> {
	const limit = pLimit(AT_A_TIME);
	return [...new Set(await Promise.all(messages.map((message) => limit(() => postStatuses(url, channelId, [message])))))];
}

/** One call after the other in each of many lanes over kept connections, until one fails; `onAnswer` is called for each 200. Returns the messages answered so. */
export async function stormUntilItFails(url: string, channelId: string, name: string, onAnswer: (answered: number) => void): Promise<string[]> {
	const connections = new Pool(new URL(url).origin, { connections: AT_A_TIME });
	const answered: string[] = [];
	const lane = async (_: unknown, index: number) => {
		for (const message of named(`${name}${index}`, LANE)) {
			const status = await postStatuses(url, channelId, [message], 'delivered', connections).catch(() => 0);
			if (status !== 200) return;
			onAnswer(answered.push(message));
		}
	};
	await Promise.all(Array.from({ length: AT_A_TIME }, lane));
	await connections.destroy();
	return answered;
}

/** Asserts that each of these messages was found exactly once, and no other. */
export function eachOnce(found: readonly string[], messages: readonly string[]): void {
	const times = new Map<string, number>();
	for (const message of found) times.set(message, (times.get(message) ?? 0) + 1);
	const wrong = {
		lost: messages.filter((message) => !times.has(message)).slice(0, 10),
		twice: [...times].filter(([, count]) => count > 1).slice(0, 10),
		more: times.size - new Set(messages).size,
	};
	assert.deepEqual(wrong, { lost: [], twice: [], more: 0 });
}

/** What a workflow has executed, as n8n has saved it. */
export class Executions {
	private readonly api: N8nApi;
	private readonly workflowId: string;

	constructor(api: N8nApi, workflowId: string) {
		this.api = api;
		this.workflowId = workflowId;
	}

	/** In the order of their starts. */
	async all(): Promise<Array<{ id: string; status: string }>> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId: this.workflowId }));
		const { results } = await this.api.call<{ results: Array<{ id: string; status: string }> }>('GET', `/executions?filter=${filter}&limit=100`);
		return results.sort((a, b) => Number(a.id) - Number(b.id));
	}

	/** The messages of a storm in ended executions, in order, by execution. */
	async of(name: string, status = 'success'): Promise<string[][]> {
		const ended = (await this.all()).filter((one) => one.status === status);
		const all = await Promise.all(ended.map(async ({ id }) => (await this.api.call<{ data: string }>('GET', `/executions/${id}`)).data));
		return all.map((data) => [...new Set(data.match(new RegExp(`wamid\\.${name}-\\d+\\.`, 'g')) ?? [])]).filter((found) => found.length > 0);
	}

	/** The same, once there are as many. */
	async ofAll(name: string, messages: readonly string[], status?: string): Promise<string[][]> {
		const look = async () => {
			const found = await this.of(name, status);
			return found.flat().length >= messages.length ? found : undefined;
		};
		return await waitFor({ what: `the events of "${name}" to be executed`, timeoutMs: TIMEOUT_MS, look });
	}

	/** Once none runs. */
	async rest(): Promise<void> {
		await waitFor({ what: 'the executions to end', timeoutMs: TIMEOUT_MS, look: async () => (await this.all()).every(({ status }) => !['new', 'running'].includes(status)) || undefined });
	}
}
