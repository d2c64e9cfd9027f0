import { type Sandbox, startSandbox } from '../support/sandbox.cts';
import { stockArrival } from '../support/stock-arrival.cts';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.control('POST', '/clear', { all: true }));

const PHONE = '12025550150';
const send = (phone = PHONE) => sandbox.call('POST', '/sendTemplate', stockArrival(phone));
const script = (body: object) => sandbox.control('POST', '/script', body);
const sent = async () => (await sandbox.control('GET', '/messages')).body;

describe('a script', () => {
	it('answers the next calls in order, then ends', async () => {
		await script({ answers: [{ status: 503, body: 'busy' }, { normal: true }, { status: 200, body: { sent: 'false' }, headers: { 'x-a': '1' } }] });
		expect(await send()).toMatchObject({ status: 503, body: 'busy' });
		expect((await send()).body.sent).toBe(true);
		expect(await send()).toMatchObject({ status: 200, body: { sent: 'false' }, headers: { 'x-a': '1' } });
		expect((await send()).body.sent).toBe(true);
		expect((await sent()).total).toBe(2);
	});

	it('matches phone, path and method, the given number of times', async () => {
		await script({ phone: '+1 (202) 555-0151', times: 2, answers: [{ status: 500 }] });
		await script({ path: '/webhook', method: 'post', times: 'forever', answers: [{ status: 418, body: { error: 'no' } }] });
		expect((await send()).status).toBe(200);
		expect([(await send('12025550151')).status, (await send('12025550151')).status, (await send('12025550151')).status]).toEqual([500, 500, 200]);
		expect((await sandbox.call('GET', '/webhook')).status).toBe(200);
		for (let index = 0; index < 3; index++) expect((await sandbox.call('POST', '/webhook', { webhookUrl: 'https://a.example' })).status).toBe(418);
		expect((await sandbox.call('GET', '/webhook')).body.webhookUrl).not.toBe('https://a.example');
	});

	it('beats magic phones', async () => {
		await script({ phone: '12025550104', answers: [{ accept: true }] });
		expect((await send('12025550104')).body.sent).toBe(true);
		expect((await send('12025550104')).status).toBe(429);
	});

	it('can accept the message and answer something else', async () => {
		await script({ answers: [{ accept: true, status: 502, body: '<html>' }, { then: 'cutAfter' }, { accept: true, then: 'half' }, { accept: true, then: 'cutMiddle' }] });
		expect((await send()).status).toBe(502);
		await expect(send()).rejects.toThrow();
		expect(typeof (await send()).body).toBe('string');
		await expect(send()).rejects.toThrow();
		expect((await sent()).total).toBe(4);
	});

	it('can drop a call unanswered and unaccepted', async () => {
		await script({ answers: [{ then: 'cutBefore' }, { then: 'hang' }] });
		await expect(send()).rejects.toThrow();
		const waiting = await Promise.race([send().catch(() => 'lost'), new Promise((resolve) => setTimeout(resolve, 200, 'waiting'))]);
		expect(waiting).toBe('waiting');
		expect((await sent()).total).toBe(0);
	});

	it('sets the statuses of the message', async () => {
		await script({ answers: [{ normal: true, statuses: [{ status: 'sent', afterMs: 1 }, { status: 'failed', afterMs: 2, code: 131053 }] }] });
		const { id } = (await send()).body;
		await new Promise((resolve) => setTimeout(resolve, 100));
		const { hooks } = (await sandbox.call('GET', `/hookInfo?messageId=${encodeURIComponent(id)}`)).body;
		expect(hooks).toMatchObject([{ status: 'sent' }, { status: 'failed', errors: [{ code: 131053, title: 'Media upload error' }] }]);
	});

	it('works for read calls too', async () => {
		await script({ path: 'status', answers: [{ status: 200, body: '{"status":' }] });
		await script({ path: 'templates', answers: [{ delayMs: 50 }] });
		await script({ path: 'hookInfo', answers: [{ status: 404, body: { message: 'gone' } }] });
		expect((await sandbox.call('GET', '/status')).text).toBe('{"status":');
		expect((await sandbox.call('GET', '/templates')).body.total).toBeGreaterThan(0);
		expect((await sandbox.call('GET', '/hookInfo?messageId=x')).status).toBe(404);
	});
});

