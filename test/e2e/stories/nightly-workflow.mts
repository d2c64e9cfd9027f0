import assert from 'node:assert/strict';
import type { Environment } from '../../../harness/environment.mts';
import { activate, deactivate } from '../../../harness/n8n/workflow.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { arrive } from '../n8n/arrive.mts';
import { runsWell, runWorkflow } from '../n8n/run-workflow.mts';
import type { Steps } from '../steps.mts';

const TIMEOUT_MS = 30_000;
const TWO_HOURS_MS = 7_200_000;
/** Delivered, failed, opted out, and one without further reports. */
const PHONES = ['12025550181', '12025550101', '12025550102', '12025550109'];

/** Nightly repair: settles what hooks missed, enables disabled URLs, and reports the rest to a person. */
export async function nightlyWorkflowStory({ step }: Pick<Steps, 'step'>, environment: Environment): Promise<void> {
	const { api, table, optOuts, tasks } = environment;
	const sandbox = environment.sandbox!;
	const nightly = await step('nightly: it can be imported, and put in service', async () => {
		const placed = await environment.addWorkflow('workflows/advanced/nightly-repair.json');
		await activate(api, placed.id, placed.name);
		await deactivate(api, placed.id, placed.name);
		return placed;
	});
	if (!nightly) return;
	const run = async () => await runWorkflow(api, nightly.id, 'Every night');
	const summaryOf = ({ items }: Awaited<ReturnType<typeof run>>) => items('Summary')[0] ?? {};
	const before = await sandbox.webhookUrls();
	const ours = before.filter((url) => url.startsWith(environment.n8n.url));

	await step('nightly: Set up leaves the tables as they are', async () => {
		await runsWell(api, nightly.id, 'Set up');
	});

	const messages = await step('nightly: messages whose hooks nobody hears', async () => {
		await sandbox.control('POST', 'webhooks', { urls: ours.map((url) => url.replace('/webhook/', '/webhook/another-')) });
		await optOuts.change('phone', '12025550102', { contactKey: 'forgotten', phone: 'forgotten' });
		const acceptedAt = new Date(Date.now() - TWO_HOURS_MS).toISOString();
		const ids: string[] = [];
		for (const [index, phone] of PHONES.entries()) {
			const { messageId } = await arrive(environment, phone);
			ids.push(messageId ?? '');
			await waitFor({
				what: `${phone} to be settled at the channel`,
				timeoutMs: TIMEOUT_MS,
				look: async () => ((await sandbox.messagesTo(phone)).find(({ id }) => id === messageId)?.statuses.length ?? 0) >= (index === 3 ? 1 : 2) || undefined,
			});
			await table.change('messageId', messageId ?? '', { acceptedAt });
		}
		await table.add([{ messageId: 'wamid.NEVER', acceptedAt }]);
		return ids;
	});
	const rows = async () => await Promise.all((messages ?? []).map(async (id) => (await table.rowsWhere('messageId', id))[0]));

	await step('nightly: they are settled; the failures are taken care of; and it fails because no webhook told of any, though an n8n is in the list', async () => {
		assert.deepEqual((await rows()).map((row) => row?.status), [null, null, null, null]);
		const ran = await run();
		assert.deepEqual((await rows()).map((row) => [row?.status, row?.rank, row?.action]), [['delivered', 3, null], ['failed', 2, 'otherChannel'], ['failed', 2, 'recordOptOut'], ['sent', 1, null]]);
		assert.equal((await tasks.rowsWhere('messageId', messages?.[1] ?? '')).length, 1);
		assert.equal((await optOuts.rowsWhere('contactKey', '12025550102')).length, 1);
		assert.equal((await tasks.rowsWhere('messageId', messages?.[2] ?? '')).length, 0);
		assert.equal(ran.status, 'error');
		assert.match(ran.error, /3 messages of the last day arrived or failed, and no webhook told so\..*Delivery status to log/);
		assert.equal(summaryOf(ran).failed, 2);
		assert.ok(Number(summaryOf(ran).withoutReport) >= 1);
	});

	await step('nightly: it fails where the channel calls no n8n', async () => {
		await sandbox.control('POST', 'webhooks', { urls: [] });
		const ran = await run();
		assert.match(ran.error, /No webhook of an n8n is in the channel's list/);
	});

	await step('nightly: a second night takes nothing back and makes no second task; a disabled webhook is enabled again', async () => {
		await sandbox.control('POST', 'webhooks', { urls: before, disabled: ours });
		const ran = await run();
		assert.equal(ran.status, 'success', ran.error);
		assert.ok(ran.nodes.includes('All well'));
		assert.deepEqual([summaryOf(ran).failed, summaryOf(ran).raised, (summaryOf(ran).repaired as unknown[]).length], [0, 0, 1]);
		assert.equal((await tasks.rowsWhere('messageId', messages?.[1] ?? '')).length, 1);
		const { webhooks } = await sandbox.control<{ webhooks: Array<Record<string, unknown>> }>('GET', 'webhooks');
		assert.deepEqual(webhooks.map(({ url }) => url), before);
		const again = await run();
		assert.ok(!again.nodes.includes('Repair webhooks'));
	});

	await step('nightly: a channel that answers nothing is said in a sentence', async () => {
		await sandbox.control('POST', 'script', { path: 'hookInfo', times: 'forever', answers: [{ status: 404 }] });
		const noStatus = await run();
		assert.match(noStatus.error, /A status could not be looked up: /);
		await sandbox.control('POST', 'script', { path: 'webhook', times: 'forever', answers: [{ status: 403 }] });
		const noList = await run();
		assert.match(noList.error, /The webhooks could not be looked at: /);
		await sandbox.control('DELETE', 'script');
	});
}
