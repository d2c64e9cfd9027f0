import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { countsOf, EVENT_HEADER, exampleOrder, post, postEvent, type ArrivalAnswer, type Order, type StockArrivalEvent } from '../../../harness/event.mts';
import { startEnvironment, type Environment } from '../../../harness/environment.mts';
import { DataTable, type Column, type LogRow } from '../../../harness/n8n/table.mts';
import { activate, readWorkflow, saveWorkflow, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import type { Stage } from '../stories.mts';
import { redirected } from '../n8n/redirected.mts';
import { executionsOf, runsWell, type Ran } from '../n8n/run-workflow.mts';
import type { Steps } from '../steps.mts';

/** Sent, never delivered: the story sets the final status. */
const QUIET_PHONE = '12025550109';
const UNDELIVERABLE_PHONE = '12025550101';
const OPTED_OUT_PHONE = '12025550102';
const PERSON = 'person@example.com';
const PAIR_LIMIT = 131056;
const TIMEOUT_MS = 60_000;
const MORE_THAN_A_BATCH = 60;
/** Longer than it takes to add a row and to delete the old ones. */
const OLD_MS = 5000;
const MANY = 90;
/** Statuses long before the last of a batch is accepted, and so before the first is logged. Bundled: single ones by the dozen open the channel's circuit breaker. */
const EARLY = { sentAfterMs: 20, deliveredAfterMs: 60, messagesPerSecond: 10, hookBatch: 20, hookConcurrency: 1 };
const USUAL = { sentAfterMs: 800, deliveredAfterMs: 2500, messagesPerSecond: null, hookBatch: 1, hookConcurrency: 20 };

/** The starter workflows in a real n8n, every branch. */
export async function startersStory({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, { folder, n8n, packed, say }: Stage): Promise<void> {
	let environment: Environment | undefined;
	const start = async () => (environment = await startEnvironment({ folder, n8n, packed, channel: undefined, ports: { n8n: 0, sandbox: 0 }, say }));
	try {
		await mustStep('n8n starts with the starters in service', start);
		const story = new Story(environment!);
		await story.waitLittle();
		await setUpSteps({ step }, story);
		await arrivalSteps({ step }, story);
		await countsSteps({ step }, story);
		await statusSteps({ step }, story);
		await failureSteps({ step }, story);
		await confirmSteps({ step }, story);
		await deleteSteps({ step }, story);
		await step('every node of the starters ran', () => story.everyNodeRan());
	} finally {
		await environment?.stop();
	}
}

/** What the steps do and look at. */
class Story {
	readonly environment: Environment;
	private readonly ran = new Map<string, Set<string>>();

	constructor(environment: Environment) {
		this.environment = environment;
	}

	get sandbox() {
		return this.environment.sandbox!;
	}

	order(phone: string, more: Partial<Order> = {}): Order {
		return { ...exampleOrder(phone), ...more };
	}

	event(...orders: Order[]): StockArrivalEvent {
		return { sku: orders[0]!.sku, productName: 'Trail shoes, size 42', nextStep: 'It ships tomorrow', orderReferences: orders.map(({ orderReference }) => orderReference) };
	}

	/** Posts an event that must be taken; returns the number it was answered. */
	async fire(event: StockArrivalEvent): Promise<string> {
		const { status, body, text } = await postEvent<ArrivalAnswer>(this.environment.eventUrl, event);
		assert.equal(status, 202, text);
		assert.match(body.arrival, /^\d+$/);
		return body.arrival;
	}

	/** Adds the orders, fires their arrival and waits for its end; returns their log rows, in order. */
	async arrive(...orders: Order[]): Promise<LogRow[]> {
		await this.environment.orders.add(orders);
		await this.fire(this.event(...orders));
		await this.sent();
		return await Promise.all(orders.map(async (order) => (await this.rowsOf(order)).at(-1)!));
	}

	async rowsOf({ orderReference }: Order): Promise<LogRow[]> {
		return await this.environment.table.rowsWhere('orderReference', orderReference);
	}

	async stateOf({ orderReference }: Order): Promise<string | undefined> {
		return (await this.environment.orders.rowsWhere('orderReference', orderReference))[0]?.status;
	}

	/** Waits for the arrivals to end; all must have succeeded. */
	async sent(): Promise<void> {
		await this.ended(this.environment.send);
	}

	/** Waits for the executions of a workflow to end, and notes their nodes. */
	async ended({ id, name }: { id: string; name: string }): Promise<void> {
		for (const execution of await executionsOf(this.environment.api, id)) {
			assert.equal(execution.status, 'success', `${name}: ${execution.error}`);
			this.note(name, execution);
		}
	}

	note(workflow: string, { nodes }: Ran): void {
		const known = this.ran.get(workflow) ?? new Set();
		for (const node of nodes) known.add(node);
		this.ran.set(workflow, known);
	}

	/** Asserts that every node of the starters ran, except notes. */
	async everyNodeRan(): Promise<void> {
		const { api, added } = this.environment;
		for (const { id, name, file } of added) {
			for (const execution of await executionsOf(api, id)) this.note(name, execution);
			const nodes = file.nodes.filter(({ type }) => !type.endsWith('.stickyNote')).map((node) => node.name);
			assert.deepEqual([name, nodes.filter((node) => !this.ran.get(name)?.has(node))], [name, []]);
		}
	}

	async hook(id: string, status: string, timestamp = '1754400000', more: object = {}): Promise<void> {
		const { channelId } = this.sandbox;
		await this.sandbox.control('POST', 'hooks', { body: { instanceId: channelId, hooks: [{ id, type: 'message', status, timestamp, recipient_id: '12025550100', ...more }] } });
	}

	async report(messageId: string | null, status: string, code?: number): Promise<void> {
		await this.sandbox.control('POST', `messages/${encodeURIComponent(messageId ?? '')}/status`, { status, code });
	}

	async rowThat(messageId: string | null, what: string, fits: (row: LogRow) => boolean): Promise<LogRow> {
		return await until(`a row of ${messageId} that ${what}`, async () => (await this.environment.table.rowsWhere('messageId', messageId ?? '')).find(fits));
	}

	async taskOf(messageId: string | null) {
		return await until(`a task for ${messageId}`, async () => (await this.environment.tasks.rowsWhere('messageId', messageId ?? ''))[0]);
	}

	/** Brings late statuses into their rows within seconds instead of minutes. */
	async waitLittle(): Promise<void> {
		const { api, added } = this.environment;
		const { id, name, file } = added.find((one) => one.name === 'Late statuses')!;
		const saved = await api.call<WorkflowFile>('GET', `/workflows/${id}`);
		const nodes = saved.nodes.map((node) => node.name === 'Every minute' ? { ...node, parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: 3 }] } } } : JSON.parse(JSON.stringify(node).replaceAll('minutes: 8', 'seconds: 6').replace('minutes: 9', 'seconds: 15')) as typeof node);
		// Its nodes are looked up in saved executions.
		saved.settings.saveDataSuccessExecution = 'all';
		await saveWorkflow(api, { name: file.name, nodes, connections: saved.connections, settings: saved.settings });
		await activate(api, id, name);
	}

	async sends(): Promise<number> {
		return (await this.sandbox.control<{ messages: number }>('GET', 'counts')).messages;
	}
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
	return await waitFor({ what, timeoutMs: TIMEOUT_MS, look });
}

