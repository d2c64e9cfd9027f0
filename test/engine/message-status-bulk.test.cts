import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { runNode } from '../support/run-node.cjs';
import { stockArrival } from '../support/stock-arrival.cjs';

const channel = useChannel();

const ask = async (ids: readonly string[], options: INodeParameters = {}) =>
	await runNode({
		parameters: { operation: 'getMessageStatus', messageId: '={{ $json.id }}', options },
		credential: channel.credential,
		items: ids.map((id) => ({ id })),
		onError: 'continueErrorOutput',
	});

/** IDs of messages with these statuses, in order. */
async function messagesThatAre(statuses: readonly string[]): Promise<string[]> {
	await channel.settings({ sentAfterMs: 3_600_000, deliveredAfterMs: 3_600_000 });
	return await Promise.all(
		statuses.map(async (status, n) => {
			const { id } = (await channel.sandbox.call('POST', '/sendTemplate', stockArrival(`1202555${1000 + n}`))).body;
			await channel.sandbox.control('POST', `/messages/${encodeURIComponent(id)}/status`, { status });
			return id;
		}),
	);
}

/** Scripts answers for the next queries, each repeated this many times. */
async function willAnswer(...answers: Array<[times: number, answer: IDataObject]>) {
	for (const [times, answer] of answers) await channel.script({ path: 'hookInfo', times, answers: [answer] });
}

const NORMAL = { normal: true };
const RATE = { status: 429, body: { error: 'Too many requests' } };
const FAULT = { status: 500, body: 'no' };

test('10,000 IDs in one run: one item each, in order and paired, though the service refuses some for its rate and fails some', async () => {
	const words = ['sent', 'delivered', 'read', 'failed'];
	const known = await messagesThatAre(Array.from({ length: 40 }, (_, n) => words[n % words.length]!));
	const ids = Array.from({ length: 10_000 }, (_, n) => (n % 250 === 0 ? known[n / 250]! : `wamid.unknown-${n}`));
	await willAnswer([1000, NORMAL], [10, FAULT], [2000, NORMAL], [3, { then: 'cutBefore' }], [6000, NORMAL], [10, RATE]);
	const { items, errors } = await ask(ids);
	expect(errors).toEqual([]);
	expect(items.map(({ json }) => json.messageId)).toEqual(ids);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(ids.map((_, item) => ({ item })));
	expect(items.map(({ json }) => json.status)).toEqual(ids.map((_, n) => (n % 250 === 0 ? words[(n / 250) % words.length] : 'noReport')));
}, 180_000);

test('a repeated ID is queried once, and each of its items is separate', async () => {
	const [failed, read] = await messagesThatAre(['failed', 'read']);
	const { items } = await ask([failed!, read!, failed!, failed!, 'wamid.unknown', read!]);
	expect(items.map(({ json }) => json.status)).toEqual(['failed', 'read', 'failed', 'failed', 'noReport', 'read']);
	expect(await channel.calls('hookInfo')).toHaveLength(3);
	expect(items[0]!.json).toEqual(items[2]!.json);
	expect(items[0]!.json.failure).not.toBe(items[2]!.json.failure);
});

test('an ID that the service cannot answer for is an error item after four questions, and the others have their items', async () => {
	const [read] = await messagesThatAre(['read']);
	await willAnswer([1, FAULT], [4, NORMAL], [3, FAULT]);
	const { items, errors } = await ask(['wamid.poor', read!, 'wamid.b', '', 'wamid.c', read!, 'wamid.d'], { maxConcurrency: 1 });
	expect(items.map(({ json, pairedItem }) => [json.messageId, pairedItem])).toEqual(
		[[read, 1], ['wamid.b', 2], ['wamid.c', 4], [read, 5], ['wamid.d', 6]].map(([id, item]) => [id, { item }]),
	);
	expect(errors.map(({ json }) => json.error)).toMatchObject([
		{ code: 'service-unavailable', httpCode: 500, retryable: true, itemIndex: 0 },
		{ code: 'invalid-message-id', itemIndex: 3 },
	]);
});

test('throttled queries are retried until answered', async () => {
	const ids = Array.from({ length: 300 }, (_, n) => `wamid.${n}`);
	await willAnswer([100, NORMAL], [10, RATE], [100, NORMAL], [1, { ...RATE, headers: { 'Retry-After': '1' } }]);
	const { items, errors } = await ask(ids);
	expect(errors).toEqual([]);
	expect(items.map(({ json }) => json.messageId)).toEqual(ids);
});

test('a rejected token is reported once per item, and appears nowhere', async () => {
	const { errors, saved } = await runNode({
		parameters: { operation: 'getMessageStatus', messageId: '={{ $json.id }}' },
		credential: { ...channel.credential, apiToken: 'not-the-token' },
		items: [{ id: 'a' }, { id: 'b' }],
		onError: 'continueErrorOutput',
	});
	expect(errors.map(({ json }) => json.error)).toMatchObject([{ code: 'token-rejected', itemIndex: 0 }, { code: 'token-rejected', itemIndex: 1 }]);
	expect(saved).not.toContain('not-the-token');
});
