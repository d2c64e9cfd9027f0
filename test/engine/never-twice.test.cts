import { arrival, runNode, type NodeRun } from '../support/run-node.cjs';
import { useChannel } from '../support/channel.cjs';
import { installOnceStore } from '../support/once-store.cjs';

const channel = useChannel();
const store = installOnceStore();
beforeEach(() => store.clear());

let block = 3000;
/** New customers, unaffected by the process' memory of earlier tests. */
const customers = (count: number) => {
	block += count;
	return Array.from({ length: count }, (_, index) => ({ phone: `+1202555${block - count + index}`, order: index }));
};
const perCustomer = (more = {}) => arrival({ phone: '={{ $json.phone }}', orderReference: '={{ $json.order }}', ...more });
const outcomes = (items: Array<{ json: { outcome?: unknown } }>) => items.map(({ json }) => json.outcome);
const counts = async () => (await channel.sandbox.control('GET', '/counts')).body;
const send = async (more: Partial<NodeRun> & { options?: object }) =>
	await runNode({ parameters: perCustomer({ options: more.options ?? {} }), credential: channel.credential, ...more });

describe('Retry On Fail', () => {
	const retrying = { settings: { retryOnFail: true, maxTries: 5, waitBetweenTries: 0 } };

	test.each([
		['a refusal', { status: 400, body: { error: 'no' } }],
		['a 500', { status: 500, body: 'no' }],
		['a cut connection after the message was taken', { then: 'cutAfter', accept: true }],
		['a timeout', { then: 'hang', accept: true }],
		['a 429', { status: 429, body: {} }],
	])('%s of one item: nobody gets a message twice', async (_, answer) => {
		const items = customers(8);
		await channel.script({ phone: items[4]!.phone.slice(1), answers: [answer, answer] });
		const result = await send({ items, ...retrying, options: { timeout: 0.5, retryFor: 0, maxConcurrency: 2 } });
		expect(result.error).toBeUndefined();
		expect(result.items).toHaveLength(8);
		expect((await counts()).maxPerRecipient).toBe(1);
	});

	test('a value that changes between tries does not make a new message, and the item shows what the customer got', async () => {
		const items = customers(6);
		await channel.script({ phone: items[5]!.phone.slice(1), answers: [{ status: 400, body: { error: 'no' } }] });
		const { items: sent } = await runNode({
			parameters: perCustomer({ nextStep: '={{ "Asked at " + $now.toMillis() + " " + Math.random() }}' }),
			credential: channel.credential,
			items,
			...retrying,
		});
		expect(outcomes(sent)).toEqual(items.map(() => 'accepted'));
		expect(await counts()).toMatchObject({ messages: 6, maxPerRecipient: 1 });
		for (const [index, { json }] of sent.entries()) expect(String(json.text)).toContain(String((await channel.messages(items[index]!.phone.slice(1)))[0]!.text));
	});

	test('what was unknown stays unknown, and is not sent again', async () => {
		const items = customers(2);
		await channel.script({ phone: items[0]!.phone.slice(1), answers: [{ then: 'cutAfter', accept: true }] });
		await channel.script({ phone: items[1]!.phone.slice(1), answers: [{ status: 400, body: { error: 'no' } }] });
		const result = await send({ items, ...retrying });
		expect(outcomes(result.items)).toEqual(['unknown', 'accepted']);
		expect(await channel.calls('sendTemplate')).toHaveLength(3);
	});
});