async function setUpSteps({ step }: Pick<Steps, 'step'>, story: Story): Promise<void> {
	const { api, orders, addWorkflow, send } = story.environment;

	await step('set up: makes what is missing; executed again, it changes nothing', async () => {
		const file = await readWorkflow('workflows/set-up.json');
		const { id, name } = await addWorkflow('workflows/set-up.json');
		for (const time of [1, 2]) {
			story.note(name, await runsWell(api, id, 'Start'));
			for (const { parameters } of file.nodes.filter((node) => node.parameters.resource === 'table')) {
				const table = await DataTable.open(api, String(parameters.tableName));
				const { column } = parameters.columns as { column: Column[] };
				assert.deepEqual((await table.columns()).sort(), column.map((each) => each.name).sort(), `${table.name}, time ${time}`);
			}
			assert.equal((await orders.rowsWhere('orderReference', 'TEST-1')).length, 1);
		}
	});

	await step('stock arrival: Execute workflow fires the pinned event, before anything is published', async () => {
		await orders.change('orderReference', 'TEST-1', { phone: '12025550180' });
		story.note(send.name, await runsWell(api, send.id, 'WMS event'));
		const [row] = await story.environment.table.rowsWhere('orderReference', 'TEST-1');
		assert.deepEqual([row?.outcome, row?.phone, row?.told], ['accepted', '12025550180', true]);
		assert.equal((await orders.rowsWhere('orderReference', 'TEST-1'))[0]?.status, 'notified');
	});
}