describe('what was sent', () => {
	it('is listed newest last, by phone, by ID and by page', async () => {
		const first = (await send()).body.id;
		await send('12025550151');
		await send();
		const { total, messages } = await sent();
		expect(total).toBe(3);
		expect(messages[0]).toMatchObject({
			id: first,
			phone: PHONE,
			kind: 'template',
			template: 'stock_arrival',
			language: 'en',
			text: 'Hello, Anna! For order #10482, item "Trail shoes" is now in stock. It ships tomorrow.',
			buttons: [{ type: 'URL', text: 'Confirm shipment', url: 'https://shop.example/confirm' }],
			request: stockArrival(PHONE),
			acceptedAt: expect.stringMatching(/Z$/),
		});
		const get = async (query: string) => (await sandbox.control('GET', `/messages${query}`)).body;
		expect((await get(`?phone=${PHONE}`)).total).toBe(2);
		expect((await get(`?id=${encodeURIComponent(first)}`)).total).toBe(1);
		expect((await get('?limit=1&offset=1')).messages).toMatchObject([{ phone: '12025550151' }]);
	});

	it('is counted', async () => {
		await send();
		await send();
		await send('12025550151');
		expect((await sandbox.control('GET', '/counts?full=1')).body).toMatchObject({
			messages: 3,
			recipients: 2,
			maxPerRecipient: 2,
			perRecipient: { [PHONE]: 2, '12025550151': 1 },
			requests: 3,
			serverErrors: 0,
			openSocketsNow: expect.any(Number),
			openSocketsPeak: expect.any(Number),
		});
	});

	it('is cleared, while settings stay', async () => {
		await sandbox.control('POST', '/settings', { latencyMs: 1 });
		await send();
		await script({ answers: [{ status: 500 }] });
		await sandbox.control('POST', '/clear', {});
		expect((await sent()).total).toBe(0);
		expect((await sandbox.control('GET', '/calls')).body.calls).toEqual([]);
		expect((await send()).status).toBe(200);
		expect((await sandbox.control('GET', '/settings')).body.latencyMs).toBe(1);
		await sandbox.control('POST', '/clear', { all: true });
		expect((await sandbox.control('GET', '/settings')).body.latencyMs).toBe(0);
	});
});

it('recent calls are logged by path', async () => {
	await send();
	await sandbox.call('GET', '/status');
	await send();
	const { calls } = (await sandbox.control('GET', '/calls?path=sendTemplate&limit=1')).body;
	expect(calls).toMatchObject([{ method: 'POST', path: 'sendTemplate', query: {}, tokenIn: 'header', tokenOk: true, status: 200, answer: expect.stringContaining('"sent":true') }]);
	expect(JSON.parse(calls[0].body)).toEqual(stockArrival(PHONE));
	expect(calls[0].headers).not.toHaveProperty('authorization');
});

it.each([
	['POST', '/settings', { latency: 1 }, /Unknown: latency\. Known: latencyMs, /],
	['POST', '/settings', { latencyMs: -1 }, /latencyMs/],
	['POST', '/settings', [], /Expected object/],
	['POST', '/settings', '{', /not valid JSON/],
	['POST', '/script', { answers: [] }, /answers/],
	['POST', '/script', { answers: [{ state: 200 }] }, /state/],
	['POST', '/script', { answer: {} }, /Unknown: answer/],
	['POST', '/inbound', { phone: '12' }, /8 to 15 digits/],
	['POST', '/inbound', { phone: PHONE }, /text, button or media/],
	['POST', '/hooks', {}, /body/],
	['POST', '/webhooks', { urls: ['x'] }, /not a valid URL/],
	['POST', '/templates', { name: 'nope', status: 'paused' }, /no template nope/],
	['POST', '/templates', { generate: 0 }, /generate/],
	['PUT', '/templates', { a: 1 }, /./],
	['DELETE', '/templates', {}, /name/],
	['GET', '/messages?limit=x', undefined, /whole number/],
	['POST', '/clear', { al: true }, /Unknown: al/],
])('%s %s with %j is answered by a sentence', async (method, path, body, sentence) => {
	const answer = await sandbox.control(method, path, body);
	expect(answer.status).toBe(400);
	expect(answer.body.error).toMatch(sentence);
});

it('unknown routes are 404', async () => {
	expect((await sandbox.control('GET', '/nothing')).status).toBe(404);
	expect((await sandbox.control('POST', '/messages/wamid.x/status', { status: 'read' })).status).toBe(404);
});
