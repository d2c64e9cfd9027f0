import assert from 'node:assert/strict';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { request } from 'undici';
import { OWNER } from '../../../harness/environment.mts';
import { N8nApi } from '../../../harness/n8n/api.mts';
import { saveCredential } from '../../../harness/n8n/credential.mts';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import { startN8n, type N8nServer } from '../../../harness/n8n/server.mts';
import { activate, deactivate, saveWorkflow, withCredential, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import { installPackage, PACKAGE_NAME } from '../../../harness/package/install.mts';
import type { PackedPackage } from '../../../harness/package/pack.mts';
import { Sandbox } from '../../../harness/sandbox-program.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { signalN8n } from '../n8n/signal-n8n.mts';
import type { Steps } from '../steps.mts';

const TIMEOUT_MS = 120_000;
const STORM = 300;
const AT_A_TIME = 20;
/** Few enough for one window. */
const FEW = 10;
/** Answers of a storm before n8n is killed. */
const KILL_AFTER = 100;

const TRIGGER = {
	id: 'trigger', name: 'Trigger', type: `${PACKAGE_NAME}.oneMsgTrigger`, typeVersion: 3, position: [0, 0], webhookId: 'gathering',
	// As long as it may be, so that a stop comes before its end.
	parameters: { options: { gatherFor: 5 } },
};
const WORKFLOW: WorkflowFile = { name: 'gathering', nodes: [TRIGGER], connections: {}, settings: { executionOrder: 'v1' } };

interface Execution {
	id: string;
	status: string;
}

export interface GatheringStoryOptions {
	/** The story's own: n8n's user folder and the logs. */
	folder: string;
	n8n: InstalledN8n;
	packed: PackedPackage;
}

/** Many calls, few executions, each event in one of them; and what a stop and a kill cost: in its own real n8n. */
export async function gatheringStory({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, { folder, n8n, packed }: GatheringStoryOptions): Promise<void> {
	const userFolder = join(folder, 'n8n');
	let server: N8nServer | undefined;
	let sandbox: Sandbox | undefined;
	const start = async (port: number, name: string) => (server = await startN8n(n8n, { userFolder, log: join(folder, name), port }));
	try {
		const { channel, api, id } = await mustStep('a channel and an n8n of their own start, and a trigger gathers', async () => {
			await installPackage(userFolder, packed);
			const channel = (sandbox = await Sandbox.start({ port: 0, log: join(folder, 'sandbox.log') }));
			const api = new N8nApi((await start(0, 'n8n.log')).url);
			await api.signIn(OWNER);
			const { channelId, token, baseUrl } = channel;
			const id = await saveWorkflow(api, withCredential(WORKFLOW, await saveCredential(api, { channelId, apiToken: token, baseUrl })));
			await activate(api, id, WORKFLOW.name);
			return { channel, api, id };
		});
		const ourUrl = async () => (await channel.webhookUrls()).find((url) => url.startsWith(`${server?.url}/webhook/`)) ?? '';
		const post = async (url: string, messageId: string): Promise<number> => {
			const hooks = [{ id: messageId, type: 'message', status: 'delivered', timestamp: '1754400000', recipient_id: '79123456789' }];
			const answer = await request(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ instanceId: channel.channelId, hooks }), headersTimeout: TIMEOUT_MS });
			await answer.body.dump();
			return answer.statusCode;
		};
		const executions = async () => {
			const filter = encodeURIComponent(JSON.stringify({ workflowId: id }));
			const { results } = await api.call<{ results: Execution[] }>('GET', `/executions?filter=${filter}&limit=100`);
			return results.sort((a, b) => Number(a.id) - Number(b.id));
		};
		/** The messages of finished executions, in order, by execution. */
		const executed = async (name: string): Promise<string[][]> => {
			const finished = (await executions()).filter(({ status }) => status === 'success');
			const all = await Promise.all(finished.map(async (one) => (await api.call<{ data: string }>('GET', `/executions/${one.id}`)).data));
			return all.map((data) => messagesIn(data, name)).filter((found) => found.length > 0);
		};
		const allAreExecuted = async (name: string, messages: readonly string[]) =>
			await waitFor({
				what: `the events of "${name}" to be executed`,
				timeoutMs: TIMEOUT_MS,
				look: async () => {
					const found = await executed(name);
					return found.flat().length >= messages.length ? found : undefined;
				},
			});
		/** After a start, what is still to run has run. */
		const rest = async () =>
			await waitFor({ what: 'n8n to be at rest', timeoutMs: TIMEOUT_MS, look: async () => (await executions()).every(({ status }) => status !== 'running') || undefined });

		await step(`${STORM} calls, ${AT_A_TIME} at a time: each is answered 200, each event is in exactly one execution, and there are a tenth as many`, async () => {
			const url = await ourUrl();
			const messages = named('storm', STORM);
			const limit = pLimit(AT_A_TIME);
			const answers = await Promise.all(messages.map((message) => limit(post, url, message)));
			assert.deepEqual([...new Set(answers)], [200]);
			const found = await allAreExecuted('storm', messages);
			assert.deepEqual(found.flat().sort(), [...messages].sort());
			assert.ok(found.length <= STORM / 10, `${found.length} executions`);
		});

		await step('deactivated while events gather, the workflow executes them, in order', async () => {
			const url = await ourUrl();
			const messages = named('deactivated', FEW);
			for (const message of messages) assert.equal(await post(url, message), 200);
			await deactivate(api, id, WORKFLOW.name);
			assert.deepEqual((await allAreExecuted('deactivated', messages)).flat(), messages);
			await activate(api, id, WORKFLOW.name);
		});

		await step('stopped while events gather, n8n loses at most those, and executes none twice', async () => {
			const url = await ourUrl();
			const messages = named('stopped', FEW);
			for (const message of messages) assert.equal(await post(url, message), 200);
			await signalN8n(userFolder, 'SIGTERM');
			await server?.program.stop();
			await start(server?.port ?? 0, 'n8n-stopped.log');
			await api.signIn(OWNER);
			await rest();
			const found = (await executed('stopped')).flat();
			assert.deepEqual(found, messages.slice(0, found.length));
		});

		await step('killed in a storm, n8n executes no event twice, and gathers again', async () => {
			const url = await ourUrl();
			let answered = 0;
			const storm = Promise.allSettled(
				Array.from({ length: AT_A_TIME }, async (_, lane) => {
					for (const message of named(`killed${lane}`, STORM)) {
						await post(url, message);
						answered++;
					}
				}),
			);
			await waitFor({ what: `${KILL_AFTER} answers`, timeoutMs: TIMEOUT_MS, pauseMs: 20, look: async () => answered >= KILL_AFTER || undefined });
			await signalN8n(userFolder, 'SIGKILL');
			await storm;
			await server?.program.stop();
			await start(server?.port ?? 0, 'n8n-killed.log');
			await api.signIn(OWNER);
			await rest();
			const found = (await executed('killed\\d+')).flat();
			assert.equal(new Set(found).size, found.length);
			const messages = named('again', FEW);
			for (const message of messages) assert.equal(await post(url, message), 200);
			assert.deepEqual((await allAreExecuted('again', messages)).map((some) => some.length), [1, FEW - 1]);
		});
	} finally {
		await Promise.all([server?.program.stop(), sandbox?.program.stop()]);
	}
}

function named(name: string, count: number): string[] {
	return Array.from({ length: count }, (_, index) => `wamid.${name}-${index}.`);
}

/** Message IDs of a storm in an execution's saved data, in order, once each. */
function messagesIn(data: string, name: string): string[] {
	return [...new Set(data.match(new RegExp(`wamid\\.${name}-\\d+\\.`, 'g')) ?? [])];
}