async function arrivalSteps({ step }: Pick<Steps, 'step'>, story: Story): Promise<void> {
	const { orders, optOuts, table, eventUrl, countsUrl } = story.environment;
	const ofLamp = (phone: string, more: Partial<Order> = {}) => story.order(phone, { sku: 'LAMP-7', email: '', ...more });
	const lamp = { sku: 'LAMP-7', productName: 'Desk lamp', nextStep: 'It ships tomorrow' };

	await step('stock arrival: an incomplete event is answered 400, naming what is missing, and nobody is told', async () => {
		const order = ofLamp('12025550120');
		const nameless = ofLamp('12025550127', { sku: '' });
		await orders.add([order, nameless]);
		for (const field of ['sku', 'productName', 'nextStep'] as const) {
			for (const value of [undefined, '', null]) {
				const { status, body } = await postEvent<ArrivalAnswer>(eventUrl, { ...lamp, [field]: value });
				assert.deepEqual([status, body.missing], [400, [field]]);
			}
		}
		const { status, body } = await postEvent<ArrivalAnswer>(eventUrl, {});
		assert.deepEqual([status, body.missing], [400, ['sku', 'productName', 'nextStep']]);
		await story.sent();
		assert.deepEqual([await story.rowsOf(order), await story.rowsOf(nameless)], [[], []]);
		assert.equal(await story.stateOf(order), 'waiting');
		await orders.change('orderReference', order.orderReference, { status: 'notified' });
	});

	await step('stock arrival: without the header the answer is 403 and nothing runs', async () => {
		const { status } = await post(eventUrl, lamp).catch((error: Error) => ({ status: Number(/answered (\d+)/.exec(error.message)?.[1]) }));
		assert.equal(status, 403);
	});

	const [told, queued, lost, refused, optedOut, noPhone, notified, other] = [
		ofLamp('12025550100'), ofLamp('12025550105'), ofLamp('12025550115'), ofLamp('12025550110'), ofLamp('+1 202 555-0171'), ofLamp('call me'),
		ofLamp('12025550172', { status: 'notified' }), ofLamp('12025550173', { sku: 'LAMP-8' }),
	] as const;

	await step('stock arrival: one event tells everybody who waits for the product; each has a row, and a count', async () => {
		await optOuts.add([{ phone: '12025550171', reason: 'by word' }]);
		const nameless = [ofLamp('12025550193', { orderReference: '' }), { ...ofLamp('12025550194'), orderReference: null }] as Order[];
		await orders.add([told, queued, lost, refused, optedOut, noPhone, notified, other, ...nameless]);
		const arrival = await story.fire(lamp);
		await story.sent();
		const rows = await Promise.all([told, queued, lost, refused, optedOut, noPhone].map(async (order) => (await story.rowsOf(order)).map(({ outcome, errorCode, told, arrival }) => [outcome, outcome === 'refused' && errorCode, told, arrival])));
		assert.deepEqual(rows.slice(0, 3), [[['accepted', false, true, arrival]], [['queued', false, true, arrival]], [['unknown', false, true, arrival]]]);
		assert.deepEqual(rows.slice(4), [[['refused', 'no-opt-in', false, arrival]], [['refused', 'invalid-phone', false, arrival]]]);
		const { delivered, ...counts } = await countsOf(countsUrl, arrival);
		assert.ok(delivered <= 1);
		assert.deepEqual(counts, { orders: 6, accepted: 1, queued: 1, unknown: 1, skipped: 0, rehearsed: 0, refused: 3, sent: 0, read: 0, failed: 0 });
		for (const phone of ['12025550171', '12025550172', '12025550173', '12025550193', '12025550194']) assert.deepEqual(await story.sandbox.messagesTo(phone), [], phone);
		const states = await Promise.all([told, queued, lost, refused, optedOut, noPhone, other].map(async (order) => await story.stateOf(order)));
		assert.deepEqual(states, ['notified', 'notified', 'notified', 'waiting', 'waiting', 'waiting', 'waiting']);
		const [row] = await story.rowsOf(told);
		assert.deepEqual([row?.sku, row?.productName, row?.nextStep, row?.customerName, row?.template], ['LAMP-7', 'Desk lamp', 'It ships tomorrow', 'Alexey', 'stock_arrival']);
	});

	await step('stock arrival: the same event again, with the orders waiting again, tells nobody twice and overwrites nobody', async () => {
		const before = await story.sends();
		for (const { orderReference } of [told, lost]) await orders.change('orderReference', orderReference, { status: 'waiting' });
		await story.fire(story.event(told, lost));
		await story.sent();
		assert.equal(await story.sends(), before);
		const [first] = await story.rowsOf(told);
		const row = await story.rowThat(first!.messageId, 'is delivered', ({ status }) => status === 'delivered');
		assert.deepEqual([row.outcome, row.rank, await story.stateOf(told), await story.stateOf(lost)], ['accepted', 3, 'notified', 'notified']);
		assert.deepEqual((await story.rowsOf(told)).map(({ outcome }) => outcome), ['accepted', 'skipped']);
	});

	await step('stock arrival: fired twice in parallel, each customer gets one message', async () => {
		const waiting = Array.from({ length: MORE_THAN_A_BATCH }, (_, place) => story.order(String(12_025_561_000 + place), { sku: 'LAMP-P' }));
		await orders.add(waiting);
		await Promise.all([1, 2].map(async () => await story.fire(story.event(...waiting))));
		await story.sent();
		for (const { phone, orderReference } of waiting) {
			assert.equal((await story.sandbox.messagesTo(phone)).length, 1, phone);
			assert.equal((await table.rowsWhere('orderReference', orderReference)).filter(({ outcome }) => outcome === 'accepted').length, 1);
		}
		assert.deepEqual(await Promise.all(waiting.map(async (order) => await story.stateOf(order))), waiting.map(() => 'notified'));
	});

	await step('stock arrival: only the orders that the event names; an empty list names nobody', async () => {
		const [mine, theirs] = [story.order('12025550174', { sku: 'LAMP-9' }), story.order('12025550175', { sku: 'LAMP-9' })];
		await orders.add([mine, theirs]);
		for (const orderReferences of [[], null, '', ['lost-and-gone']]) await story.fire({ ...story.event(mine), orderReferences } as StockArrivalEvent);
		await story.sent();
		assert.deepEqual([await story.rowsOf(mine), await story.rowsOf(theirs)], [[], []]);
		await story.fire({ ...story.event(mine), orderReferences: [Number(mine.orderReference), 'lost-and-gone'] } as unknown as StockArrivalEvent);
		await story.sent();
		assert.deepEqual([await story.stateOf(mine), await story.stateOf(theirs)], ['notified', 'waiting']);
		assert.deepEqual(await story.sandbox.messagesTo('12025550175'), []);
	});

	await step('stock arrival: an order reference may have commas and spaces, and is never taken for another one', async () => {
		const [whole, part, spaced] = ['A,17', 'A', ' B 17 '].map((orderReference, place) => story.order(String(12_025_564_000 + place), { sku: 'LAMP-C', orderReference }));
		const states = async () => await Promise.all([whole!, part!, spaced!].map(async (order) => await story.stateOf(order)));
		await orders.add([whole!, part!, spaced!]);
		await story.fire({ ...story.event(whole!), orderReferences: ['A,17'] });
		await story.sent();
		assert.deepEqual(await states(), ['notified', 'waiting', 'waiting']);
		const another = story.order('12025564003', { sku: 'LAMP-C', orderReference: 'A,18' });
		await orders.add([another]);
		await story.fire({ ...story.event(another), orderReferences: undefined });
		await story.sent();
		assert.deepEqual([...(await states()), await story.stateOf(another)], ['notified', 'notified', 'notified', 'notified']);
		const named = ['C1', 'C2', 'C3'].map((orderReference, place) => story.order(String(12_025_564_010 + place), { sku: 'LAMP-C', orderReference }));
		await orders.add(named);
		await story.fire({ ...story.event(whole!), orderReferences: 'C1, C2' } as unknown as StockArrivalEvent);
		await story.sent();
		assert.deepEqual(await Promise.all(named.map(async (order) => await story.stateOf(order))), ['notified', 'notified', 'waiting']);
	});

	await step('stock arrival: in several batches, each order is marked by what became of its own message', async () => {
		const refused = [3, 57, 110];
		const many = Array.from({ length: 120 }, (_, place) => story.order(refused.includes(place) ? `call me ${place}` : String(12_025_565_000 + place), { sku: 'LAMP-E', orderReference: `E-${place}` }));
		await orders.add(many);
		await story.fire({ ...story.event(many[0]!), orderReferences: undefined });
		await story.sent();
		const waiting = (await orders.rowsWhere('sku', 'LAMP-E')).filter(({ status }) => status !== 'notified');
		assert.deepEqual(waiting.map(({ orderReference, status }) => [orderReference, status]), refused.map((place) => [`E-${place}`, 'waiting']));
	});

	await step('stock arrival: customers who share an order reference are each told, or wait on', async () => {
		const both = ['12025564020', '12025564021'].map((phone) => story.order(phone, { sku: 'LAMP-D', orderReference: 'shared-1' }));
		const [good, bad] = ['12025564022', 'call me'].map((phone) => story.order(phone, { sku: 'LAMP-D', orderReference: 'shared-2' }));
		await orders.add([...both, good!, bad!, good!]);
		await story.fire({ ...story.event(good!), orderReferences: undefined });
		await story.sent();
		for (const { phone } of [...both, good!]) assert.equal((await story.sandbox.messagesTo(phone)).length, 1, phone);
		const rows = await orders.rowsWhere('sku', 'LAMP-D');
		assert.deepEqual(rows.map(({ phone, status }) => [phone, status]), [...both, good!, bad!, good!].map(({ phone }) => [phone, phone === 'call me' ? 'waiting' : 'notified']));
	});

	await step('stock arrival: with a Test Recipient the message goes there and the order still waits; then the customer is told', async () => {
		const order = story.order('12025550191', { sku: 'LAMP-12' });
		await redirected(story.environment.api, story.sandbox, '12025550195', async () => {
			assert.equal((await story.arrive(order))[0]?.outcome, 'rehearsed');
		});
		assert.equal(await story.stateOf(order), 'waiting');
		await story.fire(story.event(order));
		await story.sent();
		assert.equal(await story.stateOf(order), 'notified');
		assert.equal((await story.sandbox.messagesTo(order.phone)).length, 1);
	});

	await step('stock arrival: columns that a shop adds to its orders do not stop the log', async () => {
		const wider = await DataTable.open<{ id: number; shelf: string }>(story.environment.api, orders.name, [{ name: 'shelf', type: 'string' }]);
		const order = story.order('12025550121');
		await wider.add([{ ...order, shelf: 'A3' } as never]);
		await story.fire(story.event(order));
		await story.sent();
		assert.equal((await story.rowsOf(order))[0]?.outcome, 'accepted');
	});
}

