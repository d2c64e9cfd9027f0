import assert from 'node:assert/strict';
import { DataTable, type LogRow, type OptOutRow } from '../../../harness/n8n/table.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import type { Alone } from '../n8n/alone.mts';
import { callWebhook, everyNodeRan, putInService } from '../n8n/import-workflow.mts';
import { redirected } from '../n8n/redirected.mts';
import { executionsOf, runWorkflow } from '../n8n/run-workflow.mts';
import type { Steps } from '../steps.mts';

const PATH = 'workflows/advanced/back-in-stock-waiting-list.json';
const TIMEOUT_MS = 60_000;
const CONSENT = 'Tell me on WhatsApp when it has arrived (Example Shop)';
const SWEEP = 'Every 5 minutes';

/** A customer on the list, with the inspected columns. */
interface SubscriptionRow {
	id: number;
	contactKey: string | null;
	phone: string | null;
	customerName: string | null;
	sku: string | null;
	productName: string | null;
	timeZone: string | null;
	consent: string | null;
	subscribedAt: string | null;
	state: string | null;
	batch: string | null;
	claimedAt: string | null;
	messageId: string | null;
}

/** From form to message: order, quantity, night hours, ways out. */
export async function waitingListStory({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, alone: Alone): Promise<void> {
	const { api, sandbox, url } = alone;
	const workflow = await mustStep('waiting list: imported, set up and published', () => putInService(alone, PATH));
	const list = await DataTable.open<SubscriptionRow>(api, 'stock_arrival_subscriptions');
	const log = await DataTable.open<LogRow>(api, 'stock_arrival_log');
	const optOuts = await DataTable.open<OptOutRow>(api, 'stock_arrival_opt_outs');
	const arrives = async (body: unknown, headers?: Record<string, string>) => await callWebhook(`${url}/webhook/back-in-stock-arrival`, body, headers);
	const texts = async (phone: string) => (await sandbox.messagesTo(phone)).map(({ text }) => text);
	const states = async (sku: string) => (await list.rowsWhere('sku', sku)).map(({ phone, state }) => `${phone} ${state}`);
	let subscribedAt = Date.now() - 86_400_000;
	/** Rows of one product, subscribed a minute apart. */
	const subscribed = async (sku: string, rows: Array<Partial<SubscriptionRow>>) => {
		await list.add(rows.map((row) => ({ customerName: 'Anna', sku, productName: sku, timeZone: zoneAt(13), consent: CONSENT, subscribedAt: new Date((subscribedAt += 60_000)).toISOString(), state: 'waiting', ...row })));
	};
	/** Waits for the executions started so far. */
	const settled = async () => await executionsOf(api, workflow.id);

	await step('waiting list: the form puts a customer on the list, with the opt-in', async () => {
		assert.match(await submit(url, { phone: '01512 3456789' }), /You are on the list/);
		const [row, ...more] = await list.rowsWhere('sku', 'SKU-1');
		assert.deepEqual(more, []);
		assert.deepEqual(
			[row?.phone, row?.customerName, row?.productName, row?.timeZone, row?.consent, row?.state],
			['4915123456789', 'Anna', 'Oak shelf', 'Europe/Berlin', CONSENT, 'waiting'],
		);
		assert.ok(row?.subscribedAt);
	});
	await step('waiting list: who is on it already stays where they are', async () => {
		assert.match(await submit(url, { phone: '+49 1512 3456789' }), /You are on the list/);
		assert.equal((await list.rowsWhere('sku', 'SKU-1')).length, 1);
	});
	await step('waiting list: in another country the phone needs its country code, and the shop\'s clock is gone by', async () => {
		assert.match(await submit(url, { phone: '01512 3456788', place: 'Another country', sku: 'SKU-0' }), /no phone number that we can write to.*country code/);
		assert.match(await submit(url, { phone: '+43 660 1234567', place: 'Another country', sku: 'SKU-0' }), /You are on the list/);
		assert.deepEqual((await list.rowsWhere('sku', 'SKU-0')).map(({ phone, timeZone }) => [phone, timeZone || null]), [['436601234567', null]]);
		await list.change('sku', 'SKU-0', { state: 'refused' });
	});
	await step('waiting list: a phone that is none, no product or no opt-in: nobody is put on it', async () => {
		assert.match(await submit(url, { phone: 'call me' }), /no phone number that we can write to/);
		assert.match(await submit(url, { sku: '' }), /open this form at the product/);
		assert.match(await submit(url, { consent: '[]' }), /open this form at the product/);
		assert.equal((await list.rows()).length, 2);
	});
	await step('waiting list: who has opted out is told so', async () => {
		await optOuts.add([{ phone: '4915123456700', reason: '131050', at: new Date().toISOString() }]);
		assert.match(await submit(url, { phone: '+49 1512 3456700' }), /cannot write to this number/);
		assert.equal((await list.rows()).length, 2);
	});

	await step('waiting list: a Brazilian number with and without its 9 is one customer, on the list and among those who opted out', async () => {
		assert.match(await submit(url, { phone: '(11) 98777-6666', place: 'Brazil', sku: 'SKU-10' }), /You are on the list/);
		assert.match(await submit(url, { phone: '+55 11 8777-6666', place: 'Brazil', sku: 'SKU-10' }), /You are on the list/);
		assert.deepEqual((await list.rowsWhere('sku', 'SKU-10')).map(({ phone, contactKey }) => [phone, contactKey]), [['5511987776666', '5511987776666']]);
		// As recorded by CRM follow-up for a STOP; by a person; by an older version.
		const optedOut: Array<Partial<OptOutRow>> = [{ contactKey: '5511987775551', phone: '551187775551' }, { phone: '551187775552' }, { phone: '5511987775553' }];
		await optOuts.add(optedOut.map((row) => ({ ...row, reason: 'wrote: stop' })));
		for (const phone of ['+55 11 98777-5551', '+55 11 98777-5552', '+55 11 8777-5553']) {
			assert.match(await submit(url, { phone, place: 'Brazil', sku: 'SKU-10' }), /cannot write to this number/, phone);
		}
		assert.equal((await list.rowsWhere('sku', 'SKU-10')).length, 1);
	});

	await step('waiting list: an arrival without the header is refused', async () => {
		assert.equal((await arrives({ items: [{ sku: 'SKU-2', productName: 'Mug', quantity: 1 }] }, {})).status, 403);
	});
	for (const [what, body, missing] of [
		['items', {}, ['items']],
		['any item', { items: [] }, ['items']],
		['sku', { items: [{ productName: 'Mug', quantity: 1 }] }, ['items[0].sku']],
		['productName', { items: [{ sku: 'SKU-2', quantity: 1 }] }, ['items[0].productName']],
		['a whole quantity', { items: [{ sku: 'SKU-2', productName: 'Mug', quantity: 1 }, { sku: 'SKU-3', productName: 'Cup', quantity: 1.5 }] }, ['items[1].quantity']],
		['everything in an item', { items: [null] }, ['items[0].sku', 'items[0].productName', 'items[0].quantity']],
	] as const) {
		await step(`waiting list: an arrival without ${what} is answered 400, naming it`, async () => {
			const answer = await arrives(body);
			assert.equal(answer.status, 400);
			assert.deepEqual(answer.body.missing, missing);
		});
	}
	await step('waiting list: what nobody waits for is left for the shop', async () => {
		const { status, body } = await arrives({ arrivalId: 'a-0', items: [{ sku: 'NOBODY', productName: 'Vase', quantity: 3 }] });
		assert.equal(status, 200);
		assert.deepEqual(body, { arrivalId: 'a-0', reserved: 0, stillWaiting: 0, left: 3, products: [{ sku: 'NOBODY', reserved: 0, stillWaiting: 0, left: 3 }] });
	});

	const arrival = { arrivalId: 'a-1', items: [{ sku: 'SKU-2', productName: 'Ceramic mug', quantity: 2 }, { sku: 'SKU-3', productName: 'Oak shelf', quantity: 1 }] };
	await step('waiting list: in order while it lasts, several products in one message, nobody at night, no one who opted out', async () => {
		await optOuts.add([{ phone: '12025550131', reason: 'said so', at: new Date().toISOString() }]);
		await subscribed('SKU-2', [{ phone: '12025550131' }, { phone: '12025550132' }, { phone: '12025550133', timeZone: zoneAt(2) }, { phone: '12025550134' }]);
		await subscribed('SKU-3', [{ phone: '12025550132' }]);
		const { status, body } = await arrives(arrival);
		assert.equal(status, 200);
		assert.deepEqual(body, {
			arrivalId: 'a-1', reserved: 3, stillWaiting: 2, left: 0,
			products: [{ sku: 'SKU-2', reserved: 2, stillWaiting: 2, left: 0 }, { sku: 'SKU-3', reserved: 1, stillWaiting: 0, left: 0 }],
		});
		await settled();
		assert.deepEqual(await texts('12025550132'), [textOf('Ceramic mug and Oak shelf', await firstRow(list, '12025550132'))]);
		assert.deepEqual(await states('SKU-2'), ['12025550131 waiting', '12025550132 notified', '12025550133 reserved', '12025550134 waiting']);
		for (const phone of ['12025550131', '12025550133', '12025550134']) assert.deepEqual(await texts(phone), []);
	});
	await step('waiting list: the message is in the log by its ID', async () => {
		const [message] = await sandbox.messagesTo('12025550132');
		const [row, ...more] = await log.rowsWhere('messageId', message?.id ?? '');
		assert.deepEqual(more, []);
		assert.deepEqual([row?.phone, row?.sku, row?.productName, row?.outcome, row?.tries], ['12025550132', 'SKU-2, SKU-3', 'Ceramic mug and Oak shelf', 'accepted', 1]);
		assert.equal((await firstRow(list, '12025550132'))?.messageId, message?.id);
	});
	await step('waiting list: the same arrival again gives nobody a second piece', async () => {
		const { reserved, stillWaiting, left } = (await arrives(arrival)).body;
		assert.deepEqual({ reserved, stillWaiting, left }, { reserved: 0, stillWaiting: 2, left: 0 });
		await settled();
		assert.equal((await texts('12025550132')).length, 1);
		assert.deepEqual(await texts('12025550134'), []);
	});
	await step('waiting list: at night a sweep tells nobody; in the morning it does, and only once', async () => {
		assert.equal((await runWorkflow(api, workflow.id, SWEEP)).status, 'success');
		assert.deepEqual(await texts('12025550133'), []);
		await list.change('phone', '12025550133', { timeZone: zoneAt(9) });
		await runWorkflow(api, workflow.id, SWEEP);
		await runWorkflow(api, workflow.id, SWEEP);
		assert.equal((await texts('12025550133')).length, 1);
		assert.deepEqual(await states('SKU-2'), ['12025550131 waiting', '12025550132 notified', '12025550133 notified', '12025550134 waiting']);
	});
	await step('waiting list: with ten pieces for fewer people, each on the list twice, and all at once, each is told once', async () => {
		const phones = Array.from({ length: 8 }, (_, index) => `120255501${40 + index}`);
		await subscribed('SKU-4', [...phones, ...phones].map((phone) => ({ phone })));
		const item = (arrivalId: string) => ({ arrivalId, items: [{ sku: 'SKU-4', productName: 'Lamp', quantity: 10 }] });
		const sweeps = [1, 2, 3].map(async () => await runWorkflow(api, workflow.id, SWEEP));
		const answers = await Promise.all(['b-1', 'b-2', 'b-3', 'b-4'].map(async (arrivalId) => await arrives(item(arrivalId))));
		await Promise.all(sweeps);
		await settled();
		await runWorkflow(api, workflow.id, SWEEP);
		assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 200]);
		const told = await Promise.all(phones.map(async (phone) => `${phone} ${(await texts(phone)).length}`));
		assert.deepEqual(told, phones.map((phone) => `${phone} 1`));
		assert.deepEqual(new Set((await states('SKU-4')).map((state) => state.split(' ')[1])), new Set(['notified']));
	});

	await step('waiting list: rows of one customer under two forms of the number, one of them of an older version, are one piece and one message; a STOP under the third form holds', async () => {
		await subscribed('SKU-11', [
			{ phone: '551187774441' },
			{ phone: '5511987774441', contactKey: '5511987774441' },
			{ phone: '5215512344442' },
			{ phone: '525512344442', contactKey: '525512344442' },
			{ phone: '12025550181' },
		]);
		await optOuts.add([{ phone: '5215512344442', reason: 'wrote: stop' }]);
		const { body } = await arrives({ arrivalId: 'g-1', items: [{ sku: 'SKU-11', productName: 'Clock', quantity: 1 }] });
		assert.deepEqual([body.reserved, body.stillWaiting, body.left], [1, 2, 0]);
		await settled();
		const idsOf = async (...phones: string[]) => new Set((await Promise.all(phones.map((phone) => sandbox.messagesTo(phone)))).flat().map(({ id }) => id));
		assert.equal((await idsOf('551187774441', '5511987774441')).size, 1);
		assert.equal((await idsOf('525512344442', '5215512344442', '12025550181')).size, 0);
		assert.deepEqual((await list.rowsWhere('sku', 'SKU-11')).map(({ state }) => state), ['notified', 'notified', 'waiting', 'waiting', 'waiting']);
	});
	await step('waiting list: with a Test Recipient the message goes there and the list stays as it was; the same arrival without it tells the customer', async () => {
		const testRecipient = '12025550189';
		const arrival = { arrivalId: 'h-1', items: [{ sku: 'SKU-12', productName: 'Vase', quantity: 1 }] };
		await subscribed('SKU-12', [{ phone: '12025550182' }, { phone: '12025550183' }]);
		await redirected(api, sandbox, testRecipient, async () => {
			assert.equal((await arrives(arrival)).body.reserved, 1);
			await settled();
			await runWorkflow(api, workflow.id, SWEEP);
			assert.deepEqual(await states('SKU-12'), ['12025550182 waiting', '12025550183 waiting']);
			assert.match(await submit(url, { phone: '+55 11 98777-4444', place: 'Brazil', sku: 'SKU-13' }), /You are on the list/);
			assert.deepEqual((await list.rowsWhere('sku', 'SKU-13')).map(({ phone, contactKey }) => [phone, contactKey]), [['5511987774444', null]]);
		});
		assert.equal((await texts(testRecipient)).length, 1);
		assert.equal((await arrives(arrival)).body.reserved, 1);
		await settled();
		assert.deepEqual(await states('SKU-12'), ['12025550182 notified', '12025550183 waiting']);
		assert.deepEqual([(await texts('12025550182')).length, (await texts('12025550183')).length], [1, 0]);
	});
	await step('waiting list: a refusal for good, and an opt-out overnight, pass the piece on to the next in line', async () => {
		await subscribed('SKU-5', [{ phone: '12025550110' }, { phone: '12025550151', timeZone: zoneAt(2) }, { phone: '12025550152' }, { phone: '12025550153' }, { phone: '12025550154' }]);
		assert.deepEqual((await arrives({ arrivalId: 'c-1', items: [{ sku: 'SKU-5', productName: 'Chair', quantity: 2 }] })).body.reserved, 2);
		await settled();
		assert.deepEqual((await states('SKU-5')).slice(0, 4), ['12025550110 refused', '12025550151 reserved', '12025550152 reserved', '12025550153 waiting']);
		await optOuts.add([{ phone: '12025550151', reason: 'called us', at: new Date().toISOString() }]);
		await list.change('phone', '12025550151', { timeZone: zoneAt(13) });
		await runWorkflow(api, workflow.id, SWEEP);
		await runWorkflow(api, workflow.id, SWEEP);
		assert.deepEqual(await states('SKU-5'), ['12025550110 refused', '12025550151 optedOut', '12025550152 notified', '12025550153 notified', '12025550154 waiting']);
		assert.deepEqual(await texts('12025550151'), []);
		assert.equal((await log.rowsWhere('phone', '12025550110'))[0]?.outcome, 'refused');
	});
	await step('waiting list: a failure that is reported after the message went out passes the piece on too, and only what will be tried again holds it', async () => {
		await subscribed('SKU-9', [{ phone: '12025550191' }, { phone: '12025550192' }, { phone: '12025550193' }]);
		await arrives({ arrivalId: 'f-1', items: [{ sku: 'SKU-9', productName: 'Shelf', quantity: 1 }] });
		await settled();
		assert.deepEqual(await states('SKU-9'), ['12025550191 notified', '12025550192 waiting', '12025550193 waiting']);
		await log.change('phone', '12025550191', { status: 'failed', rank: 2, action: 'retryLater', errorCode: '131049' });
		await runWorkflow(api, workflow.id, SWEEP);
		assert.deepEqual(await states('SKU-9'), ['12025550191 notified', '12025550192 waiting', '12025550193 waiting']);
		await log.change('phone', '12025550191', { action: 'otherChannel', errorCode: '131026', errorMessage: 'Message undeliverable' });
		await runWorkflow(api, workflow.id, SWEEP);
		await runWorkflow(api, workflow.id, SWEEP);
		assert.deepEqual(await states('SKU-9'), ['12025550191 refused', '12025550192 notified', '12025550193 waiting']);
		assert.deepEqual([(await texts('12025550191')).length, (await texts('12025550192')).length], [1, 1]);
	});
	await step('waiting list: where a person must see to it the piece stays reserved, the execution fails with the reason, and later it goes out', async () => {
		await sandbox.control('POST', 'templates', { name: 'stock_arrival', language: 'en', status: 'paused' });
		await subscribed('SKU-6', [{ phone: '12025550161' }]);
		assert.equal((await arrives({ arrivalId: 'd-1', items: [{ sku: 'SKU-6', productName: 'Desk', quantity: 1 }] })).body.reserved, 1);
		const failed = (await settled()).filter(({ status }) => status === 'error');
		assert.equal(failed.length, 1);
		assert.match(failed[0]?.error ?? '', /^Customers wait until a person has seen to this: ./);
		assert.deepEqual(await states('SKU-6'), ['12025550161 reserved']);
		await sandbox.control('POST', 'templates', { name: 'stock_arrival', language: 'en', status: 'approved' });
		await runWorkflow(api, workflow.id, SWEEP);
		assert.deepEqual(await states('SKU-6'), ['12025550161 notified']);
		assert.equal((await texts('12025550161')).length, 1);
	});
	await step('waiting list: a run that died while sending is taken up, and who was told is not told again', async () => {
		const claimed = { state: 'sending', claimedAt: new Date(Date.now() - 3_600_000).toISOString() };
		const [told] = await list.rowsWhere('phone', '12025550132');
		// As if the run died after the send, before marking the rows; and another before its send.
		await list.change('phone', '12025550132', claimed);
		await subscribed('SKU-7', [{ phone: '12025550171', ...claimed, batch: '12025550171|died' }, { phone: '12025550172', state: 'sending', claimedAt: new Date().toISOString(), batch: '12025550172|lives' }]);
		await runWorkflow(api, workflow.id, SWEEP);
		assert.equal((await texts('12025550132')).length, 1);
		assert.equal((await firstRow(list, '12025550132'))?.state, 'notified');
		assert.equal((await firstRow(list, '12025550132'))?.batch, told?.batch);
		assert.equal((await texts('12025550171')).length, 1);
		assert.deepEqual(await states('SKU-7'), ['12025550171 notified', '12025550172 sending']);
	});
	await step('waiting list: an answer that never comes is unknown, and not sent again', async () => {
		await subscribed('SKU-8', [{ phone: '12025550115' }]);
		await arrives({ arrivalId: 'e-1', items: [{ sku: 'SKU-8', productName: 'Rug', quantity: 1 }] });
		await settled();
		await runWorkflow(api, workflow.id, SWEEP);
		assert.equal((await texts('12025550115')).length, 1);
		assert.equal((await firstRow(list, '12025550115'))?.state, 'notified');
	});
	await step('waiting list: every node of the workflow has run', async () => {
		everyNodeRan(workflow, (await settled()).flatMap(({ nodes }) => nodes));
	});
}

