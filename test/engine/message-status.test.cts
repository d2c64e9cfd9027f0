import { arrival, runNode } from '../support/run-node.cjs';
import { useChannel } from '../support/channel.cjs';

const channel = useChannel();

const ask = async (messageId: string, options = {}, version = 1) =>
	await runNode({
		version,
		parameters: { operation: 'getMessageStatus', messageId, options },
		credential: channel.credential,
		onError: 'continueErrorOutput',
	});

async function sentMessage(phone = '+1 202 555 0100'): Promise<string> {
	const { items } = await runNode({ parameters: arrival({ phone }), credential: channel.credential });
	return String(items[0]!.json.messageId);
}

const happens = async (id: string, status: string, more = {}) =>
	await channel.sandbox.control('POST', `/messages/${encodeURIComponent(id)}/status`, { status, ...more });

beforeEach(async () => await channel.settings({ sentAfterMs: 3_600_000, deliveredAfterMs: 3_600_000 }));

const NOTHING = {
	sentAt: null, deliveredAt: null, readAt: null, failedAt: null, failure: null, timedOut: false,
};

test('a message without reports is noReport', async () => {
	const messageId = await sentMessage();
	const { items } = await ask(messageId);
	expect(items).toStrictEqual([
		{ json: { messageId, status: 'noReport', rank: 0, isFinal: false, phone: null, recipient: null, bsuid: null, username: null, contactKey: null, chatId: null, ...NOTHING }, pairedItem: { item: 0 } },
	]);
});