async function countsSteps({ step }: Pick<Steps, 'step'>, story: Story): Promise<void> {
	const { countsUrl } = story.environment;

	await step('counts: an event that names a callback gets them at its end, and where nobody waits too', async () => {
		const callback = await receiver();
		try {
			const order = story.order('12025550122', { sku: 'MUG-1' });
			await story.environment.orders.add([order]);
			const arrival = await story.fire({ ...story.event(order), callbackUrl: callback.url });
			const first = await until('the callback', async () => callback.bodies[0]);
			assert.deepEqual([first.arrival, first.orders, first.accepted], [arrival, 1, 1]);
			assert.equal((await countsOf(countsUrl, arrival)).orders, 1);
			const nobody = await story.fire({ ...story.event(order), sku: 'NOBODY', callbackUrl: callback.url });
			const second = await until('the second callback', async () => callback.bodies[1]);
			assert.deepEqual([second.arrival, second.orders], [nobody, 0]);
		} finally {
			callback.stop();
		}
	});

	await step('counts: an unknown number, or none, has none', async () => {
		for (const arrival of ['999999', '']) assert.equal((await countsOf(countsUrl, arrival)).orders, 0);
		const response = await fetch(`${countsUrl}?arrival=1`);
		assert.equal(response.status, 403);
	});
}