describe('Send Once', () => {
	const options = { sendOnce: true };

	test('the same message is not sent again by a later execution, and another one is', async () => {
		const items = customers(2);
		const first = await send({ items, options });
		const second = await send({ items: [...items, ...customers(1)], options });
		expect(outcomes(first.items)).toEqual(['accepted', 'accepted']);
		expect(outcomes(second.items)).toEqual(['skipped', 'skipped', 'accepted']);
		expect(second.items[0]!.json.messageId).toBe(first.items[0]!.json.messageId);
		expect((await counts()).maxPerRecipient).toBe(1);
	});

	test('duplicates within one execution are sent once', async () => {
		const [twin] = customers(1);
		const { items } = await send({ items: [twin!, twin!, twin!], options });
		expect(outcomes(items).sort()).toEqual(['accepted', 'skipped', 'skipped']);
		expect(await channel.messages()).toHaveLength(1);
	});

	test('twenty executions at once send it once, and forget no other key', async () => {
		const items = customers(5);
		const results = await Promise.all(Array.from({ length: 20 }, async () => await send({ items, options })));
		const all = results.flatMap((result) => outcomes(result.items));
		expect(all.filter((outcome) => outcome === 'accepted')).toHaveLength(5);
		expect(all.filter((outcome) => outcome === 'skipped')).toHaveLength(95);
		expect(await counts()).toMatchObject({ messages: 5, maxPerRecipient: 1 });
		expect([...store.rows.values()].flat().filter((entry) => entry.startsWith('k:'))).toHaveLength(5);
		expect([...store.rows.values()].flat().filter((entry) => entry.startsWith('p:'))).toEqual([]);
	});

	test('a refusal frees the key', async () => {
		const items = customers(1);
		await channel.script({ answers: [{ status: 400, body: { error: 'no' } }] });
		expect((await send({ items, options })).error).toBeDefined();
		expect(outcomes((await send({ items, options })).items)).toEqual(['accepted']);
	});

	test('a send whose answer was lost stays unknown, is never sent again and always reported', async () => {
		const items = customers(1);
		await channel.script({ answers: [{ then: 'cutAfter', accept: true }] });
		expect(outcomes((await send({ items, options })).items)).toEqual(['unknown']);
		const later = (await send({ items, options })).items[0]!.json;
		expect(later).toMatchObject({ outcome: 'unknown', messageId: null, reason: expect.stringContaining('ended before its answer') });
		expect(await channel.messages()).toHaveLength(1);
	});

	test('Send Again sends it anyway', async () => {
		const items = customers(1);
		await send({ items, options });
		const again = await send({ items, options: { sendOnce: true, sendAgain: true } });
		expect(outcomes(again.items)).toEqual(['accepted']);
		expect(outcomes((await send({ items, options })).items)).toEqual(['skipped']);
		expect(await channel.messages()).toHaveLength(2);
	});

	test('a batch larger than the store is refused before anything is sent', async () => {
		const { error } = await send({ items: Array.from({ length: 20_001 }, (_, order) => ({ phone: '+12025550100', order })), options });
		expect(error.context.data).toMatchObject({ code: 'send-once-full' });
		expect(await channel.calls('sendTemplate')).toHaveLength(0);
	});

	test('a custom key decides', async () => {
		const items = customers(2);
		const own = { ...options, sendOnceKey: 'arrival-7' };
		expect(outcomes((await send({ items, options: own })).items).sort()).toEqual(['accepted', 'skipped']);
	});

	test('if the store fails nothing is sent, and the error says so', async () => {
		const items = customers(1);
		const { rows } = store;
		const broken = jest.spyOn(rows, 'get').mockImplementation(() => {
			throw new Error('database is locked');
		});
		const { error } = await send({ items, options });
		broken.mockRestore();
		expect(error.context.data).toMatchObject({ code: 'send-once-unavailable' });
		expect(await channel.calls('sendTemplate')).toHaveLength(0);
		expect(outcomes((await send({ items, options })).items)).toEqual(['accepted']);
	});
});

describe('stopping early', () => {
	test.each([
		['a rejected token', { status: 401, body: { error: 'Wrong token "x"' } }],
		['a locked account', { status: 400, body: { error: '(#131031) Account locked' } }],
		['an unpaid account', { status: 200, body: { sent: false, error: { code: 131042, message: 'payment' } } }],
		['a paused template', { status: 400, body: { error: '(#132015) Template is paused' } }],
		['a deleted template', { status: 400, body: { error: '(#132001) Template name does not exist' } }],
	])('after %s the rest of the batch is not attempted', async (_, answer) => {
		const items = customers(300);
		await channel.script({ times: 'forever', answers: [answer] });
		const result = await send({ items, onError: 'continueRegularOutput' });
		const codes = result.items.map(({ json }) => (json.error as { code: string }).code);
		expect(codes.filter((code) => code === 'not-attempted').length).toBeGreaterThanOrEqual(250);
		expect((await channel.calls('sendTemplate')).length).toBeLessThanOrEqual(50);
		const { error } = result.items.at(-1)!.json as { error: Record<string, unknown> };
		expect(error).toMatchObject({ code: 'not-attempted', retryable: false, message: expect.stringContaining('Not attempted') });
	});

	test('a paused template does not stop the others', async () => {
		const items = customers(60).map((item, index) => ({ ...item, language: index % 2 === 0 ? 'en' : 'es' }));
		await channel.script({ answers: [{ status: 400, body: { error: '(#132015) Template is paused' } }] });
		const result = await runNode({
			parameters: perCustomer({ template: { __rl: true, mode: 'name', value: '=stock_arrival|{{ $json.language }}' }, options: { maxConcurrency: 1 } }),
			credential: channel.credential,
			items,
			onError: 'continueErrorOutput',
		});
		expect(result.items.every(({ json }) => json.language === 'es')).toBe(true);
		expect(result.items).toHaveLength(30);
	});
});

