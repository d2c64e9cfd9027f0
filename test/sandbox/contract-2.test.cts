import { type HookReceiver, startHookReceiver } from '../support/hook-receiver.cts';
import { useSandboxWithReceiver } from '../support/sandbox-with-receiver.cts';
import { stockArrival } from '../support/stock-arrival.cts';

// Every row of 1msg-contract-2.md, section 1, in its order.

const { sandbox, receiver } = useSandboxWithReceiver({ sentAfterMs: 0, deliveredAfterMs: 1, hookRetryMs: 20 }, { isListed: false });

const INBOX = 'https://app.1msg.io/service/inbox';
const N8N = 'https://n8n.example.org/webhook/ab12/1msg?secret=s';

const set = (settings: object) => sandbox.control('POST', '/settings', settings);
const get = async (path: string) => (await sandbox.call('GET', path)).body;
const post = async (path: string, body: object) => (await sandbox.call('POST', path, body)).body;
const put = (circuits: object) => sandbox.control('POST', '/webhooks', { circuits });
const send = (phone = '12025550150', changes: Record<string, unknown> = {}) => sandbox.call('POST', '/sendTemplate', stockArrival(phone, changes));

describe('1.1 the token', () => {
	const status = async (query: string, header: string) => (await sandbox.call('GET', `/status${query}`, undefined, { authorization: header })).status;
	const read = async (query: string, token: string, header: string) =>
		(await sandbox.call('POST', `/readMessage${query}`, { messageId: 'x', ...(token && { token }) }, { authorization: header })).status;

	it('is looked for in body, query and header, and the first one found decides, even if wrong', async () => {
		const { token } = sandbox;
		expect(await status('', `Bearer ${token}`)).toBe(200);
		expect(await status(`?token=${token}`, 'Bearer wrong')).toBe(200);
		expect(await status('?token=wrong', `Bearer ${token}`)).toBe(401);
		expect(await read('?token=wrong', token, 'Bearer wrong')).toBe(200);
		expect(await read(`?token=${token}`, 'wrong', `Bearer ${token}`)).toBe(401);
	});

	it('that is wrong answers 401 with an error text', async () => {
		expect(await sandbox.call('GET', '/webhook', undefined, { authorization: 'Bearer wrong' })).toMatchObject({ status: 401, body: { error: expect.any(String) } });
	});
});