async function statusSteps({ step }: Pick<Steps, 'step'>, story: Story): Promise<void> {
	const { table, statuses, follow, orders } = story.environment;

	await step('status: delivered; a late "sent" takes nothing back, "read" raises it, and all twice: one row', async () => {
		const [row] = await story.arrive(story.order('12025550123', { sku: 'CAP-1' }));
		const { messageId } = row!;
		await story.rowThat(messageId, 'is delivered', ({ status }) => status === 'delivered');
		for (const status of ['sent', 'read', 'read', 'delivered', 'sent']) await story.report(messageId, status);
		const read = await story.rowThat(messageId, 'is read', ({ status }) => status === 'read');
		await story.ended(follow);
		assert.deepEqual((await table.rowsWhere('messageId', messageId!)).map(({ status, rank, outcome, sku }) => [status, rank, outcome, sku]), [['read', 4, 'accepted', 'CAP-1']]);
		assert.equal(read.logId, messageId);
	});

	await step('status: what comes before the sender has written its row waits for it', async () => {
		const many = Array.from({ length: 30 }, (_, place) => story.order(String(12_025_562_000 + place), { sku: 'CAP-2' }));
		await story.sandbox.control('POST', 'settings', EARLY);
		try {
			await orders.add(many);
			await story.fire(story.event(...many));
			await story.sent();
		} finally {
			await story.sandbox.control('POST', 'settings', USUAL);
		}
		await until('all delivered', async () => ((await table.count({ sku: 'CAP-2', status: 'delivered' })) === many.length ? true : undefined));
		for (const order of many) {
			const rows = await story.rowsOf(order);
			assert.deepEqual(rows.map(({ status, rank, outcome }) => [status, rank, outcome]), [['delivered', 3, 'accepted']]);
			assert.equal((await table.rowsWhere('messageId', rows[0]!.messageId!)).length, 1);
		}
	});

	await step('status: hooks of one message in parallel, and its row after them: the highest status', async () => {
		const ids = Array.from({ length: 10 }, (_, round) => `wamid.RACE-${round}`);
		for (const id of ids) {
			const hooks = ['delivered', 'read', 'delivered', 'read'].map(async (status, place) => await story.hook(id, status, String(1_754_400_000 + place)));
			await Promise.all([...hooks, table.add([{ logId: id, messageId: id, rank: 0 }])]);
		}
		for (const id of ids) await story.rowThat(id, 'is read', ({ status }) => status === 'read');
		await story.ended(follow);
		for (const id of ids) assert.deepEqual((await table.rowsWhere('messageId', id)).map(({ status, rank }) => [status, rank]), [['read', 4]]);
	});

	await step(`status: ${MANY} delivered and read at once, every third failed: each row has its own, and no other row changes`, async () => {
		const ids = Array.from({ length: MANY }, (_, place) => `wamid.MANY-${place}`);
		const acceptedAt = new Date().toISOString();
		await table.add([...ids, 'wamid.MANY-OTHER'].map((id) => ({ logId: id, messageId: id, rank: 0, sku: 'CAP-M', acceptedAt })));
		const wanted = ids.map((_, place) => (place % 3 === 0 ? 'failed' : place % 7 < 3 ? 'delivered' : 'read'));
		const hook = (id: string, status: string) => ({ id, type: 'message', status, timestamp: '1754400000', recipient_id: '12025550100', ...(status === 'failed' ? { errors: [{ code: 131026, title: id }] } : {}) });
		const hooks = ids.flatMap((id, place) => (wanted[place] === 'read' ? [hook(id, 'read'), hook(id, 'delivered')] : [hook(id, wanted[place]!)]));
		await story.sandbox.control('POST', 'hooks', { body: { instanceId: story.sandbox.channelId, hooks } });
		await until('all to have one', async () => ((await table.count({ sku: 'CAP-M', status: null })) === 1 ? true : undefined));
		await story.ended(follow);
		const rows = await table.rowsWhere('sku', 'CAP-M');
		assert.deepEqual(rows.map(({ status }) => status), [...wanted, null]);
		for (const { status, messageId, errorMessage } of rows) if (status === 'failed') assert.ok(errorMessage?.includes(messageId!), errorMessage ?? '');
	});

	await step('status: of a message that nobody logs: no row', async () => {
		await Promise.all(['delivered', 'read', 'delivered'].map(async (status, place) => await story.hook('wamid.FOREIGN', status, String(1_754_400_000 + place))));
		await until('none kept', async () => ((await statuses.count({})) === 0 ? true : undefined));
		assert.deepEqual(await table.rowsWhere('messageId', 'wamid.FOREIGN'), []);
	});
}

