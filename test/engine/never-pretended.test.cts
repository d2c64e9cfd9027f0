import { useChannel } from '../support/channel.cjs';
import { installOnceStore } from '../support/once-store.cjs';
import { arrival, runNode } from '../support/run-node.cjs';

const channel = useChannel();
const store = installOnceStore();
beforeEach(() => store.clear());

const TEXT = 'Hello, Alexey! For order #10482, item "Oak shelf" is now in stock. We ship it tomorrow.';
const row = (body: string, id: string) => ({ id, body, fromMe: 1, time: Math.floor(Date.now() / 1000), chatId: '79123456789@c.us', type: 'chat' });
const waiting = async (options: object = {}) =>
	await runNode({ parameters: arrival({ options: { waitUntil: 'delivered', waitTimeout: 1, timeout: 1, ...options } }), credential: channel.credential });

describe('Wait Until, where the answer was lost', () => {
	beforeEach(async () => await channel.script({ answers: [{ then: 'cutAfter' }] }));

	test.each(['Hello', 'Oak shelf', `${TEXT} And more`, TEXT.toUpperCase(), ''])('the message of an agent %j proves nothing', async (body) => {
		await channel.script({ path: 'messages', times: 'forever', answers: [{ body: { messages: [row(body, 'wamid.agent')] } }] });
		const { items } = await waiting({ sendOnce: true });
		expect(items[0]!.json).toMatchObject({ outcome: 'unknown', messageId: null });
		expect([...store.rows.values()].flat().filter((entry) => entry.startsWith('p:'))).toHaveLength(1);
	});

	test.each([TEXT, ` ${TEXT}\r\n`, `${TEXT}\n\n[Confirm shipment]`])('the very text does: %j', async (body) => {
		await channel.script({ path: 'messages', times: 'forever', answers: [{ body: { messages: [row(body, `wamid.ours.${body.length}`)] } }] });
		expect((await waiting()).items[0]!.json).toMatchObject({ outcome: 'accepted', messageId: `wamid.ours.${body.length}` });
	});
});

test('a message whose answer was lost is found from the sentAt of its item', async () => {
	await channel.script({ answers: [{ then: 'hang', accept: true }] });
	const { items } = await runNode({ parameters: arrival({ options: { timeout: 2 } }), credential: channel.credential });
	expect(items[0]!.json).toMatchObject({ outcome: 'unknown', sentAt: expect.any(String) });
	const [message] = await channel.messages('79123456789');
	const since = String(items[0]!.json.sentAt);
	const found = await runNode({ parameters: { operation: 'findSentMessage', phone: '+79123456789', since }, credential: channel.credential });
	expect(found.items[0]!.json).toMatchObject({ found: true, messageId: message!.id });
});

test('a slow history of one item does not shorten the wait of another', async () => {
	await channel.script({ phone: '79123450001', answers: [{ then: 'cutAfter' }] });
	await channel.script({ path: 'messages', times: 'forever', answers: [{ delayMs: 20_000 }] });
	const parameters = arrival({ phone: '={{ $json.phone }}', options: { waitUntil: 'delivered', waitTimeout: 4, retryFor: 0 } });
	const { items } = await runNode({ parameters, items: [{ phone: '+79123450001' }, { phone: '+79123450002' }], credential: channel.credential });
	expect(items.map(({ json }) => [json.outcome, json.status])).toEqual([['unknown', undefined], ['accepted', 'delivered']]);
});

test.each([0, '0', '', null])('a job ID %j beside a refusal is none', async (jobId) => {
	await channel.script({ answers: [{ body: { sent: false, jobId, message: 'no' } }] });
	const { errors } = await runNode({ parameters: arrival(), credential: channel.credential, onError: 'continueErrorOutput' });
	expect(errors[0]!.json.error).toMatchObject({ code: 'refused' });
});

test('a message whose execution is cancelled while its key is claimed never left, and says so', async () => {
	let cancel = () => {};
	const set = jest.spyOn(store.rows, 'set').mockImplementationOnce(function (this: typeof store.rows, ...given) {
		cancel();
		return Map.prototype.set.apply(this, given as [string, string[]]) as typeof store.rows;
	});
	await runNode({ parameters: arrival({ options: { sendOnce: true } }), credential: channel.credential, onStart: (stop) => (cancel = stop) });
	set.mockRestore();
	expect(await channel.calls('sendTemplate')).toHaveLength(0);
	const { items } = await runNode({ parameters: arrival({ options: { sendOnce: true } }), credential: channel.credential });
	expect(items[0]!.json.outcome).toBe('accepted');
});

test('an approved template is found beside a rejected one of the same name and language', async () => {
	const { templates } = (await channel.sandbox.call('GET', '/templates')).body;
	const approved = templates.find(({ name }: { name: string }) => name === 'stock_arrival');
	await channel.script({ path: 'templates', answers: [{ body: { templates: [{ ...approved, status: 'rejected' }, approved] } }] });
	expect((await runNode({ parameters: arrival(), credential: channel.credential })).items[0]!.json.outcome).toBe('accepted');
});
