import assert from 'node:assert/strict';
import { DataTable, type LogRow, type OptOutRow, type TaskRow } from '../../../harness/n8n/table.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import type { Alone } from '../n8n/alone.mts';
import { callWebhook, everyNodeRan, putInService } from '../n8n/import-workflow.mts';
import { redirected } from '../n8n/redirected.mts';
import { executionsOf, runWorkflow, type Ran } from '../n8n/run-workflow.mts';
import type { Steps } from '../steps.mts';

const PATH = 'workflows/advanced/crm-follow-up.json';
const TIMEOUT_MS = 60_000;
const HOURLY = 'Every hour of the day';
const COLUMNS = ['orderReference', 'customerName', 'phone', 'productName', 'outcome', 'status', 'statusAt', 'acceptedAt', 'errorCode', 'errorMessage', 'action', 'retryAfter', 'told', 'template', 'sku', 'nextStep', 'email', 'arrival', 'rank', 'tries', 'answeredAt', 'followUp', 'followUpAt', 'messageId', 'contactKey', 'bsuid', 'logId'];

/** Silence, a reminder, more silence, a task; and the answers that end it. */
export async function crmFollowUpStory({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, alone: Alone): Promise<void> {
	const { api, sandbox, url } = alone;
	const workflow = await mustStep('follow-up: imported, set up and published', () => putInService(alone, PATH));
	const log = await DataTable.open<LogRow>(api, 'stock_arrival_log');
	const tasks = await DataTable.open<TaskRow>(api, 'stock_arrival_tasks');
	const optOuts = await DataTable.open<OptOutRow>(api, 'stock_arrival_opt_outs');
	const texts = async (phone: string) => (await sandbox.messagesTo(phone)).map(({ text }) => text);
	const rowOf = async (messageId: string) => (await log.rowsWhere('messageId', messageId))[0];
	/** A message delivered hours ago and still unanswered. */
	const delivered = (orderReference: string, phone: string, hours: number, more: Partial<LogRow> = {}): Partial<LogRow> => {
		const at = ago(hours);
		return { messageId: `wamid.${orderReference}`, phone, customerName: 'Anna', orderReference, sku: 'SKU-8123', productName: 'Ceramic mug', nextStep: 'We ship it today', outcome: 'accepted', acceptedAt: at, status: 'delivered', rank: 3, statusAt: at, tries: 1, ...more };
	};
	const hour = async (): Promise<Ran> => await runWorkflow(api, workflow.id, HOURLY);

	await step('follow-up: the log has exactly the agreed columns', async () => assert.deepEqual(await log.columns(), COLUMNS));

	await step('follow-up: a day of silence gets one reminder; an answer, a fresh, an old, a failed, a sent one and one of the waiting list get none', async () => {
		await log.add([
			delivered('F-1', '12025550201', 25),
			delivered('F-2', '12025550202', 25, { status: 'read', rank: 4 }),
			delivered('F-3', '12025550203', 25, { answeredAt: ago(20) }),
			delivered('F-4', '12025550204', 23),
			delivered('F-5', '12025550205', 24 * 8),
			delivered('F-6', '12025550206', 25, { status: 'failed', rank: 2 }),
			delivered('F-7', '12025550207', 25, { status: 'sent', rank: 1 }),
			// In the waiting list's format.
			delivered('W-1', '12025550220', 25, { followUp: 'none' }),
		]);
		assert.equal((await hour()).status, 'success');
		const text = (order: string) => `Hello, Anna! For order #${order}, item "Ceramic mug" is now in stock. Please confirm, and we ship it.`;
		assert.deepEqual(await texts('12025550201'), [text('F-1')]);
		assert.deepEqual(await texts('12025550202'), [text('F-2')]);
		for (const phone of ['12025550203', '12025550204', '12025550205', '12025550206', '12025550207', '12025550220']) assert.deepEqual(await texts(phone), [], phone);
		const row = await rowOf('wamid.F-1');
		assert.equal(row?.followUp, 'reminder');
		assert.ok(row.followUpAt);
	});
	await step('follow-up: the reminder has a row of its own', async () => {
		const [message] = await sandbox.messagesTo('12025550201');
		const row = await rowOf(message?.id ?? '');
		assert.deepEqual([row?.orderReference, row?.outcome, row?.followUp, row?.followUpAt], ['F-1', 'accepted', 'reminder', null]);
	});
	await step('follow-up: the next hours, two at once, remind nobody again', async () => {
		await Promise.all([hour(), hour()]);
		assert.equal((await texts('12025550201')).length, 1);
		assert.deepEqual(await tasks.rows(), []);
	});
	await step('follow-up: two runs at once remind once; two products of one order too', async () => {
		await log.add([delivered('F-8', '12025550208', 26), delivered('F-9', '12025550209', 26), { ...delivered('F-9', '12025550209', 26), messageId: 'wamid.F-9b', productName: 'Oak shelf' }]);
		await Promise.all([hour(), hour()]);
		assert.equal((await texts('12025550208')).length, 1);
		assert.equal((await texts('12025550209')).length, 1);
	});
	await step('follow-up: another day of silence becomes one task for a person', async () => {
		await log.change('messageId', 'wamid.F-1', { followUpAt: ago(25) });
		await hour();
		await hour();
		const [task, ...more] = await tasks.rowsWhere('orderReference', 'F-1');
		assert.deepEqual(more, []);
		assert.deepEqual([task?.phone, task?.messageId, task?.done], ['12025550201', 'wamid.F-1', false]);
		assert.match(String(task?.what), /nor to the reminder/);
		assert.equal((await rowOf('wamid.F-1'))?.followUp, 'task');
		assert.equal((await texts('12025550201')).length, 1);
	});
	await step('follow-up: a reminder that is refused, or not wanted, becomes a task at once', async () => {
		await optOuts.add([{ phone: '12025550211', reason: 'said so', at: ago(1) }]);
		await log.add([delivered('F-10', '12025550110', 25), delivered('F-11', '12025550211', 25)]);
		await hour();
		for (const order of ['F-10', 'F-11']) {
			assert.match(String((await tasks.rowsWhere('orderReference', order))[0]?.what), /the reminder was refused: ./, order);
			assert.equal((await rowOf(`wamid.${order}`))?.followUp, 'task');
		}
		assert.deepEqual(await texts('12025550211'), []);
	});
	await step('follow-up: where a person must see to the template, the claim is given back and the next hour reminds', async () => {
		await sandbox.control('POST', 'templates', { name: 'stock_arrival', language: 'en', status: 'paused' });
		await log.add([delivered('F-12', '12025550212', 25)]);
		const { status, error } = await hour();
		assert.equal(status, 'error');
		assert.match(error, /^Reminders wait until a person has seen to this: ./);
		assert.equal((await rowOf('wamid.F-12'))?.followUp, null);
		await sandbox.control('POST', 'templates', { name: 'stock_arrival', language: 'en', status: 'approved' });
		assert.equal((await hour()).status, 'success');
		assert.equal((await texts('12025550212')).length, 1);
	});
	await step('follow-up: a reminder without an answer from the channel is logged as unknown, and not sent again', async () => {
		await log.add([delivered('F-13', '12025550115', 25)]);
		const before = (await texts('12025550115')).length;
		await hour();
		await hour();
		assert.equal((await texts('12025550115')).length, before + 1);
		assert.ok((await log.rowsWhere('orderReference', 'F-13')).some(({ followUp, followUpAt }) => followUp === 'reminder' && followUpAt === null));
	});

	const answered = async (messageId: string) =>
		await waitFor({ what: `${messageId} to be answered`, timeoutMs: TIMEOUT_MS, look: async () => ((await rowOf(messageId))?.answeredAt ? true : undefined) });
	await step('follow-up: a tap that quotes the message stops its order, and that alone', async () => {
		await log.add([delivered('F-14', '12025550214', 25), delivered('F-15', '12025550214', 1)]);
		await sandbox.control('POST', 'inbound', { phone: '12025550214', button: { text: 'Ship it', payload: 'yes' }, quotedMessageId: 'wamid.F-14' });
		await answered('wamid.F-14');
		assert.equal((await rowOf('wamid.F-15'))?.answeredAt, null);
		await hour();
		assert.deepEqual(await texts('12025550214'), []);
	});
	await step('follow-up: an answer to the reminder stops the task', async () => {
		const [reminder] = await sandbox.messagesTo('12025550202');
		await sandbox.control('POST', 'inbound', { phone: '12025550202', text: 'Yes please', quotedMessageId: reminder?.id });
		await answered('wamid.F-2');
		await log.change('messageId', 'wamid.F-2', { followUpAt: ago(25) });
		await hour();
		assert.deepEqual(await tasks.rowsWhere('orderReference', 'F-2'), []);
	});
	await step('follow-up: a text without a quote stops all that is open for the phone', async () => {
		await log.add([delivered('F-16', '12025550216', 25), delivered('F-17', '12025550216', 25)]);
		await sandbox.control('POST', 'inbound', { phone: '12025550216', text: 'Coming on Friday' });
		await answered('wamid.F-16');
		await answered('wamid.F-17');
		await hour();
		assert.deepEqual(await texts('12025550216'), []);
	});
	await step('follow-up: who writes STOP is recorded as an opt-out; who writes it in a sentence is not', async () => {
		await sandbox.control('POST', 'inbound', { phone: '12025550221', text: ' Stop! ' });
		await sandbox.control('POST', 'inbound', { phone: '12025550222', text: 'Please do not stop' });
		await waitFor({ what: 'the opt-out', timeoutMs: TIMEOUT_MS, look: async () => ((await optOuts.rowsWhere('phone', '12025550221')).length > 0 ? true : undefined) });
		await executionsOf(api, workflow.id);
		assert.deepEqual((await optOuts.rowsWhere('contactKey', '12025550221')).map(({ reason }) => reason), ['wrote:  Stop! ']);
		assert.deepEqual(await optOuts.rowsWhere('phone', '12025550222'), []);
	});
	await step("follow-up: who writes STOP under WhatsApp's own form of a Brazilian number has answered, and gets no reminder any more", async () => {
		const contactKey = '5511987776666';
		await log.add([delivered('F-23', '5511987776666', 25, { contactKey })]);
		await sandbox.control('POST', 'inbound', { phone: '551187776666', text: 'Stop' });
		await answered('wamid.F-23');
		await waitFor({ what: 'the opt-out', timeoutMs: TIMEOUT_MS, look: async () => ((await optOuts.rowsWhere('contactKey', contactKey)).length > 0 ? true : undefined) });
		// The second is in an older version's format.
		await log.add([delivered('F-24', '5511987776666', 25, { contactKey }), delivered('F-25', '5511987776666', 25)]);
		await hour();
		for (const order of ['F-24', 'F-25']) assert.match(String((await tasks.rowsWhere('orderReference', order))[0]?.what), /the reminder was refused: ./, order);
		assert.deepEqual([await texts('5511987776666'), await texts('551187776666')], [[], []]);
	});
	await step('follow-up: with a Test Recipient the reminder goes there, once, and the customer is reminded without it', async () => {
		const testRecipient = '12025550229';
		await log.add([delivered('F-26', '12025550226', 25)]);
		await redirected(api, sandbox, testRecipient, async () => {
			for (const time of ['once', 'again']) {
				assert.equal((await hour()).status, 'success');
				assert.equal((await rowOf('wamid.F-26'))?.followUp, null, time);
			}
		});
		assert.equal((await texts(testRecipient)).length, 1);
		assert.deepEqual(await texts('12025550226'), []);
		await hour();
		assert.equal((await texts('12025550226')).length, 1);
		assert.equal((await rowOf('wamid.F-26'))?.followUp, 'reminder');
	});
	await step('follow-up: the page behind the button stops it too, by order, for those who know the header', async () => {
		await log.add([delivered('F-18', '12025550218', 25)]);
		const confirm = async (body: unknown, headers?: Record<string, string>) => await callWebhook(`${url}/webhook/stock-arrival-confirmed`, body, headers);
		assert.equal((await confirm({ orderReference: 'F-18' }, {})).status, 403);
		const wrong = await confirm({});
		assert.equal(wrong.status, 400);
		assert.deepEqual(wrong.body.missing, ['orderReference']);
		assert.deepEqual((await confirm({ orderReference: 'nobody' })).body, { stopped: 0 });
		assert.deepEqual((await confirm({ orderReference: 'F-18' })).body, { stopped: 1 });
		await hour();
		assert.deepEqual(await texts('12025550218'), []);
	});
	await step('follow-up: every node of the workflow has run', async () => {
		everyNodeRan(workflow, (await executionsOf(api, workflow.id)).flatMap(({ nodes }) => nodes));
	});
}

/** A time this many hours ago. */
function ago(hours: number): string {
	return new Date(Date.now() - hours * 3_600_000).toISOString();
}