async function failureSteps({ step }: Pick<Steps, 'step'>, story: Story): Promise<void> {
	const { mailbox, optOuts, table, follow, api } = story.environment;
	const quietOne = async (more: Partial<Order> = {}) => {
		const order = story.order(QUIET_PHONE, more);
		const [row] = await story.arrive(order);
		return { order, messageId: row!.messageId };
	};

	await step('failure: an e-mail to the customer, once, however often it is reported', async () => {
		const email = 'anna@example.com';
		const [row] = await story.arrive(story.order(UNDELIVERABLE_PHONE, { email, customerName: 'Anna' }));
		const mail = await until('the e-mail', async () => mailbox.mailsTo(email)[0]);
		for (const words of ['Anna', row!.orderReference!, 'Trail shoes, size 42', 'It ships tomorrow']) assert.ok(mail.raw.includes(words), mail.raw);
		await Promise.all([1, 2].map(async () => await story.report(row!.messageId, 'failed', 131026)));
		await story.ended(follow);
		assert.equal(mailbox.mailsTo(email).length, 1);
		const failed = await story.rowThat(row!.messageId, 'has failed', ({ status }) => status === 'failed');
		assert.deepEqual([failed.errorCode, failed.action, failed.rank], ['131026', 'otherChannel', 2]);
	});

	await step('failure: without an address, or with a mail server that refuses: a task', async () => {
		const [noAddress] = await story.arrive(story.order(UNDELIVERABLE_PHONE, { email: '' }));
		assert.match((await story.taskOf(noAddress!.messageId)).what ?? '', /^otherChannel 131026: /);
		mailbox.isFull = true;
		try {
			const [refused] = await story.arrive(story.order(UNDELIVERABLE_PHONE, { email: 'full@example.com' }));
			await story.taskOf(refused!.messageId);
		} finally {
			mailbox.isFull = false;
		}
		assert.deepEqual(mailbox.mailsTo('full@example.com'), []);
	});

	await step('failure: an opt-out is recorded, and the next arrival does not message this customer', async () => {
		await story.arrive(story.order(OPTED_OUT_PHONE));
		await until('the opt-out', async () => (await optOuts.rowsWhere('contactKey', OPTED_OUT_PHONE))[0]);
		const [row] = await story.arrive(story.order(`+${OPTED_OUT_PHONE}`));
		assert.deepEqual([row?.outcome, row?.errorCode], ['refused', 'no-opt-in']);
		assert.equal((await story.sandbox.messagesTo(OPTED_OUT_PHONE)).length, 1);
	});

	await step('failure: the opt-out of a customer whom the log does not know is a task, and stops no arrival', async () => {
		await story.hook('wamid.FOREIGN-STOP', 'failed', undefined, { errors: [{ code: 131050, title: 'User stopped marketing messages' }] });
		assert.match((await story.taskOf('wamid.FOREIGN-STOP')).what ?? '', /^recordOptOut 131050: /);
		assert.equal((await story.arrive(story.order('12025550128')))[0]?.outcome, 'accepted');
	});

	await step('failure: to be tried later: sent once more after the wait; then a person is told', async () => {
		const { order, messageId } = await quietOne();
		await story.report(messageId, 'failed', PAIR_LIMIT);
		const second = await until('the second try', async () => (await story.rowsOf(order)).find(({ tries }) => tries === 2));
		assert.notEqual(second.messageId, messageId);
		assert.deepEqual([second.outcome, second.sku, second.productName], ['accepted', order.sku, 'Trail shoes, size 42']);
		await story.report(second.messageId, 'failed', PAIR_LIMIT);
		assert.match((await story.taskOf(second.messageId)).what ?? '', /^retryLater 131056: /);
		assert.equal((await story.rowsOf(order)).length, 2);
	});

	await step('failure: to be tried later, but delivered meanwhile, or opted out meanwhile: nothing is sent again', async () => {
		const [delivered, optedOut] = [await quietOne(), await quietOne()];
		const sent = await story.sends();
		await story.report(delivered.messageId, 'failed', PAIR_LIMIT);
		await story.rowThat(delivered.messageId, 'has failed', ({ status }) => status === 'failed');
		await story.report(delivered.messageId, 'delivered');
		const row = await story.rowThat(delivered.messageId, 'is delivered', ({ status }) => status === 'delivered');
		assert.equal(row.errorCode, null);
		await story.report(optedOut.messageId, 'failed', PAIR_LIMIT);
		await optOuts.add([{ phone: `+${QUIET_PHONE}`, reason: 'by word' }]);
		await story.taskOf(optedOut.messageId);
		await optOuts.change('phone', `+${QUIET_PHONE}`, { phone: '+12025559999' });
		assert.equal(await story.sends(), sent);
	});

	await step('failure: a person is needed: a task for each message, one e-mail for all that are open', async () => {
		const about = () => mailbox.mailsTo(PERSON).filter(({ raw }) => /131031/.test(raw));
		for (const customerName of ['Alexey', 'Anna']) {
			const { messageId } = await quietOne({ customerName });
			await story.report(messageId, 'failed', 131031);
			const task = await story.taskOf(messageId);
			assert.equal(task.done, false);
			assert.match(task.what ?? '', /^alertPerson 131031: /);
		}
		await until('the e-mail', async () => about()[0]);
		assert.equal(about().length, 1);
	});

	await step('failure: reported before the sender has written its row: handled once the row is there', async () => {
		const email = 'early@example.com';
		const early = story.order(UNDELIVERABLE_PHONE, { sku: 'CAP-3', email });
		const many = Array.from({ length: 30 }, (_, place) => story.order(String(12_025_563_000 + place), { sku: 'CAP-3' }));
		await story.sandbox.control('POST', 'settings', EARLY);
		try {
			await story.arrive(early, ...many);
		} finally {
			await story.sandbox.control('POST', 'settings', USUAL);
		}
		await until('the e-mail', async () => mailbox.mailsTo(email)[0]);
		const [row] = await story.rowsOf(early);
		assert.deepEqual([row?.status, row?.errorCode, row?.outcome], ['failed', '131026', 'accepted']);
		await story.ended(follow);
		assert.equal(mailbox.mailsTo(email).length, 1);
	});

	await step('failure: with a Test Recipient: a task, and no e-mail to the customer whom it was kept from', async () => {
		const email = 'rehearsed@example.com';
		const [row] = await redirected(api, story.sandbox, UNDELIVERABLE_PHONE, async () => await story.arrive(story.order('12025550198', { email })));
		assert.equal(row?.outcome, 'rehearsed');
		assert.match((await story.taskOf(row.messageId)).what ?? '', /^otherChannel 131026: /);
		assert.deepEqual(mailbox.mailsTo(email), []);
		assert.equal((await table.rowsWhere('messageId', row.messageId!)).length, 1);
	});
}