describe('the pace', () => {
	test('throttled messages are sent later: none lost, none twice', async () => {
		await channel.settings({ messagesPerSecond: 40 });
		const { items } = await send({ items: customers(120) });
		expect(items.every(({ json }) => json.outcome === 'accepted')).toBe(true);
		expect(await counts()).toMatchObject({ messages: 120, maxPerRecipient: 1 });
	});

	test('many executions at once share it', async () => {
		await channel.settings({ messagesPerSecond: 40, rateLimitStyle: 'body' });
		const results = await Promise.all(customers(100).map(async (item) => await send({ items: [item] })));
		expect(results.flatMap((result) => outcomes(result.items))).toEqual(new Array(100).fill('accepted'));
		expect(await counts()).toMatchObject({ messages: 100, maxPerRecipient: 1 });
	});

	test('after a pair limit, messages to one customer are spaced', async () => {
		const [customer] = customers(1);
		await channel.script({ answers: [{ normal: true }, { status: 200, body: { sent: false, error: { code: 131056, message: 'Pair rate limit hit' } } }] });
		const { items } = await send({ items: [{ ...customer!, order: 1 }, { ...customer!, order: 2 }] });
		expect(outcomes(items)).toEqual(['accepted', 'accepted']);
		expect((await channel.messages()).map(({ text }) => /#(\d)/.exec(String(text))?.[1])).toEqual(['1', '2']);
	});

	test('10 % of 500s: every item is accepted or unknown, nobody gets two', async () => {
		await channel.settings({ serverErrorShare: 0.1 });
		const { items } = await send({ items: customers(200) });
		const unknown = items.filter(({ json }) => json.outcome === 'unknown').length;
		expect(items.filter(({ json }) => json.outcome === 'accepted').length + unknown).toBe(200);
		expect(unknown).toBeGreaterThan(0);
		expect((await counts()).maxPerRecipient).toBe(1);
	});
});

describe('Cancel', () => {
	test('no request leaves after the cancel, and what was in flight is not sent again', async () => {
		await channel.settings({ latencyMs: 300 });
		const items = customers(400);
		await send({ items, options: { maxConcurrency: 5 }, onStart: (cancel) => void setTimeout(cancel, 1000) });
		const after = (await counts()).requests;
		await new Promise((resolve) => setTimeout(resolve, 1500));
		expect((await counts()).requests).toBe(after);
		expect((await channel.calls('sendTemplate')).length).toBeLessThan(50);
	});
});

describe('Wait Until', () => {
	test.each([
		['sent', { status: 'sent', rank: 1 }],
		['delivered', { status: 'delivered', rank: 3 }],
	])('%s: the item carries the status when it is there', async (waitUntil, expected) => {
		await channel.settings({ sentAfterMs: 300, deliveredAfterMs: waitUntil === 'sent' ? 600_000 : 900 });
		const { items } = await send({ items: customers(3), options: { waitUntil, waitTimeout: 20 } });
		for (const { json } of items) expect(json).toMatchObject({ outcome: 'accepted', timedOut: false, failure: null, ...expected });
	});

	test('a failed delivery is an item that says why, not an error', async () => {
		await channel.settings({ sentAfterMs: 10, deliveredAfterMs: 50 });
		const { items, error } = await send({ items: [{ phone: '+12025550101', order: 1 }], options: { waitUntil: 'final', waitTimeout: 20 } });
		expect(error).toBeUndefined();
		expect(items[0]!.json).toMatchObject({ outcome: 'accepted', status: 'failed', failure: { code: '131026', action: 'otherChannel' } });
		expect(items[0]!.json).not.toHaveProperty('error');
	});

	test('a lost answer is settled by the message in the channel\'s history', async () => {
		const [customer] = customers(1);
		await channel.settings({ sentAfterMs: 10, deliveredAfterMs: 50 });
		await channel.script({ answers: [{ then: 'cutAfter', accept: true }] });
		const options = { waitUntil: 'delivered', waitTimeout: 20, sendOnce: true };
		const { items } = await send({ items: [customer!], options });
		const [message] = await channel.messages(customer!.phone.slice(1));
		expect(items[0]!.json).toMatchObject({ outcome: 'accepted', messageId: message!.id, status: 'delivered' });
		expect(items[0]!.json).not.toHaveProperty('reason');
		expect((await send({ items: [customer!], options })).items[0]!.json).toMatchObject({ outcome: 'skipped', messageId: message!.id });
	});

	test('a lost answer of a message that was never accepted stays unknown', async () => {
		await channel.script({ answers: [{ then: 'cutBefore' }] });
		const { items } = await send({ items: customers(1), options: { waitUntil: 'delivered', waitTimeout: 2 } });
		expect(items[0]!.json).toMatchObject({ outcome: 'unknown', messageId: null, reason: expect.any(String) });
	});

	test('a timeout gives a truthful item', async () => {
		await channel.settings({ sentAfterMs: 10, deliveredAfterMs: 600_000 });
		const { items } = await send({ items: customers(1), options: { waitUntil: 'delivered', waitTimeout: 1 } });
		expect(items[0]!.json).toMatchObject({ outcome: 'accepted', status: 'sent', timedOut: true });
	});

	test('Get Message Status waits too', async () => {
		await channel.settings({ sentAfterMs: 10, deliveredAfterMs: 900 });
		const { items } = await send({ items: customers(2) });
		const asked = await runNode({
			parameters: { operation: 'getMessageStatus', messageId: '={{ $json.id }}', options: { waitUntil: 'delivered', waitTimeout: 20 } },
			credential: channel.credential,
			items: items.map(({ json }) => ({ id: json.messageId as string })),
		});
		expect(asked.items.map(({ json }) => [json.status, json.timedOut])).toEqual([['delivered', false], ['delivered', false]]);
	});
});

describe('Find Sent Message', () => {
	const find = async (phone: string, more = {}) =>
		await runNode({ parameters: { operation: 'findSentMessage', phone, ...more }, credential: channel.credential, onError: 'continueErrorOutput' });

	test('finds the ID of a send whose answer was lost', async () => {
		const [customer] = customers(1);
		await channel.script({ answers: [{ then: 'cutAfter', accept: true }] });
		await send({ items: [customer!] });
		const [message] = await channel.messages(customer!.phone.slice(1));
		const { items } = await find(customer!.phone);
		expect(items[0]!.json).toMatchObject({ found: true, messageId: message!.id, phone: customer!.phone.slice(1), count: 1 });
	});

	test('finds nothing where nothing was sent, and nothing before Since', async () => {
		const [customer] = customers(1);
		expect((await find(customer!.phone)).items[0]!.json).toMatchObject({ found: false, messageId: null, count: 0, messages: [] });
		await send({ items: [customer!] });
		const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
		expect((await find(customer!.phone, { since: tomorrow })).items[0]!.json).toMatchObject({ found: false });
	});

	test.each([['nobody', {}, 'invalid-recipient'], ['+12025550100', { since: 'soon' }, 'invalid-time']])('%s %j is refused', async (phone, more, code) => {
		expect((await find(phone, more)).errors[0]!.json.error).toMatchObject({ code });
	});

	test('a channel without history says so', async () => {
		await channel.script({ path: 'messages', answers: [{ body: { notice: 'History is off' } }] });
		expect((await find('+12025550100')).errors[0]!.json.error).toMatchObject({ code: 'history-unavailable', message: expect.stringContaining('History is off') });
	});
});
