import { type Sandbox, startSandbox } from '../support/sandbox.cts';
import { stockArrival } from '../support/stock-arrival.cts';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.control('POST', '/clear', { all: true }));

const PHONE = '12025550150';
const sendText = (body: unknown, phone: unknown = PHONE) => sandbox.call('POST', '/sendMessage', { phone, body });
const write = (text: string) => sandbox.control('POST', '/inbound', { phone: PHONE, text });
const send = (phone = PHONE) => sandbox.call('POST', '/sendTemplate', stockArrival(phone));
const set = (settings: object) => sandbox.control('POST', '/settings', settings);

it('GET /status, /me and /outputIP answer', async () => {
	expect((await sandbox.call('GET', '/status')).body).toEqual({ isCloud: true, status: 'connected', accountStatus: 'authenticated', mm_lite_available: false });
	await set({ channelStatus: 'disconnected' });
	expect((await sandbox.call('GET', '/status')).body.status).toBe('disconnected');
	expect((await sandbox.call('GET', '/me')).body.name).toBe('Example Shop');
	expect((await sandbox.call('GET', '/outputIP')).body).toEqual({ result: '127.0.0.1' });
});

describe('free text', () => {
	it('needs a customer who wrote', async () => {
		expect(await sendText('Hello')).toMatchObject({ status: 400, body: { message: 'Dialog window is closed' } });
		await write('Hi');
		expect((await sendText('Hello')).body).toMatchObject({ sent: true, message: `Sent to ${PHONE}@c.us` });
		expect((await sendText('Hello', '12025550151')).status).toBe(400);
	});

	it('is refused once the window has passed', async () => {
		await write('Hi');
		await set({ windowMs: 0 });
		expect((await sendText('Hello')).body.message).toBe('Dialog window is closed');
	});

	it('has 1 to 4096 characters', async () => {
		await write('Hi');
		expect((await sendText('')).status).toBe(400);
		expect((await sendText('x'.repeat(4097))).status).toBe(400);
		expect((await sendText('x'.repeat(4096))).body.sent).toBe(true);
	});

	it('may come as a form', async () => {
		await write('Hi');
		const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization: `Bearer ${sandbox.token}` };
		expect((await sandbox.call('POST', '/sendMessage', `phone=${PHONE}&body=Hello`, headers)).body.sent).toBe(true);
	});
});

describe('the history', () => {
	const history = async (query = '') => (await sandbox.call('GET', `/messages${query}`)).body.messages as Array<Record<string, unknown>>;

	it('has what customers wrote and what was sent', async () => {
		await write('Hi');
		const { body } = await send();
		expect(await history()).toEqual([
			expect.objectContaining({ fromMe: 0, self: 0, body: 'Hi', messageNumber: 1, chatId: `${PHONE}@c.us`, time: expect.any(Number) }),
			expect.objectContaining({ fromMe: 1, self: 1, id: body.id, body: expect.stringContaining('Trail shoes'), messageNumber: 2 }),
		]);
	});

	it('is cut by chat, number, limit and time', async () => {
		for (let index = 0; index < 6; index++) await send(`1202555015${index % 2}`);
		const numbers = async (query: string) => (await history(query)).map(({ messageNumber }) => messageNumber);
		expect(await numbers(`?chatId=${PHONE}@c.us`)).toEqual([1, 3, 5]);
		expect(await numbers('?lastMessageNumber=2&limit=2')).toEqual([3, 4]);
		expect(await numbers('?limit=2')).toEqual([1, 2]);
		const now = Math.floor(Date.now() / 1000);
		expect(await numbers(`?min_time=${now + 5}`)).toEqual([]);
		expect(await numbers(`?min_time=${now - 5}&max_time=${now + 5}`)).toHaveLength(6);
	});

	it('is a notice if history is off', async () => {
		await set({ historyStored: false });
		expect((await sandbox.call('GET', '/messages')).body).toEqual({ notice: expect.any(String) });
	});
});

it('hookInfo of an unknown message answers as the settings say', async () => {
	const answers = [];
	for (const unknownHookInfo of ['empty', 'missing', 'null', '404']) {
		await set({ unknownHookInfo });
		const { status, body } = await sandbox.call('GET', '/hookInfo?messageId=wamid.x');
		answers.push([status, body]);
	}
	expect(answers).toEqual([[200, { hooks: [] }], [200, {}], [200, null], [404, { message: 'Message not found' }]]);
	expect((await sandbox.call('GET', '/hookInfo')).status).toBe(400);
});

describe('the rate limit', () => {
	const many = async (count: number) => Promise.all(Array.from({ length: count }, () => send()));

	it('lets one second of messages through at once, then refuses', async () => {
		await set({ messagesPerSecond: 5, rateLimitRetryAfter: '2' });
		const answers = await many(20);
		const refused = answers.filter(({ status }) => status === 429);
		expect(answers.length - refused.length).toBeGreaterThanOrEqual(5);
		expect(refused.length).toBeGreaterThanOrEqual(10);
		expect(refused[0]).toMatchObject({ body: { error: 'Too many requests' }, headers: { 'retry-after': '2' } });
		const counts = (await sandbox.control('GET', '/counts')).body;
		expect(counts).toMatchObject({ refusedForRate: refused.length, messages: 20 - refused.length });
		await new Promise((resolve) => setTimeout(resolve, 400));
		expect((await send()).status).toBe(200);
	});

	it('has no Retry-After by default, or refuses in the body', async () => {
		await set({ messagesPerSecond: 1 });
		const [, second] = await many(2);
		expect(second?.headers).not.toHaveProperty('retry-after');
		await set({ rateLimitStyle: 'body' });
		expect(await send()).toMatchObject({ status: 200, body: { sent: false, error: { code: 130429 } } });
	});
});

it('random server errors are repeatable and accept nothing', async () => {
	const series = async () => {
		await sandbox.control('POST', '/clear', {});
		const statuses = [];
		for (let index = 0; index < 20; index++) statuses.push((await send()).status);
		return statuses;
	};
	await set({ serverErrorShare: 0.5, serverErrorSeed: 7 });
	const first = await series();
	expect(new Set(first)).toEqual(new Set([200, 500]));
	expect(await series()).toEqual(first);
	const { messages, serverErrors } = (await sandbox.control('GET', '/counts')).body;
	expect(messages + serverErrors).toBe(20);
});

it('the latency applies to every answer', async () => {
	await set({ latencyMs: 80 });
	const before = Date.now();
	await sandbox.call('GET', '/status');
	expect(Date.now() - before).toBeGreaterThanOrEqual(79);
});

it('a throttled send waits for a latency of its own, where one is set', async () => {
	await set({ latencyMs: 0, throttledLatencyMs: 80, messagesPerSecond: 1 });
	await send();
	const before = Date.now();
	expect((await send()).status).toBe(429);
	expect(Date.now() - before).toBeGreaterThanOrEqual(79);
});
