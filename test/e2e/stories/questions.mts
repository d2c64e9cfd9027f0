import assert from 'node:assert/strict';
import pLimit from 'p-limit';
import { startEnvironment } from '../../../harness/environment.mts';
import type { LogRow } from '../../../harness/n8n/table.mts';
import { activate, deactivate, readWorkflow, saveWorkflow, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { everyNodeRan } from '../n8n/import-workflow.mts';
import { executionsOf, runWorkflow } from '../n8n/run-workflow.mts';
import { sendPastN8n } from '../n8n/send-past-n8n.mts';
import type { NamedSteps } from '../named-steps.mts';
import type { Stage } from '../stories.mts';

const PATH = 'workflows/advanced/delivery-status-by-questions.json';
const TIMEOUT_MS = 60_000;
const MINUTE_MS = 60_000;
const MANY = 300;
const AT_A_TIME = 20;

const DELIVERED = '12025550181';
const READ = '12025550121';
const UNREACHABLE = '12025550101';
const OPTED_OUT = '12025550102';
const ON_ITS_WAY = '12025550109';

/** The advanced workflow *Delivery status by questions*, every branch, beside the starters in an n8n of its own. */
export async function questionsStory({ step, mustStep }: NamedSteps, stage: Stage): Promise<void> {
	const environment = await mustStep('an n8n with the starters starts', () => startEnvironment({ ...stage, channel: undefined, ports: { n8n: 0, sandbox: 0 } }));
	const { api, table, tasks, optOuts, follow } = environment;
	const sandbox = environment.sandbox!;
	const ran = new Set<string>();

	try {
		const { id, name, saved } = await mustStep('it takes the place of *Delivery status to log*', async () => {
			await deactivate(api, follow.id, follow.name);
			const placed = await environment.addWorkflow(PATH);
			const imported = await api.call<WorkflowFile>('GET', `/workflows/${placed.id}`);
			// Its executions are looked at.
			const saved = { ...imported, settings: { ...imported.settings, saveDataSuccessExecution: 'all' } };
			await saveWorkflow(api, saved);
			await activate(api, placed.id, placed.name);
			return { ...placed, saved };
		});
		const urls = await sandbox.webhookUrls();
		const until = async (what: string, look: () => Promise<boolean>) => await waitFor({ what, timeoutMs: TIMEOUT_MS, look: async () => (await look()) || undefined });

		const rowOf = async (messageId: string) => (await table.rowsWhere('messageId', messageId))[0];
		const statusOf = async (messageId: string) => {
			const row = await rowOf(messageId);
			return [row?.status ?? null, row?.rank];
		};
		/** Sends messages and adds their rows as the sender does; returns their IDs once the channel is done with them. */
		const sent = async (phones: string[], more: Partial<LogRow> = {}): Promise<string[]> => {
			const limit = pLimit(AT_A_TIME);
			const ids = await Promise.all(phones.map((phone) => limit(sendPastN8n, sandbox, phone)));
			const rowFor = (messageId: string, place: number) =>
				({ logId: messageId, messageId, contactKey: phones[place]!, phone: phones[place]!, orderReference: `Q-${phones[place]}`, outcome: 'accepted', told: true, rank: 0, acceptedAt: ago(2), ...more });
			await table.add(ids.map(rowFor));
			const { messages } = await sandbox.control<{ messages: Array<{ id: string; phone: string; statuses: unknown[] }> }>('GET', 'messages?limit=5000');
			const last = messages.findLast(({ phone }) => phone !== ON_ITS_WAY && phones.includes(phone));
			if (last) await until('the channel to be done with them', async () => (await sandbox.messagesTo(last.phone)).every(({ statuses }) => statuses.length >= 2));
			return ids;
		};
		/** Asks as the schedule does at this minute of the hour, without waiting for a row to be a minute old. */
		const ask = async (minute = 1) => {
			const text = JSON.stringify(saved.nodes).replaceAll('$now.minute ', `${minute} `).replace('minus({ seconds: 50 })', 'minus({ seconds: 0 })');
			await saveWorkflow(api, { ...saved, nodes: JSON.parse(text) as WorkflowFile['nodes'] });
			const run = await runWorkflow(api, id, 'Every minute');
			assert.equal(run.status, 'success', run.error);
			for (const node of run.nodes) ran.add(node);
			return run;
		};

		await step('a read and a failure come as hooks, at once; a delivery starts nothing', async () => {
			const report = async (messageId: string, status: string) => await sandbox.control('POST', `messages/${encodeURIComponent(messageId)}/status`, { status, code: status === 'failed' ? 131026 : undefined });
			const [read, failed] = await sent([ON_ITS_WAY, ON_ITS_WAY]);
			await report(read!, 'delivered');
			await report(read!, 'read');
			await report(failed!, 'failed');
			await until('both rows', async () => (await statusOf(read!))[1] === 4 && (await statusOf(failed!))[1] === 2);
			await until('a task about the failure', async () => (await tasks.rows()).some(({ what }) => /131026/.test(what ?? '')));
			const runs = (await executionsOf(api, id)).filter(({ nodes }) => nodes.includes('1MSG Trigger'));
			assert.deepEqual([...new Set(runs.flatMap(({ items }) => items('1MSG Trigger').map(({ status }) => status)))].sort(), ['failed', 'read']);
			for (const node of runs.flatMap(({ nodes }) => nodes)) ran.add(node);
		});

		await mustStep('unpublished, and the channel calls nobody', async () => {
			await deactivate(api, id, name);
			await sandbox.control('POST', 'webhooks', { urls: [] });
		});

		await step('what was written less than a minute ago is not asked for', async () => {
			const [young] = await sent([DELIVERED]);
			await saveWorkflow(api, saved);
			const { nodes } = await runWorkflow(api, id, 'Every minute');
			assert.ok(!nodes.includes('Get message status'));
			assert.deepEqual(await statusOf(young!), [null, 0]);
		});

		await step('delivered, read and failed messages are settled, their failures handled; what is on its way, unknown or not accepted stays as it is', async () => {
			const tasksBefore = (await tasks.rows()).length;
			const ids = await sent([DELIVERED, READ, UNREACHABLE, ON_ITS_WAY, OPTED_OUT, DELIVERED]);
			await table.add([{ logId: 'wamid.NEVER', messageId: 'wamid.NEVER', outcome: 'accepted', rank: 0, acceptedAt: ago(2) }]);
			await table.add([{ logId: 'q|12025550181', outcome: 'queued', rank: 0, orderReference: 'Q-queued' }]);
			await until('the customer to read', async () => (await sandbox.messagesTo(READ)).every(({ statuses }) => statuses.some(({ status }) => status === 'read')));
			await ask();
			assert.deepEqual(await Promise.all(ids.map(statusOf)), [['delivered', 3], ['read', 4], ['failed', 2], [null, 0], ['failed', 2], ['delivered', 3]]);
			assert.deepEqual(await statusOf('wamid.NEVER'), [null, 0]);
			const unreachable = await rowOf(ids[2]!);
			assert.deepEqual([unreachable?.errorCode, unreachable?.action, unreachable?.orderReference, unreachable?.outcome], ['131026', 'otherChannel', `Q-${UNREACHABLE}`, 'accepted']);
			for (const messageId of ids.filter((_, place) => place !== 3)) assert.ok((await rowOf(messageId))?.statusAt);
			await until('the opt-out', async () => (await optOuts.rowsWhere('contactKey', OPTED_OUT)).length === 1);
			await until('the task', async () => (await tasks.rows()).length > tasksBefore);
			assert.equal((await table.rowsWhere('orderReference', 'Q-queued'))[0]?.status, null);
		});

		await step('the older a message, the rarer the question, and none after a day', async () => {
			const ages = [3, 30, 5 * 60, 25 * 60];
			const ids = await Promise.all(ages.map(async (minutes) => (await sent([ON_ITS_WAY], { acceptedAt: ago(minutes) }))[0]!));
			for (const [minute, asked] of [[1, [true, false, false, false]], [59, [true, false, false, false]], [10, [true, true, false, false]], [0, [true, true, true, false]]] as const) {
				const due = (await ask(minute)).items('Due for a question').map(({ messageId }) => messageId);
				assert.deepEqual([minute, ids.map((messageId) => due.includes(messageId))], [minute, asked]);
			}
		});

		await step('what a hook writes while the channel is asked stays: a status never goes down', async () => {
			const [read, delivered] = await sent([DELIVERED, DELIVERED]);
			await sandbox.control('POST', 'script', { path: 'hookInfo', times: 'forever', answers: [{ delayMs: 2000, normal: true }] });
			const markOf = async () => ((await rowOf(read!)) as LogRow & { updatedAt: string }).updatedAt;
			const before = await markOf();
			const asking = ask();
			await until('the question', async () => (await markOf()) !== before);
			await table.change('messageId', read!, { status: 'read', rank: 4 });
			await asking;
			await sandbox.control('DELETE', 'script');
			assert.deepEqual([await statusOf(read!), await statusOf(delivered!)], [['read', 4], ['delivered', 3]]);
		});

		await step('if no question is answered, nothing is written, and all are asked again', async () => {
			const [messageId] = await sent([DELIVERED]);
			await sandbox.control('POST', 'script', { path: 'hookInfo', times: 'forever', answers: [{ status: 404 }] });
			const { nodes } = await ask();
			assert.ok(!nodes.includes('Write each group'));
			await sandbox.control('DELETE', 'script');
			await ask();
			assert.deepEqual(await statusOf(messageId!), ['delivered', 3]);
		});

		await step(`${MANY} messages: one write for all neighbours with the same answer, and each row says what the channel says`, async () => {
			const isOnItsWay = (place: number) => [0, 99, 200, 201].includes(place);
			const phones = Array.from({ length: MANY }, (_, place) => (isOnItsWay(place) ? ON_ITS_WAY : String(12_025_570_000 + place)));
			const ids = await sent(phones);
			const { items } = await ask();
			const written = new Set(items('Write each group').map(({ messageId }) => messageId));
			assert.deepEqual(ids.map((messageId) => written.has(messageId)), ids.map((_, place) => !isOnItsWay(place)));
			assert.equal(items('Split groups').length, 3);
			const rows = new Map((await table.rows()).map((row) => [row.messageId, row]));
			assert.deepEqual(ids.map((messageId) => rows.get(messageId)?.status ?? null), ids.map((_, place) => (isOnItsWay(place) ? null : 'delivered')));
		});

		await step('every node of the workflow has run', async () => everyNodeRan({ id, name, file: await readWorkflow(PATH) }, ran));
		await sandbox.control('POST', 'webhooks', { urls });
	} finally {
		await step('n8n and the sandbox end when told to', () => environment.stop());
	}
}

const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS).toISOString();
