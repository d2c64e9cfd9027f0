import assert from 'node:assert/strict';
import type { Environment } from '../../../harness/environment.mts';
import type { LogRow } from '../../../harness/n8n/table.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { arrive, type Arrival } from '../n8n/arrive.mts';
import { redirected } from '../n8n/redirected.mts';
import { executionsOf } from '../n8n/run-workflow.mts';
import type { Steps } from '../steps.mts';

/** Sent, never delivered: the story sets the final status. */
const QUIET_PHONE = '12025550109';
const PERSON = 'person@example.com';
const PAIR_LIMIT = 131056;
const TIMEOUT_MS = 60_000;

/** Delivery status to log: the follow-up of a failed message, once. */
export async function failedWorkflowStory({ step }: Pick<Steps, 'step'>, environment: Environment): Promise<void> {
	const { api, mailbox, table, optOuts, tasks, follow } = environment;
	const sandbox = environment.sandbox!;
	const report = async (messageId: string, status: string, code?: number) => {
		await sandbox.control('POST', `messages/${encodeURIComponent(messageId)}/status`, { status, code });
	};
	const until = async <T,>(what: string, look: () => Promise<T | undefined>): Promise<T> => await waitFor({ what, timeoutMs: TIMEOUT_MS, look });
	const tries = async ({ order }: Arrival) => await table.rowsWhere('orderReference', order.orderReference);
	const tryNumber = async (arrival: Arrival, wanted: number): Promise<LogRow> =>
		await until(`try ${wanted} of order ${arrival.order.orderReference}`, async () => (await tries(arrival)).find((row) => row.tries === wanted));
	const taskOf = async (messageId: string) => await until(`a task for ${messageId}`, async () => (await tasks.rowsWhere('messageId', messageId))[0]);
	const allEnded = async () => void (await executionsOf(api, follow.id));

	await step('failed, to be tried later: sent once more after the wait, and again until the tries are used up; then a person is told', async () => {
		const arrival = await arrive(environment, QUIET_PHONE);
		let failed = arrival.messageId ?? '';
		for (const wanted of [2, 3]) {
			await report(failed, 'failed', PAIR_LIMIT);
			await report(failed, 'failed', PAIR_LIMIT);
			const next = await tryNumber(arrival, wanted);
			assert.notEqual(next.messageId, failed);
			assert.equal(next.outcome, 'accepted');
			failed = next.messageId ?? '';
		}
		await report(failed, 'failed', PAIR_LIMIT);
		assert.match((await taskOf(failed)).what ?? '', /^retryLater 131056: /);
		await allEnded();
		assert.deepEqual((await tries(arrival)).map((row) => [row.tries, row.status]), [[1, 'failed'], [2, 'failed'], [3, 'failed']]);
	});

	await step('failed, to be tried later, but delivered meanwhile, or the customer opted out: nothing is sent again', async () => {
		const [delivered, optedOut] = [await arrive(environment, QUIET_PHONE), await arrive(environment, QUIET_PHONE)];
		const sent = (await sandbox.messagesTo(QUIET_PHONE)).length;
		await report(delivered.messageId ?? '', 'failed', PAIR_LIMIT);
		await report(delivered.messageId ?? '', 'delivered');
		await allEnded();
		await optOuts.add([{ phone: QUIET_PHONE, reason: 'by word' }]);
		await report(optedOut.messageId ?? '', 'failed', PAIR_LIMIT);
		await until('the failed row', async () => (await table.rowsWhere('messageId', optedOut.messageId ?? '')).find(({ status }) => status === 'failed'));
		await allEnded();
		await optOuts.change('phone', QUIET_PHONE, { phone: 'forgotten' });
		assert.equal((await sandbox.messagesTo(QUIET_PHONE)).length, sent);
		assert.equal((await table.rowsWhere('messageId', delivered.messageId ?? ''))[0]?.status, 'delivered');
	});

	await step('failed, to be tried later, and the second try refused: a row and a task', async () => {
		const arrival = await arrive(environment, QUIET_PHONE);
		await sandbox.control('POST', 'script', { answers: [{ status: 400 }] });
		await report(arrival.messageId ?? '', 'failed', PAIR_LIMIT);
		const second = await tryNumber(arrival, 2);
		assert.deepEqual([second.outcome, second.messageId], ['refused', null]);
		await taskOf(arrival.messageId ?? '');
	});

	await step('failed for good: an e-mail to the customer, once, however often it is reported', async () => {
		const email = 'anna@example.com';
		const { order, messageId = '' } = await arrive(environment, '12025550101', { email, customerName: 'Anna' });
		const mail = await until('the e-mail', async () => mailbox.mailsTo(email)[0]);
		for (const words of ['Anna', order.orderReference, 'Trail shoes, size 42', 'It ships tomorrow']) assert.ok(mail.raw.includes(words), mail.raw);
		await report(messageId ?? '', 'failed', 131026);
		await allEnded();
		assert.equal(mailbox.mailsTo(email).length, 1);
	});

	await step('failed for good, without an address, with a mail server that refuses, or without an order: a task', async () => {
		const noAddress = await arrive(environment, '12025550101', { email: '' });
		assert.match((await taskOf(noAddress.messageId ?? '')).what ?? '', /no e-mail that works/);
		mailbox.isFull = true;
		const refused = await arrive(environment, '12025550101', { email: 'full@example.com' });
		await taskOf(refused.messageId ?? '');
		mailbox.isFull = false;
		assert.deepEqual(mailbox.mailsTo('full@example.com'), []);
		const hook = { id: 'wamid.FOREIGN', type: 'message', status: 'failed', timestamp: '1754400000', recipient_id: '12025550179', errors: [{ code: 131026, title: 'Message undeliverable' }] };
		await sandbox.control('POST', 'hooks', { body: { instanceId: sandbox.channelId, hooks: [hook] } });
		await taskOf('wamid.FOREIGN');
	});

	await step('failed, opted out: recorded, and the next arrival does not message this customer', async () => {
		await arrive(environment, '12025550102');
		await until('the opt-out', async () => (await optOuts.rowsWhere('phone', '12025550102'))[0]);
		const { outcome, errorCode } = await arrive(environment, '12025550102');
		assert.deepEqual([outcome, errorCode], ['refused', 'no-opt-in']);
		assert.equal((await sandbox.messagesTo('12025550102')).length, 1);
	});

	await step("failed, opted out under WhatsApp's own form of a Mexican number: this customer is not messaged, whichever form the order has", async () => {
		const hook = { id: 'wamid.MEXICO', type: 'message', status: 'failed', timestamp: '1754400000', recipient_id: '5215512349876', errors: [{ code: 131050, title: 'User has stopped marketing messages' }] };
		await sandbox.control('POST', 'hooks', { body: { instanceId: sandbox.channelId, hooks: [hook] } });
		await until('the opt-out', async () => (await optOuts.rowsWhere('contactKey', '525512349876'))[0]);
		const { outcome, errorCode } = await arrive(environment, '+52 55 1234 9876');
		assert.deepEqual([outcome, errorCode], ['refused', 'no-opt-in']);
	});

	await step('failed, to be tried later, but a person has written the opt-out down under another form of the number: nothing is sent again', async () => {
		const arrival = await arrive(environment, '5511987775555');
		await optOuts.add([{ phone: '551187775555', reason: 'by word' }]);
		await report(arrival.messageId ?? '', 'failed', PAIR_LIMIT);
		await until('the failed row', async () => (await table.rowsWhere('messageId', arrival.messageId ?? '')).find(({ status }) => status === 'failed'));
		await allEnded();
		assert.equal((await sandbox.messagesTo('5511987775555')).length, 1);
	});

	await step('failed, with a Test Recipient: a task, and no e-mail to the customer whom it was kept from', async () => {
		const email = 'rehearsed@example.com';
		const { outcome, messageId } = await redirected(api, sandbox, '12025550101', () => arrive(environment, '12025550198', { email }));
		assert.equal(outcome, 'rehearsed');
		assert.match((await taskOf(messageId ?? '')).what ?? '', /^otherChannel 131026: /);
		await allEnded();
		assert.deepEqual(mailbox.mailsTo(email), []);
	});

	await step('failed, to be tried later, with a Test Recipient by then: a task instead of a try that the customer never sees', async () => {
		const arrival = await arrive(environment, QUIET_PHONE);
		const sent = (await sandbox.messagesTo(QUIET_PHONE)).length;
		await redirected(api, sandbox, '12025550197', async () => {
			await report(arrival.messageId ?? '', 'failed', PAIR_LIMIT);
			await taskOf(arrival.messageId ?? '');
			await allEnded();
		});
		assert.equal((await tryNumber(arrival, 2)).outcome, 'rehearsed');
		assert.equal((await sandbox.messagesTo(QUIET_PHONE)).length, sent);
	});

	await step('failed, a person is needed: a task for each message, one e-mail for all that are open', async () => {
		const about = () => mailbox.mailsTo(PERSON).filter(({ raw }) => /131031/.test(raw));
		const before = about().length;
		for (const customerName of ['Alexey', 'Anna']) {
			const { messageId } = await arrive(environment, QUIET_PHONE, { customerName });
			await report(messageId ?? '', 'failed', 131031);
			const task = await taskOf(messageId ?? '');
			assert.equal(task.done, false);
			assert.match(task.what ?? '', /^alertPerson 131031: /);
			await allEnded();
		}
		assert.equal(about().length, before + 1);
	});
}
