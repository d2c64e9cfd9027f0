import { useSandboxWithReceiver } from '../support/sandbox-with-receiver.cts';
import { stockArrival } from '../support/stock-arrival.cts';

const { sandbox, receiver } = useSandboxWithReceiver({ sentAfterMs: 5, deliveredAfterMs: 30, readAfterMs: 60, hookRetryMs: 30 });

const CHANNEL = 'SBX000000001';
const set = (settings: object) => sandbox.control('POST', '/settings', settings);
const send = async (phone = '12025550150') => (await sandbox.call('POST', '/sendTemplate', stockArrival(phone))).body.id as string;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const words = (list: 'hooks' | 'ack') => receiver.received.flatMap(({ body }) => body[list] ?? []).map(({ status }: { status: string }) => status);
const webhook = async () => (await sandbox.control('GET', '/webhooks')).body.webhooks[0];

describe('the form of a status hook', () => {
	it('is hooks[] like hookInfo', async () => {
		const id = await send();
		const [first, second] = await receiver.until(({ length }) => length === 2);
		expect(first?.path).toBe('/hook?secret=s');
		expect(first?.body).toEqual({
			instanceId: CHANNEL,
			hooks: [
				{
					id,
					type: 'message',
					status: 'sent',
					timestamp: expect.stringMatching(/^\d{10}$/),
					recipient_id: '12025550150',
					recipient_user_id: expect.stringMatching(/^US\.\d{16}$/),
					pricing: { billable: true, category: 'utility', pricing_model: 'PMP' },
					conversation: expect.any(Object),
				},
			],
		});
		const info = await sandbox.call('GET', `/hookInfo?messageId=${encodeURIComponent(id)}`);
		expect(info.body.hooks).toEqual([first?.body.hooks[0], second?.body.hooks[0]]);
	});

	it('is ack[] with the failure as text only', async () => {
		await set({ hookForm: 'ack' });
		const id = await send('12025550103');
		const [, failed] = await receiver.until(({ length }) => length === 2);
		expect(failed?.body).toEqual({
			instanceId: CHANNEL,
			ack: [
				{
					id,
					bsuid: expect.stringMatching(/^US\.\d{16}$/),
					phone: '12025550103',
					chatId: '12025550103@c.us',
					status: 'failed',
					category: 'utility',
					userName: null,
					error: "User's number is part of an experiment",
				},
			],
		});
	});

	it('is the raw envelope with rawHooks', async () => {
		await sandbox.call('POST', '/settings', { rawHooks: true });
		const id = await send('12025550113');
		const [, failed] = await receiver.until(({ length }) => length === 2);
		expect(failed?.body).toMatchObject({ object: 'whatsapp_business_account', instanceId: CHANNEL });
		const [change] = failed!.body.entry[0].changes;
		expect(change.field).toBe('messages');
		expect(change.value.statuses).toEqual([
			{
				id,
				status: 'failed',
				timestamp: expect.any(String),
				recipient_id: '12025550113',
				errors: [expect.objectContaining({ code: 131049, error_data: { details: expect.any(String) } })],
			},
		]);
	});
});