async function firstRow(list: DataTable<SubscriptionRow>, phone: string): Promise<SubscriptionRow | undefined> {
	return (await list.rowsWhere('phone', phone))[0];
}

function textOf(product: string, row: SubscriptionRow | undefined): string {
	return `Hello, Anna! For order #W-${row?.id}, item "${product}" is now in stock. We keep one for you.`;
}

/** A time zone where it is now this hour. */
function zoneAt(hour: number): string {
	const ahead = ((hour - new Date().getUTCHours() + 36) % 24) - 12;
	// These names have inverted signs.
	return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

/** Submits the form as a browser does; returns the text of the next page. */
async function submit(url: string, { phone = '+49 1512 3456799', place = 'Germany', sku = 'SKU-1', consent = JSON.stringify([CONSENT]) }): Promise<string> {
	const form = new FormData();
	for (const [field, value] of ['Anna', phone, place, consent, sku, 'Oak shelf'].entries()) form.append(`field-${field}`, value);
	const answer = await fetch(`${url}/form/back-in-stock`, { method: 'POST', body: form });
	const { formWaitingUrl } = (await answer.json()) as { formWaitingUrl?: string };
	assert.ok(formWaitingUrl, `the form was answered ${answer.status}`);
	const progress = new URL(formWaitingUrl);
	progress.pathname += '/n8n-execution-status';
	await waitFor({
		what: "the form's last page",
		timeoutMs: TIMEOUT_MS,
		look: async () => ((await (await fetch(progress)).text()) === 'form-waiting' ? true : undefined),
	});
	const page = await (await fetch(formWaitingUrl)).text();
	// The page does this on load: the execution ends.
	await fetch(formWaitingUrl, { method: 'POST' });
	return page;
}
