import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useChannel } from '../support/channel.cjs';
import { installOnceStore } from '../support/once-store.cjs';
import { arrival, runNode, type NodeRun } from '../support/run-node.cjs';

const channel = useChannel();
const store = installOnceStore();
beforeEach(() => store.clear());

let block = 6000;
const customers = (count: number) => Array.from({ length: count }, () => ({ phone: `+1202555${String(block++).padStart(4, '0')}`, order: block }));
const send = async (more: Partial<NodeRun> & { options?: object; values?: object } = {}) =>
	await runNode({
		parameters: arrival({ phone: '={{ $json.phone }}', orderReference: '={{ $json.order }}', ...more.values, options: (more.options ?? {}) as never }),
		credential: channel.credential,
		onError: 'continueRegularOutput',
		...more,
	});
const outcomes = (items: Array<{ json: { outcome?: unknown } }>) => items.map(({ json }) => json.outcome);
/** Doesn't keep the process alive. */
const after = async (milliseconds: number, word: string) => await new Promise((resolve) => void setTimeout(resolve, milliseconds, word).unref());
const quiet = async () => await new Promise((resolve) => setTimeout(resolve, 300));

test('a store that is busy once while a key is settled costs no item its outcome, and nothing leaves after the node has ended', async () => {
	const items = customers(300);
	let calls = 0;
	const get = jest.spyOn(store.rows, 'get').mockImplementation(function (this: typeof store.rows, name) {
		if (++calls === 4) throw new Error('SQLITE_BUSY: database is locked');
		return Map.prototype.get.call(this, name) as string[] | undefined;
	});
	const result = await send({ items, options: { sendOnce: true } });
	get.mockRestore();
	const asked = (await channel.calls('sendTemplate')).length;
	expect(result.items).toHaveLength(300);
	for (const { json } of result.items) expect(json.outcome ?? (json.error as { code?: string }).code).toMatch(/^(accepted|send-once-unavailable)$/);
	await quiet();
	expect(await channel.calls('sendTemplate')).toHaveLength(asked);
	expect((await send({ items, options: { sendOnce: true } })).items.filter(({ json }) => json.outcome === 'accepted').length).toBe(result.items.filter(({ json }) => json.error).length);
});

test("a set rate and a set concurrency of one node hold up nobody else's message or question", async () => {
	let isSlow = true;
	const slow = send({ items: customers(20), options: { messagesPerSecond: 1, maxConcurrency: 1 }, settings: { id: 'slow' }, onStart: (cancel) => setTimeout(cancel, 4000) }).finally(() => (isSlow = false));
	await quiet();
	const urgent = await send({ items: customers(3), settings: { id: 'urgent' } });
	expect(outcomes(urgent.items)).toEqual(['accepted', 'accepted', 'accepted']);
	const status = await runNode({ parameters: { operation: 'getMessageStatus', messageId: String(urgent.items[0]!.json.messageId) }, credential: channel.credential, settings: { id: 'status' } });
	expect(status.items[0]!.json.messageId).toBe(urgent.items[0]!.json.messageId);
	expect(isSlow).toBe(true);
	await slow;
});