async function confirmSteps({ step }: Pick<Steps, 'step'>, story: Story): Promise<void> {
	const { orders, n8n } = story.environment;
	const url = `${n8n.url}/webhook/order-confirmed`;
	const confirm = async (payload: unknown) => await post<{ confirmed: boolean }>(url, payload, { [EVENT_HEADER.name]: EVENT_HEADER.value });

	await step('confirm: the order says when; an unknown order, or none, is 404 and changes nothing', async () => {
		const [order, number] = [story.order('12025550124'), story.order('12025550125')];
		await orders.add([order, number]);
		const nobody = await orders.count({ confirmedAt: null });
		for (const payload of [{ orderReference: 'lost-and-gone' }, { orderReference: '' }, {}]) {
			const { status, body } = await confirm(payload);
			assert.deepEqual([status, body.confirmed], [404, false]);
		}
		assert.equal(await orders.count({ confirmedAt: null }), nobody);
		for (const orderReference of [order.orderReference, Number(number.orderReference)]) {
			const { status, body } = await confirm({ orderReference });
			assert.deepEqual([status, body.confirmed], [200, true]);
		}
		const [row] = await orders.rowsWhere('orderReference', order.orderReference);
		assert.ok(row?.confirmedAt);
		assert.equal(await orders.count({ confirmedAt: null }), nobody - 2);
	});

	await step('confirm: without the header the answer is 403', async () => {
		assert.equal((await fetch(url, { method: 'POST' })).status, 403);
	});
}

