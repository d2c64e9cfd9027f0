import assert from 'node:assert/strict';
import { join } from 'node:path';
import { OWNER, startEnvironment } from '../../../harness/environment.mts';
import { startN8n, type N8nServer } from '../../../harness/n8n/server.mts';
import type { LogRow } from '../../../harness/n8n/table.mts';
import { activate, deactivate, readWorkflow } from '../../../harness/n8n/workflow.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { everyNodeRan } from '../n8n/import-workflow.mts';
import { runWorkflow } from '../n8n/run-workflow.mts';
import { signalN8n } from '../n8n/signal-n8n.mts';
import { sendPastN8n } from '../n8n/send-past-n8n.mts';
import type { NamedSteps } from '../named-steps.mts';
import type { Stage } from '../stories.mts';

const PATH = 'workflows/nightly-repair.json';
const TIMEOUT_MS = 60_000;
const HOUR_MS = 3_600_000;
const MANY = 1000;
const GATHERED = 40;

const DELIVERED = '12025550181';
const UNREACHABLE = '12025550101';
const OPTED_OUT = '12025550102';
const ON_ITS_WAY = '12025550109';

/** The starter *Nightly repair*, every branch, beside the other starters in an n8n of its own. */
export async function nightlyRepairStory({ step, mustStep }: NamedSteps, stage: Stage): Promise<void> {
	const environment = await mustStep('an n8n with the starters starts', () => startEnvironment({ ...stage, channel: undefined, ports: { n8n: 0, sandbox: 0 } }));
	const { api, table, tasks, optOuts } = environment;
	const sandbox = environment.sandbox!;
	const ran = new Set<string>();
	let restarted: N8nServer | undefined;

	try {
		const nightly = await mustStep('it is imported and published', async () => {
			const placed = await environment.addWorkflow(PATH);
			await activate(api, placed.id, placed.name);
			await deactivate(api, placed.id, placed.name);
			return placed;
		});
		const night = async () => {
			const run = await runWorkflow(api, nightly.id, 'Every night');
			assert.equal(run.status, 'success', run.error);
			for (const node of run.nodes) ran.add(node);
			return run;
		};
		const until = async (what: string, look: () => Promise<boolean>) => await waitFor({ what, timeoutMs: TIMEOUT_MS, look: async () => (await look()) || undefined });
		const told = async (about: RegExp) => (await tasks.rows()).filter(({ what }) => about.test(what ?? ''));
		const isTold = async (about: RegExp) => await until(`a person to be told: ${String(about)}`, async () => (await told(about)).length > 0);
		// An address of this machine is a problem of its own.
		const called = await sandbox.webhookUrls();
		const ours = called.filter((url) => url.startsWith(environment.n8n.url)).map((url) => url.replace(environment.n8n.url, 'https://n8n.example'));
		const urls = ['https://app.1msg.io/service/inbox', ...ours];

		/** Sends a message that no hook tells of, and adds its row as the sender does. */
		const sent = async (phone: string, more: Partial<LogRow> = {}) => {
			const messageId = await sendPastN8n(sandbox, phone);
			const row = { logId: messageId, messageId, contactKey: phone, phone, orderReference: `N-${phone}`, outcome: 'accepted', told: true, acceptedAt: ago(2 * HOUR_MS), ...more };
			await table.add([row]);
			return messageId;
		};
		const rowOf = async (messageId: string) => (await table.rowsWhere('messageId', messageId))[0];
		const statusOf = async (messageId: string) => {
			const row = await rowOf(messageId);
			return [row?.status ?? null, row?.rank ?? null];
		};

		const ids = await mustStep('messages are sent while the channel calls nobody', async () => {
			await sandbox.control('POST', 'webhooks', { urls: [] });
			const sends = {
				delivered: await sent(DELIVERED),
				unreachable: await sent(UNREACHABLE),
				optedOut: await sent(OPTED_OUT),
				onItsWay: await sent(ON_ITS_WAY),
				young: await sent(DELIVERED, { acceptedAt: ago(HOUR_MS / 2) }),
				old: await sent(DELIVERED, { acceptedAt: ago(8 * 24 * HOUR_MS) }),
				read: await sent(DELIVERED, { status: 'read', rank: 4 }),
			};
			await table.add([{ logId: 'wamid.NEVER', messageId: 'wamid.NEVER', outcome: 'accepted', acceptedAt: ago(2 * HOUR_MS) }]);
			await until('the channel to be done with them', async () =>
				(await Promise.all([DELIVERED, UNREACHABLE, OPTED_OUT].map((phone) => sandbox.messagesTo(phone)))).flat().every(({ statuses }) => statuses.length >= 2),
			);
			return sends;
		});

		await step('they are settled, but none that is too young, too old or settled already', async () => {
			await night();
			assert.deepEqual(await statusOf(ids.delivered), ['delivered', 3]);
			assert.deepEqual(await statusOf(ids.unreachable), ['failed', 2]);
			assert.deepEqual(await statusOf(ids.optedOut), ['failed', 2]);
			assert.deepEqual(await statusOf(ids.onItsWay), ['sent', 1]);
			assert.deepEqual(await statusOf('wamid.NEVER'), [null, null]);
			assert.deepEqual(await statusOf(ids.young), [null, null]);
			assert.deepEqual(await statusOf(ids.old), [null, null]);
			assert.deepEqual(await statusOf(ids.read), ['read', 4]);
		});

		await step('their failures are handled, and a person is told that the channel calls nobody', async () => {
			await until('the opt-out', async () => (await optOuts.rowsWhere('contactKey', OPTED_OUT)).length === 1);
			await isTold(/otherChannel 131026/);
			await isTold(/^Nightly repair: The channel calls no URL/);
			assert.equal((await rowOf(ids.unreachable))?.orderReference, `N-${UNREACHABLE}`);
		});

		await step('a second night handles no failure again, and repairs no webhook that is healthy', async () => {
			await sandbox.control('POST', 'webhooks', { urls });
			const { nodes, items } = await night();
			assert.ok(!nodes.includes('Repair webhooks'));
			assert.ok(!nodes.includes('Handle a failure'));
			assert.deepEqual(items('Get unsettled messages').map(({ messageId }) => messageId).sort(), [ids.onItsWay, 'wamid.NEVER'].sort());
		});

		await step('a webhook that 1MSG has disabled is called again, and a person is told', async () => {
			await sandbox.control('POST', 'webhooks', { urls, disabled: ours });
			await night();
			await isTold(/^Nightly repair: https:\/\/n8n\.example\S+ 1MSG has disabled it.* Repaired now\.$/);
			const { webhooks } = await sandbox.control<{ webhooks: Array<{ url: string; enabled: boolean }> }>('GET', 'webhooks');
			assert.deepEqual(webhooks.map(({ url, enabled }) => [url, enabled]), urls.map((url) => [url, true]));
		});

		await step('if no status can be looked up, one task says so, and the webhooks are looked at all the same', async () => {
			await sandbox.control('POST', 'script', { path: 'hookInfo', times: 'forever', answers: [{ status: 404 }] });
			const { nodes } = await night();
			await isTold(/^Nightly repair: The channel does not report message statuses/);
			assert.equal((await told(/does not report message statuses/)).length, 1);
			assert.ok(nodes.includes('Get webhooks'));
		});

		await step('if the webhooks cannot be read, a task says so, and the statuses are settled all the same', async () => {
			await sandbox.control('DELETE', 'script');
			await sandbox.control('POST', 'webhooks', { urls: [] });
			const late = await sent(DELIVERED);
			await sandbox.control('POST', 'webhooks', { urls });
			await sandbox.control('POST', 'script', { path: 'webhook', times: 'forever', answers: [{ status: 403, body: { error: 'Not for you' } }] });
			await until('the last message to arrive', async () => (await sandbox.messagesTo(DELIVERED)).every(({ statuses }) => statuses.length >= 2));
			await night();
			await isTold(/^Nightly repair: .*Not for you/);
			assert.deepEqual(await statusOf(late), ['delivered', 3]);
			await sandbox.control('DELETE', 'script');
		});

		await step(`${MANY} messages in one night`, async () => {
			const acceptedAt = ago(2 * HOUR_MS);
			const rows = Array.from({ length: MANY }, (_, index) => ({ logId: `wamid.MANY-${index}`, messageId: `wamid.MANY-${index}`, outcome: 'accepted', acceptedAt }));
			await table.add(rows);
			const { items } = await night();
			assert.equal(items('Raise the status').length, MANY + 2);
		});

		await step(`n8n is killed while the statuses of ${GATHERED} messages gather: the next night finds every one that was lost`, async () => {
			await sandbox.control('POST', 'webhooks', { urls: called });
			const messages = await Promise.all(Array.from({ length: GATHERED }, async () => await sent(DELIVERED, { rank: 0, acceptedAt: ago(1.5 * HOUR_MS) })));
			const rows = async () => await Promise.all(messages.map(statusOf));
			await until('n8n to log a first status', async () => (await rows()).some(([, rank]) => Number(rank) > 0));
			await signalN8n(environment.n8n.userFolder, 'SIGKILL');
			await environment.n8n.program.stop();
			await until('the channel to be done with them', async () => (await sandbox.messagesTo(DELIVERED)).every(({ statuses }) => statuses.length >= 2));
			restarted = await startN8n(stage.n8n, { userFolder: environment.n8n.userFolder, log: join(stage.folder, 'n8n-killed.log'), port: environment.n8n.port });
			await api.signIn(OWNER);
			const before = await rows();
			assert.ok(before.some(([, rank]) => Number(rank) < 3), 'nothing was lost');
			await night();
			assert.deepEqual(await rows(), messages.map(() => ['delivered', 3]));
		});

		await step('every node of the workflow has run', async () => everyNodeRan({ ...nightly, file: await readWorkflow(PATH) }, ran));
	} finally {
		await step('n8n and the sandbox end when told to', async () => void (await Promise.all([environment.stop(), restarted?.program.stop()])));
	}
}

const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