describe('1.2 POST /sendTemplate', () => {
	const LITE = { name: 'restock_offer', language: 'en', category: 'MARKETING', components: [{ type: 'BODY', text: 'It is back in stock.' }] };
	const offer = (changes: Record<string, unknown> = {}, template = 'restock_offer') =>
		send('12025550150', { template, language: { policy: 'deterministic', code: 'en' }, params: [], ...changes });
	const acks = async (count: number) => (await receiver.until(({ length }) => length >= count)).map(({ body }) => body.ack?.[0] ?? body.entry[0].changes[0].value.statuses[0]);

	beforeEach(async () => {
		await sandbox.control('POST', '/templates', LITE);
		await sandbox.control('POST', '/templates', { ...LITE, name: 'restock_other', category: 'OTP' });
		await post('/webhook', { webhookUrl: receiver.url });
		await post('/settings', { ackNotificationsOn: true });
		await set({ hookForm: 'ack', deliveredAfterMs: 3_600_000 });
	});

	it.each([
		['a template that is not named', { template: undefined }, 400],
		['a language that is a text', { language: 'en' }, 400],
		['no namespace', { namespace: undefined }, 422],
		['params as a list of strings', { params: ['Anna'] }, 400],
		['params in the HSM form', { params: [{ default: 'Anna' }] }, 400],
		['no recipient', { phone: undefined }, 400],
	])('refuses %s', async (_, changes, status) => {
		expect((await offer(changes)).status).toBe(status);
	});

	it.each([
		[{ chatId: '12025550150@c.us' }],
		[{ chatId: 'US.1726000000000131@lid' }],
		[{ chatId: '1203630-1@g.us' }],
		[{ phone: 'US.1726000000000131' }],
		[{ bsuid: 'US.1726000000000131' }],
		[{ username: 'boris.k' }],
	])('takes %j', async (recipient) => {
		expect((await offer({ phone: undefined, ...recipient })).body).toMatchObject({ sent: true, id: expect.stringMatching(/^wamid\./), description: expect.any(String) });
	});

	it('quotes a message', async () => {
		const { id } = (await offer()).body;
		await offer({ quotedMsgId: id });
		expect((await get('/messages?last=true&limit=1')).messages[0].quotedMsgId).toBe(id);
	});

	it.each([
		['marketing, available, omitted', {}, {}, 'restock_offer', 'marketing_lite', undefined],
		['marketing, available, on', { useMMlite: true }, {}, 'restock_offer', 'marketing_lite', undefined],
		['marketing, available, off', { useMMlite: false }, {}, 'restock_offer', 'marketing', undefined],
		['marketing, available, omitted, not enabled', {}, { mmLiteEnabled: false }, 'restock_offer', 'marketing', undefined],
		['marketing, not available, omitted', {}, { mmLiteAvailable: false }, 'restock_offer', 'marketing', undefined],
		['marketing, not available, on', { useMMlite: true }, { mmLiteAvailable: false }, 'restock_offer', 'marketing', true],
		['utility, available, omitted', {}, {}, 'stock_no_variables', 'utility', undefined],
		['utility, available, on', { useMMlite: true }, {}, 'stock_no_variables', 'utility', true],
		['unknown, available, omitted', {}, {}, 'restock_other', 'otp', true],
	])('Marketing Messages API: %s', async (_, fields, settings, template, category, mmLiteFallback) => {
		await set({ mmLiteAvailable: true, ...settings });
		expect((await offer(fields, template)).body).toEqual({
			sent: true, id: expect.any(String), message: expect.any(String), description: expect.any(String), ...(mmLiteFallback && { mmLiteFallback }),
		});
		const [ack] = await acks(1);
		expect(ack).toMatchObject({ status: 'sent', category });
		expect(ack.mmLite).toBe(category === 'marketing_lite' ? true : undefined);
	});

	it('raw statuses have the category as pricing.category', async () => {
		await set({ mmLiteAvailable: true });
		await post('/settings', { rawHooks: true });
		await offer();
		expect((await acks(1))[0].pricing).toMatchObject({ category: 'marketing_lite' });
	});

	it('a refusal by WhatsApp may come with 200', async () => {
		await set({ refusalStyle: 'ok' });
		expect(await offer({ params: ['Anna'] })).toMatchObject({ status: 200, body: { sent: false, error: { code: 100 } } });
	});
});

describe('1.3 GET /webhook', () => {
	beforeEach(() => post('/webhook', { webhookUrl: [INBOX, N8N] }));

	it('has one row per listed URL; one without failures has its state alone', async () => {
		expect(await get('/webhook')).toEqual({
			webhookUrl: [INBOX, N8N],
			haveDisabledWebhooks: false,
			circuitState: 'ok',
			webhookStatuses: [{ url: INBOX, circuitState: 'ok' }, { url: N8N, circuitState: 'ok' }],
			disabledWebhooks: [],
		});
	});

	it('names the disabled URL in its row, in the list of disabled ones and in the summary', async () => {
		const circuit = { circuitState: 'disabled', reason: 'http_404', fails: 4, trips: 3, disabledAt: 1_796_000_000_000, firstFailAt: 1_795_973_000_000 };
		await put({ [N8N]: circuit });
		expect(await get('/webhook')).toEqual({
			webhookUrl: [INBOX, N8N],
			haveDisabledWebhooks: true,
			...circuit,
			webhookStatuses: [{ url: INBOX, circuitState: 'ok' }, { url: N8N, ...circuit }],
			disabledWebhooks: [N8N],
		});
		await set({ disabledWebhooks: 'objects' });
		expect((await get('/webhook')).disabledWebhooks).toEqual([{ url: N8N, ...circuit }]);
	});

	it('sums up the first disabled URL, else the first listed one', async () => {
		await put({ [N8N]: { circuitState: 'open' } });
		expect(await get('/webhook')).toMatchObject({ circuitState: 'ok', haveDisabledWebhooks: false });
		await put({ [INBOX]: { circuitState: 'degraded' } });
		expect(await get('/webhook')).toMatchObject({ circuitState: 'degraded', fails: 1, haveDisabledWebhooks: false });
	});

	it('may have the list of disabled URLs alone, or the summary alone', async () => {
		await put({ [N8N]: { circuitState: 'disabled', reason: 'http_401' } });
		await set({ webhookStatuses: 'disabledOnly' });
		expect(await get('/webhook')).toEqual({ webhookUrl: [INBOX, N8N], haveDisabledWebhooks: true, disabledWebhooks: [N8N] });
		await set({ webhookStatuses: 'summary' });
		expect(await get('/webhook')).toMatchObject({ circuitState: 'disabled', reason: 'http_401' });
		expect(await get('/webhook')).not.toHaveProperty('webhookStatuses');
	});

	it.each([['null', null], ['text', ''], ['array', []], ['missing', undefined]])('an empty list is %s', async (emptyWebhookUrl, shown) => {
		await set({ emptyWebhookUrl });
		await post('/settings', { webhookUrl: '' });
		expect((await get('/webhook')).webhookUrl).toEqual(shown);
	});
});