describe('which hooks go out', () => {
	it('none while ackNotificationsOn is off', async () => {
		await sandbox.call('POST', '/settings', { ackNotificationsOn: false });
		await send();
		await pause(100);
		expect(receiver.received).toEqual([]);
	});

	it('read too, when customers read', async () => {
		await set({ autoRead: true });
		await send();
		await receiver.until(({ length }) => length === 3);
		expect(words('hooks')).toEqual(['sent', 'delivered', 'read']);
	});

	it('each twice with duplicateStatuses', async () => {
		await set({ duplicateStatuses: true });
		await send();
		await receiver.until(({ length }) => length === 4);
		expect(words('hooks')).toEqual(['sent', 'sent', 'delivered', 'delivered']);
	});

	it('the last first with reorderStatuses, viewed for read, no delivered with skipDelivered', async () => {
		await set({ reorderStatuses: true, legacyViewed: true, skipDelivered: true, autoRead: true });
		await send();
		await receiver.until(({ length }) => length === 2);
		expect(words('hooks')).toEqual(['viewed', 'sent']);
	});

	it("later by as much for each of a message's statuses with statusJitterMs", async () => {
		await set({ statusJitterMs: 2000, hookBatch: 1 });
		const ids = await Promise.all(Array.from({ length: 8 }, (_, index) => send(`1202555030${index}`)));
		await receiver.until(() => words('hooks').length === 16);
		const late = [];
		for (const id of ids) {
			const { acceptedAt, statuses } = (await sandbox.control('GET', `/messages?id=${encodeURIComponent(id)}`)).body.messages[0];
			const [sent, delivered] = statuses.map(({ at }: { at: string }) => Date.parse(at) - Date.parse(acceptedAt));
			expect(delivered - sent).toBe(25);
			late.push(sent - 5);
		}
		expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
		expect(Math.max(...late)).toBeLessThanOrEqual(2000);
		expect(new Set(late).size).toBe(8);
	});

	it('many in one POST with hookBatch', async () => {
		await set({ hookBatch: 10 });
		await Promise.all(Array.from({ length: 10 }, (_, index) => send(`1202555020${index}`)));
		await receiver.until(() => words('hooks').length === 20);
		expect(receiver.received.length).toBeLessThan(12);
	});

	it('echoes with echoHooks, and what customers write', async () => {
		await set({ echoHooks: true });
		const id = await send();
		const inbound = await sandbox.control('POST', '/inbound', { phone: '+1 202 555 0150', button: { text: 'Ship it', payload: 'ship' }, quotedMessageId: id });
		await receiver.until(() => receiver.received.filter(({ body }) => body.messages).length === 2);
		const messages = receiver.received.flatMap(({ body }) => body.messages ?? []);
		expect(messages).toEqual([
			expect.objectContaining({ id, fromMe: true, type: 'chat', body: expect.stringContaining('Hello, Anna!') }),
			expect.objectContaining({ id: inbound.body.id, fromMe: false, type: 'button', body: 'Ship it', quotedMsgId: id, chatId: '12025550150@c.us' }),
		]);
	});

	it('raw messages and echoes too', async () => {
		await set({ echoHooks: true });
		await sandbox.call('POST', '/settings', { rawHooks: true, ackNotificationsOn: false });
		await send();
		await sandbox.control('POST', '/inbound', { phone: '12025550150', text: 'Hi' });
		await receiver.until(({ length }) => length === 2);
		const values = receiver.received.map(({ body }) => body.entry[0].changes[0].value);
		expect(values.some(({ message_echoes }) => message_echoes?.[0].to === '12025550150')).toBe(true);
		expect(values.some(({ messages }) => messages?.[0].text.body === 'Hi')).toBe(true);
	});

	it('forced statuses, and any payload', async () => {
		const id = await send('12025550109');
		await receiver.until(({ length }) => length === 1);
		await sandbox.control('POST', `/messages/${encodeURIComponent(id)}/status`, { status: 'failed', code: 131026, at: '2026-01-01T00:00:00Z' });
		const [, failed] = await receiver.until(({ length }) => length === 2);
		expect(failed?.body.hooks[0]).toMatchObject({ status: 'failed', timestamp: '1767225600', errors: [{ code: 131026 }] });
		const { body } = await sandbox.control('POST', '/hooks', { body: { anything: [1] } });
		expect(body.results).toEqual([{ url: receiver.url, status: 200, error: null }]);
		expect(receiver.received.at(-1)?.body).toEqual({ anything: [1] });
	});
});