describe('a refusal', () => {
	test.each([
		{ status: 400, body: { error: 'Product "Industrial drill" cannot be shown' } },
		{ status: 422, body: { message: 'Value "Permission denied poster" of {{3}} is too long' } },
		{ status: 200, body: { sent: false, message: 'No display name board for (#131031) you' } },
		{ status: 403, body: { error: 'blocked by a firewall' } },
	])('of one item stops nobody else: %j', async (answer) => {
		const items = customers(120);
		await channel.script({ phone: items[3]!.phone, answers: [answer] });
		const { items: done } = await send({ items });
		expect(done.filter(({ json }) => json.outcome === 'accepted')).toHaveLength(119);
	});

	test('403 for some stops nobody while others are answered otherwise', async () => {
		const items = customers(60);
		const script = async (index: number, answer: object) => await channel.script({ phone: items[index]!.phone, answers: [answer] });
		for (let index = 0; index < 24; index++) await script(index, index % 2 === 0 ? { status: 403, body: 'blocked' } : { status: 400, body: { error: '(#131009) Parameter value is not valid' } });
		const { items: done } = await send({ items, options: { maxConcurrency: 1 } });
		expect(done.filter(({ json }) => json.outcome === 'accepted')).toHaveLength(36);
	});

	test.each([
		[402, {}], [403, { error: 'no' }], [404, '<html>not here</html>'], [407, ''], [401, { error: 'Wrong token' }],
		[400, { error: { code: 131031, message: 'Business account locked' } }], [200, { sent: false, message: 'Account locked.' }],
	])('%s for everyone stops the rest: %j', async (status, body) => {
		await channel.script({ times: 'forever', answers: [{ status, body }] });
		const { items } = await send({ items: customers(300) });
		const codes = items.map(({ json }) => (json.error as { code: string }).code);
		expect((await channel.calls('sendTemplate')).length).toBeLessThanOrEqual(60);
		expect(codes.filter((code) => code === 'not-attempted').length).toBeGreaterThanOrEqual(240);
	});
});

describe('Wait Timeout', () => {
	test.each([
		['an answer that hangs', { then: 'hang' }], ['an answer after 20 s', { delayMs: 20_000 }], ['500 again and again', { status: 500, body: 'no' }], ['429 again and again', { status: 429, body: {} }],
	])('is kept with %s', async (_, answer) => {
		const messageId = 'wamid.waits';
		await channel.script({ path: 'hookInfo', times: 'forever', answers: [answer] });
		const asking = runNode({ parameters: { operation: 'getMessageStatus', messageId, options: { waitUntil: 'delivered', waitTimeout: 2 } }, credential: channel.credential });
		// Generous, but well below the timeouts of an answer (30 s) and of all attempts (300 s).
		const ended = await Promise.race([asking, after(12_000, 'too late')]);
		expect(ended).not.toBe('too late');
		expect((await asking).items[0]!.json).toMatchObject({ messageId, status: 'noReport', timedOut: true });
	});
});

test('an answer that drips in ends at its timeout, and is unknown', async () => {
	const dripping = createServer((request, response) => {
		response.writeHead(200, { 'content-type': 'application/json' });
		const drip = setInterval(() => response.write(' '), 100);
		request.on('close', () => clearInterval(drip));
		response.on('close', () => clearInterval(drip));
	});
	await new Promise<void>((resolve) => dripping.listen(0, '127.0.0.1', resolve));
	const baseUrl = `http://127.0.0.1:${(dripping.address() as AddressInfo).port}`;
	const options = { timeout: 1, languageCode: 'en', namespace: 'n' };
	const sending = send({ items: customers(1), options, values: { template: { __rl: true, mode: 'name', value: 'stock_arrival' } }, credential: { ...channel.credential, baseUrl } });
	const { items } = await sending;
	dripping.closeAllConnections();
	await new Promise((resolve) => dripping.close(resolve));
	expect(items[0]!.json).toMatchObject({ outcome: 'unknown', reason: 'no answer within 1 seconds' });
});

test('setting the clock back while a message waits stalls nothing', async () => {
	const real = Date.now;
	const items = customers(1);
	await channel.script({ phone: items[0]!.phone, answers: [{ status: 400, body: { error: '(#131056) Pair rate limit hit' } }] });
	const sending = send({ items, onStart: () => setTimeout(() => (Date.now = () => real() - 25_000), 1000) });
	try {
		// Messages to one customer are 6 s apart.
		const ended = await Promise.race([sending, after(20_000, 'stalled')]);
		expect(ended).not.toBe('stalled');
	} finally {
		Date.now = real;
	}
	expect(outcomes((await sending).items)).toEqual(['accepted']);
});
