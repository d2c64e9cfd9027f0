import assert from 'node:assert/strict';
import { exampleEvent, exampleOrder, postEvent, type Order } from '../../../harness/event.mts';
import type { Environment } from '../../../harness/environment.mts';
import { activate, deactivate, saveWorkflow, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { arrive } from '../n8n/arrive.mts';
import { redirected } from '../n8n/redirected.mts';
import { executionsOf, runsWell } from '../n8n/run-workflow.mts';
import type { Steps } from '../steps.mts';

/** More than a batch. */
const MANY = 60;
/** Batched statuses, as 1MSG may send them: n8n starts a few dozen executions a second at best. */
const BUNDLED = { hookBatch: 20, hookConcurrency: 1 };
const UNBUNDLED = { hookBatch: 1, hookConcurrency: 20 };
const LOG_TIMEOUT_MS = 300_000;

/** Stock arrival to WhatsApp: recipients, the warehouse's response, and no duplicates. */
export async function arrivalWorkflowStory({ step }: Pick<Steps, 'step'>, environment: Environment): Promise<void> {
	const { api, orders, optOuts, table, tasks, eventUrl } = environment;
	const sandbox = environment.sandbox!;
	const orderOf = (phone: string, sku: string, more: Partial<Order> = {}): Order => ({ ...exampleOrder(phone), sku, ...more });
	const arrival = (sku: string) => ({ sku, productName: 'Desk lamp', nextStep: 'It ships tomorrow' });
	const statusOf = async ({ orderReference }: Order) => (await orders.rowsWhere('orderReference', orderReference))[0]?.status;
	/** The response precedes the update of the orders. */
	const marked = async (wanted: Order[]) =>
		await waitFor({
			what: 'the orders to be marked as notified',
			timeoutMs: LOG_TIMEOUT_MS,
			look: async () => (await Promise.all(wanted.map(statusOf))).every((status) => status === 'notified') || undefined,
		});
	const sends = async () => (await sandbox.control<{ messages: number }>('GET', 'counts')).messages;

	await step('arrival: Set up, run again, leaves the tables as they are', async () => {
		const ran = await runsWell(api, environment.send.id, 'Set up');
		assert.ok(ran.nodes.includes('Create stock_arrival_tasks'));
	});

	const [told, queued, lost, refused, optedOut, noPhone, notified, other] = [
		orderOf('12025550100', 'LAMP-7'),
		orderOf('12025550105', 'LAMP-7'),
		orderOf('12025550115', 'LAMP-7'),
		orderOf('12025550110', 'LAMP-7'),
		orderOf('+1 202 555-0171', 'LAMP-7'),
		orderOf('call me', 'LAMP-7'),
		orderOf('12025550172', 'LAMP-7', { status: 'notified' }),
		orderOf('12025550173', 'LAMP-8'),
	] as const;

	await step('arrival: one event tells everybody who waits for the product, and is answered with a count per outcome', async () => {
		await optOuts.add([{ phone: '12025550171', reason: 'by word' }]);
		await orders.add([told, queued, lost, refused, optedOut, noPhone, notified, other]);
		const { status, body } = await postEvent(eventUrl, arrival('LAMP-7'));
		const { messages, ...counts } = body;
		assert.equal(status, 200);
		assert.deepEqual(counts, { sku: 'LAMP-7', waiting: 6, accepted: 1, queued: 1, unknown: 1, skipped: 0, rehearsed: 0, refused: 3, notWaiting: [], retryAfter: null });
		const outcomes = new Map(messages.map(({ orderReference, outcome, errorCode }) => [orderReference, outcome === 'refused' ? errorCode : outcome]));
		assert.deepEqual([told, queued, lost, optedOut, noPhone].map(({ orderReference }) => outcomes.get(orderReference)), ['accepted', 'queued', 'unknown', 'no-opt-in', 'invalid-phone']);
		assert.deepEqual(await sandbox.messagesTo('12025550171'), []);
		assert.deepEqual(await sandbox.messagesTo('12025550173'), []);
	});

	await step('arrival: each has a row in the log, with what it takes to send it again', async () => {
		const [row] = await table.rowsWhere('orderReference', told.orderReference);
		const { customerName, sku, productName, nextStep, outcome, tries } = row ?? {};
		assert.deepEqual({ customerName, sku, productName, nextStep, outcome, tries }, { customerName: 'Alexey', sku: 'LAMP-7', productName: 'Desk lamp', nextStep: 'It ships tomorrow', outcome: 'accepted', tries: 1 });
		const rows = await Promise.all([queued, lost, refused].map(async ({ orderReference }) => await table.rowsWhere('orderReference', orderReference)));
		assert.deepEqual(rows.map((found) => found.map((each) => [each.outcome, each.messageId])), [[['queued', null]], [['unknown', null]], [['refused', null]]]);
	});

	await step('arrival: who was told, or may have been, waits no more; who was refused still waits', async () => {
		await marked([told, queued, lost]);
		const statuses = await Promise.all([refused, optedOut, noPhone, other].map(statusOf));
		assert.deepEqual(statuses, ['waiting', 'waiting', 'waiting', 'waiting']);
	});

	await step('arrival: what a person has to mend becomes one task, however often the event is fired; an opt-out becomes none', async () => {
		await postEvent(eventUrl, arrival('LAMP-7'));
		const made = await waitFor({
			what: 'the task of the order without a phone',
			timeoutMs: LOG_TIMEOUT_MS,
			look: async () => {
				const found = await tasks.rowsWhere('orderReference', noPhone.orderReference);
				return found.length > 0 ? found : undefined;
			},
		});
		assert.deepEqual(made.map(({ phone, done }) => [phone, done]), [['call me', false]]);
		assert.match(made[0]?.what ?? '', /^fixData invalid-phone: ./);
		assert.deepEqual(await tasks.rowsWhere('orderReference', optedOut.orderReference), []);
	});

	await step('arrival: the same event again, even with the orders waiting again, sends nothing twice', async () => {
		const before = await sends();
		for (const { orderReference } of [told, lost]) await orders.change('orderReference', orderReference, { status: 'waiting' });
		const { body } = await postEvent(eventUrl, { ...arrival('LAMP-7'), orderReferences: [told.orderReference, lost.orderReference] });
		assert.deepEqual([body.accepted, body.skipped, body.unknown], [0, 1, 1], JSON.stringify(body));
		assert.equal(await sends(), before);
		await marked([told, lost]);
		assert.equal((await table.rowsWhere('orderReference', told.orderReference)).length, 1);
	});

	await step('arrival: with a Test Recipient the message goes there and the order still waits; the same event without it tells the customer', async () => {
		const testRecipient = '12025550195';
		const both = [orderOf('12025550191', 'LAMP-12'), orderOf('12025550192', 'LAMP-12')];
		await orders.add(both);
		await redirected(api, sandbox, testRecipient, async () => {
			for (const time of ['once', 'again']) {
				const { status, body } = await postEvent(eventUrl, arrival('LAMP-12'));
				assert.deepEqual([status, body.rehearsed, body.accepted, body.skipped], [200, 2, 0, 0], time);
				assert.deepEqual(body.messages.map(({ outcome }) => outcome), ['rehearsed', 'rehearsed']);
				await executionsOf(api, environment.send.id);
				assert.deepEqual(await Promise.all(both.map(statusOf)), ['waiting', 'waiting']);
			}
		});
		assert.equal((await sandbox.messagesTo(testRecipient)).length, 2);
		assert.deepEqual((await table.rowsWhere('sku', 'LAMP-12')).map(({ outcome, phone }) => [outcome, phone]), [['rehearsed', testRecipient], ['rehearsed', testRecipient]]);
		assert.equal((await postEvent(eventUrl, arrival('LAMP-12'))).body.accepted, 2);
		await marked(both);
		for (const { phone } of both) assert.equal((await sandbox.messagesTo(phone)).length, 1, phone);
	});

	await step('arrival: a row without an order reference is neither told nor marked', async () => {
		const nobodys = [{ ...orderOf('12025550193', 'LAMP-13'), orderReference: '' }, { ...orderOf('12025550194', 'LAMP-13'), orderReference: null }];
		const somebodys = orderOf('12025550196', 'LAMP-13');
		await orders.add([...(nobodys as Order[]), somebodys]);
		const { body } = await postEvent(eventUrl, arrival('LAMP-13'));
		assert.deepEqual([body.waiting, body.accepted], [1, 1]);
		await marked([somebodys]);
		await executionsOf(api, environment.send.id);
		assert.deepEqual((await orders.rowsWhere('sku', 'LAMP-13')).map(({ orderReference, status }) => [orderReference || null, status]), [[null, 'waiting'], [null, 'waiting'], [somebodys.orderReference, 'notified']]);
		for (const { phone } of nobodys) assert.deepEqual(await sandbox.messagesTo(phone), []);
	});

	await step("arrival: who writes STOP under WhatsApp's own form of a Brazilian number is not messaged again, however the number is written", async () => {
		const forms = ['+55 11 98777-6666', '5511987776666', '551187776666'];
		assert.equal((await arrive(environment, forms[0]!)).outcome, 'accepted');
		const followUp = await environment.addWorkflow('workflows/advanced/crm-follow-up.json');
		await activate(api, followUp.id, followUp.name);
		await sandbox.control('POST', 'inbound', { phone: '551187776666', text: 'STOP' });
		await waitFor({ what: 'the opt-out', timeoutMs: LOG_TIMEOUT_MS, look: async () => (await optOuts.rowsWhere('contactKey', '5511987776666')).length > 0 || undefined });
		await deactivate(api, followUp.id, followUp.name);
		const before = await sends();
		for (const phone of forms) {
			const { outcome, errorCode } = await arrive(environment, phone);
			assert.deepEqual([outcome, errorCode], ['refused', 'no-opt-in'], phone);
		}
		assert.equal(await sends(), before);
	});

	await step('arrival: only the orders of the event are told; a reference that nobody waits with is named', async () => {
		const [mine, theirs] = [orderOf('12025550174', 'LAMP-9'), orderOf('12025550175', 'LAMP-9')];
		await orders.add([mine, theirs]);
		const { body } = await postEvent(eventUrl, { ...arrival('LAMP-9'), orderReferences: [mine.orderReference, 'lost-and-gone'] });
		assert.deepEqual([body.waiting, body.accepted, body.notWaiting], [1, 1, ['lost-and-gone']]);
		assert.equal(await statusOf(theirs), 'waiting');
		assert.deepEqual(await sandbox.messagesTo('12025550175'), []);
	});

	await step('arrival: where nobody waits, the answer is 200 with zeros', async () => {
		for (const event of [arrival('NOBODY'), { ...arrival('LAMP-9'), orderReferences: ['lost-and-gone'] }]) {
			const { status, body } = await postEvent(eventUrl, event);
			assert.deepEqual([status, body.waiting, body.accepted, body.messages], [200, 0, 0, []]);
		}
	});

	await step('arrival: where nothing could be sent for now, the answer is 503 with Retry-After, and the event fired again is sent once', async () => {
		const order = orderOf('12025550176', 'LAMP-10');
		await orders.add([order]);
		await sandbox.control('POST', 'script', { answers: [{ status: 401 }] });
		const { status, headers, body } = await postEvent(eventUrl, exampleEvent(order));
		assert.equal(status, 503, JSON.stringify(body));
		assert.equal(headers['retry-after'], String(body.retryAfter));
		assert.deepEqual([body.refused, body.messages[0]?.action], [1, 'alertPerson']);
		assert.equal(await statusOf(order), 'waiting');
		assert.equal((await postEvent(eventUrl, exampleEvent(order))).body.accepted, 1);
		await marked([order]);
		assert.equal((await postEvent(eventUrl, exampleEvent(order))).body.waiting, 0);
		assert.equal((await sandbox.messagesTo(order.phone)).length, 1);
	});

	await step('arrival: where a table cannot be read, nobody is told, the answer is 503, and the execution fails', async () => {
		const shipped = await api.call<WorkflowFile>('GET', `/workflows/${environment.send.id}`);
		const sent = await sends();
		for (const table of ['stock_arrival_orders', 'stock_arrival_opt_outs']) {
			const { name, nodes, connections, settings } = shipped;
			const broken = JSON.parse(JSON.stringify(nodes).replaceAll(`"value":"${table}"`, '"value":"no_such_table"').replace('"path":"stock-arrival"', `"path":"${table}"`)) as WorkflowFile['nodes'];
			const own = broken.map((node) => (node.name === 'WMS event' ? { ...node, webhookId: table } : node));
			const id = await saveWorkflow(api, { name: `${name} without ${table}`, nodes: own, connections, settings });
			await activate(api, id, name);
			const order = orderOf('12025550178', 'LAMP-11');
			await orders.add([order]);
			const { status, body } = await postEvent(`${environment.n8n.url}/webhook/${table}`, exampleEvent(order));
			assert.equal(status, 503);
			assert.match(body.errorMessage ?? '', /^Nothing was sent\. .*no_such_table/);
			await deactivate(api, id, name);
			assert.deepEqual((await executionsOf(api, id)).map((ran) => ran.status), ['error']);
		}
		assert.equal(await sends(), sent);
	});

	await step(`arrival: one event tells ${MANY} customers; each is delivered, with one row`, async () => {
		const waiting = Array.from({ length: MANY }, (_, index) => orderOf(String(12_025_560_000 + index), 'LAMP-MANY'));
		await orders.add(waiting);
		await sandbox.control('POST', 'settings', BUNDLED);
		const { body } = await postEvent(eventUrl, arrival('LAMP-MANY'));
		assert.equal(body.accepted, MANY);
		const rows = await waitFor({
			what: `${MANY} delivered rows`,
			timeoutMs: LOG_TIMEOUT_MS,
			look: async () => {
				const found = await table.rowsWhere('sku', 'LAMP-MANY');
				return found.filter(({ status }) => status === 'delivered').length >= MANY ? found : undefined;
			},
		});
		assert.equal(rows.length, MANY);
		for (const { messageId } of rows.slice(0, 20)) assert.equal((await table.rowsWhere('messageId', messageId ?? '')).length, 1);
		await marked(waiting.slice(-3));
		assert.deepEqual((await orders.rowsWhere('sku', 'LAMP-MANY')).filter(({ status }) => status !== 'notified'), []);
		await sandbox.control('POST', 'settings', UNBUNDLED);
	});

	await step('arrival: an order with an empty name is refused by name, and nothing is sent', async () => {
		const { outcome, errorCode, action } = await arrive(environment, '12025550177', { customerName: '' });
		assert.deepEqual([outcome, errorCode, action], ['refused', 'empty-variable', 'fixData']);
		assert.deepEqual(await sandbox.messagesTo('12025550177'), []);
	});
}