describe('a hook that fails', () => {
	it('is delivered again until it gets 2xx', async () => {
		receiver.answerWith(500);
		await send('12025550109');
		await receiver.until(({ length }) => length === 3);
		receiver.answerWith(200);
		const before = receiver.received.length;
		await receiver.until(({ length }) => length === before + 1);
		await pause(300);
		expect(receiver.received).toHaveLength(before + 1);
		expect(await webhook()).toMatchObject({ attempts: before + 1, delivered: 1, failuresInARow: 0, pending: 0 });
	});

	it('is not delivered again without guaranteedHooks', async () => {
		await sandbox.call('POST', '/settings', { guaranteedHooks: false });
		receiver.answerWith(500);
		await send('12025550109');
		await receiver.until(({ length }) => length === 1);
		await pause(150);
		expect(receiver.received).toHaveLength(1);
	});

	it('in a row disables its URL by the older rule, until the list is resubmitted through /webhook', async () => {
		await set({ disableAfterFailures: 3, settingsReEnable: false, webhookStatuses: 'map', webhookAnswer: 'changed' });
		receiver.answerWith(401);
		await send('12025550109');
		await receiver.until(({ length }) => length === 3);
		await pause(100);
		expect((await sandbox.call('GET', '/webhook')).body.webhookStatuses).toEqual({ [receiver.url]: 'disabled' });

		receiver.answerWith(200);
		await sandbox.call('POST', '/settings', { webhookUrl: receiver.url });
		await send('12025550109');
		await pause(100);
		expect(receiver.received).toHaveLength(3);

		expect((await sandbox.call('POST', '/webhook', { webhookUrl: receiver.url })).body).toEqual({ set: false, message: receiver.url });
		await send('12025550109');
		await receiver.until(({ length }) => length === 4);
		expect((await webhook()).enabled).toBe(true);
	});
});

it('a URL removed from the list is no longer called', async () => {
	receiver.answerWith(500);
	await send('12025550109');
	await receiver.until(({ length }) => length === 1);
	await sandbox.call('POST', '/settings', { webhookUrl: '' });
	await pause(200);
	expect(receiver.received).toHaveLength(1);
});

describe('how long a URL took to answer', () => {
	const answers = async (since = 0) => (await sandbox.control('GET', `/webhooks/answers?since=${since}`)).body.webhooks[0];

	it('counts every POST since a time, retries too', async () => {
		expect(await answers()).toEqual({ url: receiver.url, posts: 0, p50Ms: null, p99Ms: null, slowestMs: null, overASecond: 0, lastPostedAt: null });
		const before = Date.now();
		receiver.answerWith(500);
		await send('12025550109');
		await receiver.until(({ length }) => length === 2);
		receiver.answerWith(200);
		await receiver.until(({ length }) => length === 3);
		await pause(100);
		const { lastPostedAt, ...found } = await answers(before);
		expect(found).toEqual({ url: receiver.url, posts: (await webhook()).attempts, p50Ms: expect.any(Number), p99Ms: found.slowestMs, slowestMs: expect.any(Number), overASecond: expect.any(Number) });
		expect(Date.parse(lastPostedAt)).toBeGreaterThanOrEqual(before);
		expect(await answers(Date.parse(lastPostedAt) + 1)).toMatchObject({ posts: 0, lastPostedAt: null });
	});

	it('counts a POST that got no answer, until it was given up', async () => {
		await set({ hookTimeoutMs: 1050 });
		await sandbox.call('POST', '/settings', { guaranteedHooks: false });
		receiver.answerWith(null);
		await send('12025550109');
		await receiver.until(({ length }) => length === 1);
		await pause(1500);
		expect(await answers()).toMatchObject({ posts: 1, overASecond: 1, slowestMs: (await answers()).p50Ms });
	});
});

it('URLs outside this machine are never called', async () => {
	await sandbox.call('POST', '/webhook', { webhookUrl: ['https://hooks.example/x', receiver.url] });
	await send();
	await receiver.until(({ length }) => length === 2);
	expect(await webhook()).toMatchObject({ url: 'https://hooks.example/x', loopback: false, attempts: 0, pending: 0 });
	expect((await sandbox.control('POST', '/hooks', { body: {}, url: 'https://hooks.example/x' })).status).toBe(400);
});