async function deleteSteps({ step }: Pick<Steps, 'step'>, story: Story): Promise<void> {
	const { api, orders, table, addWorkflow } = story.environment;

	await step('old rows: messages and told orders go after their time; young ones and waiting orders stay', async () => {
		const { id, name } = await addWorkflow('workflows/delete-old-rows.json');
		const file = await readWorkflow('workflows/delete-old-rows.json');
		const nodes = JSON.parse(JSON.stringify(file.nodes).replaceAll('days: 90', `milliseconds: ${OLD_MS}`)) as WorkflowFile['nodes'];
		await saveWorkflow(api, { ...file, nodes });
		const [told, waiting, young] = [story.order('12025550141', { status: 'notified' }), story.order('12025550142'), story.order('12025550143', { status: 'notified' })];
		await orders.add([told, waiting]);
		await table.add([{ logId: 'wamid.OLD' }]);
		await sleep(OLD_MS);
		await orders.add([young]);
		await table.add([{ logId: 'wamid.YOUNG' }]);
		story.note(name, await runsWell(api, id, 'Every night'));
		assert.deepEqual((await table.rows()).map(({ logId }) => logId), ['wamid.YOUNG']);
		assert.deepEqual(await Promise.all([told, waiting, young].map(async (order) => await story.stateOf(order))), [undefined, 'waiting', 'notified']);
	});
}

/** A local endpoint that keeps the JSON posted to it. */
async function receiver(): Promise<{ url: string; bodies: Array<Record<string, unknown>>; stop: () => void }> {
	const bodies: Array<Record<string, unknown>> = [];
	const server = createServer((request, response) => {
		const parts: Buffer[] = [];
		request.on('data', (part: Buffer) => parts.push(part));
		request.on('end', () => {
			bodies.push(JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>);
			response.end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/counts`, bodies, stop: () => server.close() };
}