describe('1.4 POST /webhook', () => {
	it('says that the stored list is as requested, unchanged or not', async () => {
		expect(await post('/webhook', { webhookUrl: N8N })).toEqual({ set: true, webhookUrl: N8N });
		expect(await post('/webhook', { webhookUrl: N8N })).toEqual({ set: true, webhookUrl: N8N });
	});

	it('says that something changed, in the older form', async () => {
		await set({ webhookAnswer: 'changed' });
		expect(await post('/webhook', { webhookUrl: N8N })).toEqual({ set: true, message: N8N });
		expect(await post('/webhook', { webhookUrl: N8N })).toEqual({ set: false, message: N8N });
	});

	it('lifts a sticky disable, and leaves an open circuit to its probe unless set otherwise', async () => {
		await post('/webhook', { webhookUrl: [INBOX, N8N] });
		await put({ [INBOX]: { circuitState: 'disabled' }, [N8N]: { circuitState: 'open' } });
		const states = async () => (await get('/webhook')).webhookStatuses.map(({ circuitState }: { circuitState: string }) => circuitState);
		await post('/webhook', { webhookUrl: [INBOX, N8N] });
		expect(await states()).toEqual(['ok', 'open']);
		await set({ resubmitLifts: 'all' });
		await post('/webhook', { webhookUrl: [INBOX, N8N] });
		expect(await states()).toEqual(['ok', 'ok']);
	});

	it.each([[''], [[]], [['https://a.example', 'nonsense']], [[1, 2, 3, 4, 5, 6].map((n) => `https://a.example/${n}`)]])('refuses %j', async (webhookUrl) => {
		expect(await sandbox.call('POST', '/webhook', { webhookUrl })).toMatchObject({ status: 400, body: { error: expect.any(String) } });
		expect((await get('/webhook')).webhookUrl).toBe(INBOX);
	});
});

describe('1.5 GET and POST /settings', () => {
	it('has the flags and the states, as GET /webhook', async () => {
		await put({ [INBOX]: { circuitState: 'disabled', reason: 'timeout_or_network' } });
		const { webhookUrl, webhookStatuses, haveDisabledWebhooks, circuitState, ...flags } = await get('/settings');
		expect({ webhookUrl, haveDisabledWebhooks, circuitState }).toEqual({ webhookUrl: INBOX, haveDisabledWebhooks: true, circuitState: 'disabled' });
		expect(webhookStatuses).toEqual((await get('/webhook')).webhookStatuses);
		expect(flags).toMatchObject({ guaranteedHooks: true, ackNotificationsOn: false, rawHooks: false, template_analytics_enabled: false, cta_url_link_tracking_opted_out: false });
	});

	it('the stored list, submitted again, lifts a sticky disable; once it did not', async () => {
		await put({ [INBOX]: { circuitState: 'disabled' } });
		await set({ settingsReEnable: false });
		await post('/settings', { webhookUrl: INBOX });
		expect((await get('/webhook')).circuitState).toBe('disabled');
		await set({ settingsReEnable: true });
		await post('/settings', { ackNotificationsOn: true });
		expect((await get('/webhook')).circuitState).toBe('disabled');
		await post('/settings', { webhookUrl: INBOX });
		expect((await get('/webhook')).circuitState).toBe('ok');
	});

	it('an empty list clears, and is no null here', async () => {
		await post('/settings', { webhookUrl: '' });
		expect((await get('/settings')).webhookUrl).toBe('');
	});
});