test('sent, delivered and read follow each other, with times in ISO 8601', async () => {
	const messageId = await sentMessage();
	await happens(messageId, 'sent');
	expect((await ask(messageId)).items[0]!.json).toMatchObject({ status: 'sent', rank: 1, isFinal: false, phone: '12025550100' });
	await happens(messageId, 'delivered');
	expect((await ask(messageId)).items[0]!.json).toMatchObject({ status: 'delivered', rank: 3, isFinal: false });
	await happens(messageId, 'read');
	const { json } = (await ask(messageId)).items[0]!;
	expect(json).toMatchObject({ status: 'read', rank: 4, isFinal: true, failedAt: null, failure: null });
	for (const time of [json.sentAt, json.deliveredAt, json.readAt]) expect(time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
});

test('a failed message says why and what to do', async () => {
	const messageId = await sentMessage();
	await happens(messageId, 'failed', { code: 131049 });
	expect((await ask(messageId)).items[0]!.json).toMatchObject({
		status: 'failed', rank: 2, isFinal: true,
		failure: { code: '131049', retryable: true, action: 'retryLater', retryAfter: 86_400, title: expect.any(String), details: expect.any(String), advice: expect.any(String) },
	});
});

test('a delivery after a failure clears the failure', async () => {
	const messageId = await sentMessage();
	await happens(messageId, 'failed', { code: 131026 });
	await happens(messageId, 'delivered');
	expect((await ask(messageId)).items[0]!.json).toMatchObject({ status: 'delivered', failure: null, failedAt: expect.any(String) });
});

test.each([
	['undelivered', 'failed'],
	['viewed', 'read'],
	['played', 'read'],
])('the word %s means %s', async (word, status) => {
	await channel.script({ path: 'hookInfo', answers: [{ body: { hooks: [{ id: 'wamid.1', status: word, timestamp: '1754400000' }] } }] });
	expect((await ask('wamid.1')).items[0]!.json).toMatchObject({ status });
});

test('a customer without a phone is known by what the reports name them by', async () => {
	const hooks = [
		{ id: 'w=', type: 'message', status: 'sent', timestamp: '1754400001', recipient_user_id: 'CO.1726000000000000' },
		{ id: 'w=', type: 'message', status: 'delivered', timestamp: '1754400002' },
	];
	await channel.script({ path: 'hookInfo', answers: [{ body: { hooks } }] });
	const [item] = (await ask('w=')).items;
	expect(item!.json).toMatchObject({ status: 'delivered', phone: null, recipient: 'CO.1726000000000000', bsuid: 'CO.1726000000000000', username: null, contactKey: 'CO.1726000000000000', chatId: 'CO.1726000000000000@lid' });
});

test('reordered and repeated reports give the same answer', async () => {
	const hook = (status: string, timestamp: string) => ({ id: 'w=', type: 'message', status, timestamp, recipient_id: '12025550100' });
	const hooks = [hook('read', '1754400003'), hook('sent', '1754400001'), hook('sent', '1754400001'), hook('delivered', '1754400002')];
	await channel.script({ path: 'hookInfo', answers: [{ body: { hooks } }] });
	expect((await ask('w=')).items[0]!.json).toStrictEqual({
		messageId: 'w=', status: 'read', rank: 4, isFinal: true, phone: '12025550100', recipient: '+12025550100', bsuid: null, username: null, contactKey: '12025550100', chatId: '12025550100@c.us',
		sentAt: '2025-08-05T13:20:01.000Z', deliveredAt: '2025-08-05T13:20:02.000Z', readAt: '2025-08-05T13:20:03.000Z',
		failedAt: null, failure: null, timedOut: false,
	});
});

test.each([
	['an empty list', { hooks: [] }],
	['no list', {}],
	['null', 'null'],
	['an empty body', ''],
	['words of no kind we know', { hooks: [{ status: 'pending' }, { status: 'constructor' }, null, 7, { status: {} }, 'sent'] }],
	['reports about another message', { hooks: [{ id: 'another', status: 'read', timestamp: '1754400000' }] }],
])('%s is noReport', async (_, body) => {
	await channel.script({ path: 'hookInfo', answers: [{ status: 200, body }] });
	expect((await ask('wamid.1')).items[0]!.json).toMatchObject({ status: 'noReport', rank: 0 });
});

test('an unknown ID is noReport', async () => {
	expect((await ask('wamid.nobody')).items[0]!.json).toMatchObject({ messageId: 'wamid.nobody', status: 'noReport' });
});

test.each([['={{ "" }}'], ['={{ null }}'], ['={{ "  " }}'], ['={{ {} }}']])('the message ID %s asks nothing', async (messageId) => {
	const { errors } = await ask(messageId);
	expect(errors[0]!.json.error).toMatchObject({ code: 'invalid-message-id', retryable: false });
	expect(await channel.calls('hookInfo')).toHaveLength(0);
});

describe('version 2', () => {
	test('asks for the messageId of its item by default', async () => {
		const messageId = await sentMessage();
		const { items } = await runNode({ version: 2, parameters: { operation: 'getMessageStatus' }, items: [{ messageId }], credential: channel.credential });
		expect(items[0]!.json).toMatchObject({ messageId, status: 'noReport' });
	});

	test.each(['undefined', '[object Object]', '8812', '+7 912 345-67-89', '79123456789@c.us', 'wamid.A wamid.B'])('%s is an error, and asks nothing', async (messageId) => {
		const { errors } = await ask(messageId, {}, 2);
		expect(errors[0]!.json.error).toMatchObject({ code: 'invalid-message-id', message: expect.stringContaining(messageId), action: 'fixData' });
		expect(await channel.calls('hookInfo')).toHaveLength(0);
		expect((await ask(messageId)).items[0]!.json).toMatchObject({ messageId, status: 'noReport' });
	});

	test('an item whose delivery failed begins with that', async () => {
		const messageId = await sentMessage();
		await happens(messageId, 'failed', { code: 131026 });
		const keys = async (version: number) => Object.keys((await ask(messageId, {}, version)).items[0]!.json);
		expect((await keys(2)).slice(0, 3)).toEqual(['status', 'failure', 'messageId']);
		expect((await keys(1))[0]).toBe('messageId');
		expect((await keys(2)).sort()).toEqual((await keys(1)).sort());
	});
});

test.each([
	['404', { status: 404, body: { message: 'unknown method' } }, { code: 'status-unavailable', httpCode: 404 }],
	['401', { status: 401, body: { error: 'Wrong token "x"' } }, { code: 'token-rejected' }],
	['403', { status: 403, body: 'trial' }, { httpCode: 403, action: 'alertPerson' }],
	['something that is no answer of hookInfo', { status: 200, body: 'hello' }, { code: 'status-unavailable' }],
])('%s is an error of its item', async (_, answer, expected) => {
	await channel.script({ path: 'hookInfo', answers: [answer] });
	expect((await ask('wamid.1', { retryFor: 0 })).errors[0]!.json.error).toMatchObject(expected);
});

test('without Simplify the service\'s own answer is added', async () => {
	const messageId = await sentMessage();
	await happens(messageId, 'sent');
	const { items } = await ask(messageId, { simplify: false });
	expect(items[0]!.json.response).toMatchObject({ hooks: [{ id: messageId, status: 'sent' }] });
});

test('an ID with special characters is queried unchanged', async () => {
	await ask('wamid.a+b/c==&x=1');
	const [call] = await channel.calls('hookInfo');
	expect(call!.query).toEqual({ messageId: 'wamid.a+b/c==&x=1' });
});
