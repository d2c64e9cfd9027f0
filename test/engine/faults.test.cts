import { useChannel } from '../support/channel.cjs';
import { arrival, runNode, type NodeRun } from '../support/run-node.cjs';
import { startSandbox, type Sandbox } from '../support/sandbox.cjs';

const channel = useChannel();
const COUNT = 60;
const DOWN_FOR = 20_000;
const RETRYING = { retryOnFail: true, maxTries: 5, waitBetweenTries: 0 };

/** Customers unique to a test, unaffected by the process' memory of others. */
const customers = (first: number) => Array.from({ length: COUNT }, (_, index) => ({ phone: `+1202555${first + index}` }));

/** Fault after fault: nobody gets two, and every item is accepted, unknown or an error. */
async function sendThrough(first: number, credential: NodeRun['credential'], more: Partial<NodeRun> & { options?: object } = {}) {
	const { options, ...run } = more;
	const parameters = arrival({ phone: '={{ $json.phone }}', options: { timeout: 5, ...options } });
	return await runNode({ parameters, credential, items: customers(first), settings: RETRYING, ...run });
}
const tally = (items: Array<{ json: { outcome?: unknown; error?: unknown } }>) => {
	const of = (outcome: string) => items.filter(({ json }) => json.outcome === outcome).length;
	return { accepted: of('accepted'), unknown: of('unknown'), errors: items.filter(({ json }) => json.error !== undefined).length };
};
const counts = async (sandbox: Sandbox) => (await sandbox.control('GET', '/counts')).body;

const FAULTS: Array<[string, () => Promise<void>, Partial<{ accepted: number; unknown: number }>]> = [
	['a storm of 429', async () => await channel.settings({ messagesPerSecond: 20 }), { accepted: COUNT, unknown: 0 }],
	['a storm of 429 with an absurd Retry-After', async () => await script(new Array(10).fill({ status: 429, headers: { 'retry-after': '-1' }, body: {} })), { accepted: COUNT, unknown: 0 }],
	['10 % of 500s', async () => await channel.settings({ serverErrorShare: 0.1 }), {}],
	['connections cut before the message is taken', async () => await script(new Array(5).fill({ then: 'cutBefore' })), { accepted: COUNT - 5, unknown: 5 }],
	['connections cut after the message is taken', async () => await script(new Array(5).fill({ then: 'cutAfter', accept: true })), { accepted: COUNT - 5, unknown: 5 }],
	['answers after the timeout', async () => await script(new Array(5).fill({ then: 'hang', accept: true })), { accepted: COUNT - 5, unknown: 5 }],
];
const script = async (answers: object[]) => await channel.script({ answers: answers as never });

test.each(FAULTS)('Retry On Fail with five tries in %s: nobody gets two, and the outcomes add up', async (_, begin, expected) => {
	await begin();
	const { items, error } = await sendThrough(3000, channel.credential);
	expect(error).toBeUndefined();
	const found = tally(items);
	expect(found.accepted + found.unknown).toBe(COUNT);
	expect(found).toMatchObject({ ...expected, errors: 0 });
	const { maxPerRecipient, messages } = await counts(channel.sandbox);
	expect(maxPerRecipient).toBe(1);
	expect(messages).toBeGreaterThanOrEqual(found.accepted);
});

test('Retry On Fail with five tries and a customer who is always refused: everyone else got one, nobody two', async () => {
	const [, , refused] = customers(3200);
	await channel.script({ phone: refused!.phone.slice(1), times: 'forever', answers: [{ status: 400, body: { error: 'no' } }] });
	const { error } = await sendThrough(3200, channel.credential);
	expect(error.context.itemIndex).toBe(2);
	expect(await counts(channel.sandbox)).toMatchObject({ messages: COUNT - 1, maxPerRecipient: 1 });
	expect(await channel.calls('sendTemplate')).toHaveLength(COUNT - 1 + 5);
});

test('a service that is down for the first 20 seconds gets every message once it is up, with and without Retry On Fail', async () => {
	const down = await Promise.all([startSandbox(), startSandbox()]);
	const options = { languageCode: 'en', namespace: '5a4db0c5_0000_4aaa_8bbb_5a4db0c50001' };
	await Promise.all(down.map(async (sandbox) => await sandbox.stop()));
	const running = down.map(async ({ channelId, token, baseUrl }, index) => {
		const more = index === 0 ? { settings: {} } : { options: { ...options, retryFor: 1 } };
		return await sendThrough(3400 + index * COUNT, { channelId, apiToken: token, baseUrl }, { options, ...more });
	});
	await new Promise((resolve) => setTimeout(resolve, DOWN_FOR));
	const up = await Promise.all(down.map(async ({ baseUrl }) => await startSandbox({ port: Number(new URL(baseUrl).port) })));
	for (const [index, { items, error }] of (await Promise.all(running)).entries()) {
		expect(error).toBeUndefined();
		expect(tally(items)).toEqual({ accepted: COUNT, unknown: 0, errors: 0 });
		expect(await counts(up[index]!)).toMatchObject({ messages: COUNT, maxPerRecipient: 1 });
	}
	await Promise.all(up.map(async (sandbox) => await sandbox.stop()));
}, 120_000);