describe('1.6 the circuit breaker', () => {
	beforeEach(async () => {
		await post('/webhook', { webhookUrl: receiver.url });
		await post('/settings', { ackNotificationsOn: true, guaranteedHooks: false });
	});
	let another: HookReceiver | undefined;
	afterEach(async () => {
		await another?.stop();
		another = undefined;
	});
	const other = async () => {
		another = await startHookReceiver();
		await post('/webhook', { webhookUrl: [receiver.url, another.url] });
		return another;
	};
	const row = async () => (await get('/webhook')).webhookStatuses[0];
	const view = async () => (await sandbox.control('GET', '/webhooks')).body.webhooks[0];
	/** One message that is sent and never delivered: one hook. */
	const hook = () => send('12025550109');
	const until = async (isThere: (webhook: Record<string, unknown>) => boolean) => {
		const giveUpAt = Date.now() + 5000;
		for (let webhook = await view(); !isThere(webhook); webhook = await view()) {
			if (Date.now() > giveUpAt) throw new Error(`Waited in vain: ${JSON.stringify(webhook)}`);
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
		return await view();
	};
	const fail = async (times: number) => {
		for (let time = 1; time <= times; time++) {
			const { attempts } = await view();
			await hook();
			await until((webhook) => webhook.attempts === attempts + 1);
		}
	};

	it('has the published numbers', async () => {
		expect((await sandbox.control('GET', '/settings')).body).toMatchObject({
			breakerWindowMs: 600_000,
			breakerWarnAt: 2,
			breakerOpenAt: 3,
			breakerProbesMs: [900_000, 3_600_000, 21_600_000],
			breakerStickyAfter: 3,
			hookTimeoutMs: 10_000,
		});
	});

	it('degrades at the first failure, warns at the second, opens at the third and then skips', async () => {
		receiver.answerWith(404);
		await fail(1);
		expect(await row()).toEqual({ url: receiver.url, circuitState: 'degraded', reason: 'http_404', fails: 1, trips: 0, firstFailAt: expect.any(Number) });
		expect((await view()).warnedAt).toBeNull();
		await fail(1);
		expect(await view()).toMatchObject({ circuitState: 'degraded', fails: 2, warnedAt: expect.any(Number) });
		const before = Date.now();
		await fail(1);
		expect(await row()).toMatchObject({ circuitState: 'open', fails: 3, trips: 0 });
		expect((await view()).nextProbeAt).toBeGreaterThanOrEqual(before + 900_000);
		await hook();
		await until(({ skipped }) => skipped === 1);
		expect(receiver.received).toHaveLength(3);
	});

	it.each([301, 401, 410, 429, 500, 503])('%i counts as a failure', async (status) => {
		receiver.answerWith(status);
		await fail(1);
		expect(await row()).toMatchObject({ circuitState: 'degraded', reason: `http_${status}` });
	});

	it('no answer counts, too', async () => {
		await receiver.stop();
		await fail(1);
		expect(await row()).toMatchObject({ circuitState: 'degraded', reason: 'timeout_or_network' });
	});

	it('a delivery that is retried counts once', async () => {
		await post('/settings', { guaranteedHooks: true });
		receiver.answerWith(500);
		await hook();
		await receiver.until(({ length }) => length >= 4);
		expect(await row()).toMatchObject({ circuitState: 'degraded', fails: 1 });
	});

	it('an open circuit skips what is waiting to be retried, too', async () => {
		await post('/settings', { guaranteedHooks: true });
		await set({ hookRetryMs: 200 });
		receiver.answerWith(500);
		await Promise.all([hook(), hook(), hook()]);
		await until(({ skipped }) => skipped === 3);
		expect(await view()).toMatchObject({ circuitState: 'open', attempts: 3, pending: 0 });
	});

	it('failures that leave the window are forgotten', async () => {
		receiver.answerWith(500);
		await fail(2);
		await set({ breakerWindowMs: 0 });
		expect(await row()).toEqual({ url: receiver.url, circuitState: 'ok' });
	});

	it('a probe that is answered with 2xx closes the circuit', async () => {
		receiver.answerWith(500);
		await set({ breakerProbesMs: [0] });
		await fail(3);
		expect((await row()).circuitState).toBe('open');
		receiver.answerWith(200);
		await hook();
		await until(({ circuitState }) => circuitState === 'ok');
		await hook();
		await receiver.until(({ length }) => length === 5);
	});

	it('three failed probes disable the URL until the list is submitted again; other URLs are untouched', async () => {
		const beside = await other();
		receiver.answerWith(404);
		await set({ breakerProbesMs: [0] });
		await fail(4);
		expect(await row()).toMatchObject({ circuitState: 'open', trips: 1 });
		await fail(1);
		expect(await row()).toMatchObject({ circuitState: 'open', trips: 2 });
		await fail(1);
		expect(await row()).toMatchObject({ circuitState: 'disabled', trips: 3, reason: 'http_404', disabledAt: expect.any(Number) });
		await hook();
		await beside.until(({ length }) => length === 7);
		expect(receiver.received).toHaveLength(6);
		expect((await get('/webhook')).disabledWebhooks).toEqual([receiver.url]);
		receiver.answerWith(200);
		await post('/webhook', { webhookUrl: [receiver.url, beside.url] });
		await hook();
		await receiver.until(({ length }) => length === 7);
	});

	it('one probe is in flight at a time', async () => {
		receiver.answerWith(500);
		await set({ breakerProbesMs: [0] });
		await fail(3);
		await put({ [receiver.url]: { circuitState: 'half_open' } });
		await hook();
		await until(({ skipped }) => skipped === 1);
		expect(await row()).toMatchObject({ circuitState: 'half_open' });
	});

	it('never opens where it is turned off', async () => {
		await set({ breakerOpenAt: 0 });
		receiver.answerWith(500);
		await fail(5);
		expect(await row()).toMatchObject({ circuitState: 'degraded', fails: 5 });
	});
});

describe('1.7 GET /messages', () => {
	const PHONE = '12025550150';
	const numbers = async (query: string): Promise<number[]> => (await get(`/messages${query}`)).messages.map(({ messageNumber }: { messageNumber: number }) => messageNumber);
	const now = () => Math.floor(Date.now() / 1000);

	beforeEach(async () => {
		await sandbox.control('POST', '/inbound', { phone: PHONE, text: 'Hi' });
		for (const phone of [PHONE, '12025550151', PHONE, '12025550131']) await send(phone);
	});

	it('numbers all chats in one sequence, with the rows of production', async () => {
		const { messages } = await get('/messages');
		expect(messages.map(({ messageNumber }: { messageNumber: number }) => messageNumber)).toEqual([1, 2, 3, 4, 5]);
		const keys = ['messageNumber', 'id', 'body', 'caption', 'type', 'fromMe', 'self', 'isForwarded', 'author', 'time', 'chatId', 'senderName', 'chatName', 'quotedMsgId'];
		for (const key of keys) expect(messages[0]).toHaveProperty(key);
		expect([messages[0].fromMe, messages[1].fromMe]).toEqual([0, 1]);
	});

	it.each([
		['?last=true', [5, 4, 3, 2, 1]],
		['?last=1&limit=2', [5, 4]],
		['?last=true&limit=2&lastMessageNumber=4', [5, 4]],
		['?last=false&limit=2', [1, 2]],
		['?lastMessageNumber=2', [3, 4, 5]],
		['?lastMessageNumber=2&limit=1', [3]],
		['?lastMessageNumber=0&limit=2', [1, 2]],
		['?lastMessageNumber=5', []],
		['?limit=0', [1, 2, 3, 4, 5]],
		['?limit=2', [1, 2]],
		[`?chatId=${PHONE}@c.us`, [1, 2, 4]],
		[`?chatId=${PHONE}@c.us&last=true&limit=1`, [4]],
		[`?chatId=${PHONE}@c.us&lastMessageNumber=1`, [2, 4]],
		['?chatId=US.1726000000000131@lid', [5]],
		['?chatId=12025550199@c.us', []],
	])('%s gives %j', async (query, expected) => {
		expect(await numbers(query)).toEqual(expected);
	});

	it('is cut by time in seconds, both ends included', async () => {
		expect(await numbers(`?min_time=${now() - 60}&max_time=${now() + 60}`)).toHaveLength(5);
		expect(await numbers(`?min_time=${now() + 60}`)).toEqual([]);
		expect(await numbers(`?max_time=${now() - 60}`)).toEqual([]);
		expect(await numbers(`?last=true&limit=1&min_time=${now() - 60}`)).toEqual([5]);
	});

	it('finds one message by its ID', async () => {
		const { id } = (await send()).body;
		expect((await get(`/messages?msgId=${encodeURIComponent(id)}`)).messages).toMatchObject([{ id, messageNumber: 6 }]);
		expect((await get('/messages?msgId=wamid.none')).messages).toEqual([]);
	});

	it('is the newest without a cursor in the older form, and a notice where nothing is stored', async () => {
		await set({ historyDefault: 'newest' });
		expect(await numbers('?limit=2')).toEqual([4, 5]);
		await set({ historyStored: false });
		expect(await get('/messages')).toEqual({ notice: expect.any(String) });
	});
});

describe('1.8 the other questions', () => {
	it('GET /status may warn that the health check is out of reach', async () => {
		expect(await get('/status')).toEqual({ isCloud: true, status: 'connected', accountStatus: 'authenticated', mm_lite_available: false });
		await set({ healthWarning: 'Health status is not available', mmLiteAvailable: true });
		expect(await get('/status')).toMatchObject({ status: 'connected', mm_lite_available: true, health_status_warning: 'Health status is not available' });
		await set({ healthWarningKey: 'healthStatusWarning' });
		expect(await get('/status')).toMatchObject({ healthStatusWarning: 'Health status is not available' });
	});

	it('POST /me changes the profile, and answers 422 with nothing to change', async () => {
		expect((await sandbox.call('POST', '/me', {})).status).toBe(422);
		expect((await sandbox.call('POST', '/me', { description: 'x'.repeat(257) })).status).toBe(400);
		expect(await post('/me', { about: 'Open', vertical: 'RETAIL' })).toEqual({ result: 'success' });
		expect(await get('/me')).toMatchObject({ about: 'Open', vertical: 'RETAIL', email: 'hello@shop.example' });
	});

	it("POST /addTemplate answers WhatsApp's answer, an error in it, or the new row", async () => {
		const template = (name: string) => ({ name, category: 'utility', language: 'en', components: [{ type: 'BODY', text: 'It is back.' }] });
		expect(await post('/addTemplate', template('one'))).toEqual({ response: { id: expect.any(String), status: 'PENDING', category: 'UTILITY' } });
		await set({ addTemplateAnswer: 'responseError' });
		expect(await post('/addTemplate', template('one'))).toMatchObject({ response: { error: { code: 100, error_user_msg: expect.stringContaining('already exists') } } });
		await set({ addTemplateAnswer: 'row' });
		expect(await post('/addTemplate', template('two'))).toMatchObject({ name: 'two', status: 'pending' });
		expect(await post('/removeTemplate', { name: 'two' })).toEqual({ result: 'success' });
	});

	it('GET /templates has a total, rows, limit and offset', async () => {
		await set({ ignoreOffset: false });
		const { total, templates } = await get('/templates?limit=2&offset=1&sort=name');
		expect(total).toBeGreaterThan(2);
		expect(templates).toHaveLength(2);
	});

	it('GET /hookInfo has the statuses of a message', async () => {
		const { id } = (await send('12025550109')).body;
		const hooks = async () => (await get(`/hookInfo?messageId=${encodeURIComponent(id)}`)).hooks;
		while ((await hooks()).length === 0);
		expect(await hooks()).toMatchObject([{ id, status: 'sent', recipient_id: '12025550109' }]);
	});

	it('GET /mmLiteStatus', async () => {
		expect(await get('/mmLiteStatus')).toEqual({ available: false, status: expect.any(String), message: expect.any(String) });
		await set({ mmLiteAvailable: true });
		expect((await get('/mmLiteStatus')).available).toBe(true);
	});
});

describe('2 the endpoints beside them', () => {
	const PHONE = '12025550150';
	const write = (who: object = { phone: PHONE }) => sandbox.control('POST', '/inbound', { ...who, text: 'Hi' });

	it.each([[{ body: 'https://shop.example/a.png' }], [{ url: 'https://shop.example/a.png' }]])('uploadMedia takes %j; retrieveMedia and DELETE know it', async (body) => {
		const { mediaId } = await post('/uploadMedia', body);
		expect(mediaId).toMatch(/^\d+$/);
		expect(await get(`/retrieveMedia?mediaId=${mediaId}`)).toEqual({
			id: mediaId, url: 'https://shop.example/a.png', mimeType: expect.any(String), sha256: expect.stringMatching(/^[0-9a-f]{64}$/), fileSize: expect.any(Number),
		});
		expect((await sandbox.call('DELETE', `/media/${mediaId}`)).body).toEqual({ result: 'success' });
		expect((await sandbox.call('GET', `/retrieveMedia?mediaId=${mediaId}`)).status).toBe(400);
		expect((await sandbox.call('POST', '/deleteMedia', { mediaId })).status).toBe(400);
	});

	it('uploadMedia takes a data URI, and nothing else', async () => {
		const { mediaId } = await post('/uploadMedia', { body: `data:image/png;base64,${Buffer.from('picture').toString('base64')}` });
		expect(await get(`/retrieveMedia?mediaId=${mediaId}`)).toMatchObject({ mimeType: 'image/png', fileSize: 7 });
		expect(await post('/uploadMedia', { body: 'picture' })).toEqual({ sent: false, message: 'wrong file' });
		await set({ uploads: 'wrongFile' });
		expect(await post('/uploadMedia', { url: 'https://shop.example/a.png' })).toEqual({ sent: false, message: 'wrong file' });
	});

	it('blockUser and unblockUser take who wrote; blockedUsers lists them', async () => {
		expect((await sandbox.call('POST', '/blockUser', { phone: PHONE })).status).toBe(400);
		expect((await sandbox.call('POST', '/blockUser', {})).status).toBe(400);
		await write();
		await write({ bsuid: 'US.1726000000000131' });
		expect(await post('/blockUser', { phone: Number(PHONE) })).toEqual({ result: 'success' });
		expect(await post('/blockUser', { phone: 'US.1726000000000131' })).toEqual({ result: 'success' });
		const { blockedUsers } = await get('/blockedUsers');
		expect(blockedUsers).toHaveLength(2);
		expect(blockedUsers).toEqual(expect.arrayContaining([expect.objectContaining({ wa_id: PHONE }), { messaging_product: 'whatsapp', user_id: 'US.1726000000000131' }]));
		expect((await write()).status).toBe(400);
		expect(await post('/unblockUser', { phone: PHONE })).toEqual({ result: 'success' });
		expect((await write()).status).toBe(200);
	});

	it.each([['messageId'], ['msgId']])('readMessage takes %s', async (name) => {
		expect(await post('/readMessage', { [name]: 'wamid.x', typingIndicator: true })).toEqual({ result: 'success' });
		expect((await sandbox.call('POST', '/readMessage', {})).status).toBe(400);
	});

	it('sendMessage outside the window is refused, or sent as a marketing template', async () => {
		expect(await sandbox.call('POST', '/sendMessage', { phone: PHONE, body: 'Hello' })).toMatchObject({ status: 400, body: { message: 'Dialog window is closed' } });
		await set({ autoTemplate: true });
		expect(await post('/sendMessage', { phone: PHONE, body: 'Hello' })).toMatchObject({ sent: true });
		expect((await sandbox.control('GET', `/chats/${PHONE}`)).body.messages).toMatchObject([{ category: 'marketing' }]);
	});

	it('sendMessage takes a category for Direct Send where it is enabled', async () => {
		const text = (fields: object) => sandbox.call('POST', '/sendMessage', { phone: PHONE, body: 'Hello', ...fields });
		expect((await text({ category: 'marketing' })).status).toBe(400);
		expect((await text({ category: 'utility' })).body.error.code).toBe(100);
		await set({ directSend: true });
		expect((await text({ category: 'utility' })).body.sent).toBe(true);
		await write();
		expect((await text({ category: 'utility', directSend: { serviceFirst: true } })).body.sent).toBe(true);
		expect((await sandbox.control('GET', `/chats/${PHONE}`)).body.messages).toMatchObject([{ category: 'utility' }, {}, { category: 'service' }]);
	});
});
