import type { IDataObject } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { arrival, runNode, type NodeRun } from '../support/run-node.cjs';

const channel = useChannel();

const ORDER = { phone: '+7 912 345-67-89', order: 10482, sku: 'OAK-80', note: null, urgent: false, tags: ['a'], shelf: { row: 4 } };
const PLAIN = { order: 10482, sku: 'OAK-80', note: null, urgent: false };

const run = async (options: IDataObject, item: IDataObject = ORDER, more: Partial<NodeRun> = {}) =>
	await runNode({
		parameters: arrival({ phone: '={{ $json.phone }}', options: options as never }),
		credential: channel.credential,
		items: [item],
		onError: 'continueErrorOutput',
		...more,
	});
const itemOf = async (options: IDataObject, item?: IDataObject) => (await run(options, item)).items[0]!.json;

test("the input's fields come along, and the result's win", async () => {
	const { sku, tags, shelf, outcome, phone, ...more } = await itemOf({ includeInputFields: true });
	expect({ sku, tags, shelf, outcome, phone }).toEqual({ sku: 'OAK-80', tags: ['a'], shelf: { row: 4 }, outcome: 'accepted', phone: '79123456789' });
	expect(more).toMatchObject({ order: 10482, note: null, urgent: false, orderReference: '10482' });
});

test.each([false, 'no', 0])('%p passes nothing on', async (includeInputFields) => {
	expect(Object.keys(await itemOf({ includeInputFields }))).not.toContain('sku');
});

test.each(['', 'perhaps', null])('%p is an error, and nothing is sent', async (given) => {
	const { errors } = await run({ includeInputFields: '={{ $json.given }}' }, { ...ORDER, given });
	expect(errors[0]!.json.error).toMatchObject({ code: 'invalid-option', message: expect.stringContaining('Include Input Fields') });
	expect(await channel.messages()).toHaveLength(0);
});

test('a log row has no nested values, and its own columns first', async () => {
	const row = await itemOf({ includeInputFields: true, output: 'logRow' });
	expect(row).toMatchObject({ ...PLAIN, phone: '79123456789', logId: row.messageId });
	expect(Object.keys(row)[0]).toBe('logId');
	expect(Object.keys(row).slice(18)).toEqual(Object.keys(PLAIN));
});

test('a refused log row has them, too, even if another option cannot be read', async () => {
	expect(await itemOf({ includeInputFields: true, output: 'logRow' }, { ...ORDER, phone: '12' })).toMatchObject({ outcome: 'refused', phone: null, ...PLAIN });
	expect(await itemOf({ includeInputFields: true, output: 'logRow', sendOnceKey: '={{ $("Nobody").item.json.key }}' })).toMatchObject({ outcome: 'refused', ...PLAIN });
});

test('an error item of a node that continues is what it always was', async () => {
	const { items } = await run({ includeInputFields: true }, { ...ORDER, phone: '12' }, { onError: 'continueRegularOutput' });
	expect(Object.keys(items[0]!.json)).toEqual(['error']);
});

test.each(['standard', 'logRow'])('a field "error" of the input makes no failed item (%s)', async (output) => {
	const { items, errors } = await run({ includeInputFields: true, output }, { ...ORDER, error: 'an old one', $error: 'another' }, { settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 } });
	expect([items.length, errors.length, items[0]!.json.outcome]).toEqual([1, 0, 'accepted']);
	expect(await channel.messages()).toHaveLength(1);
});

test("what an earlier send's item says of its message is not said of this one", async () => {
	const earlier = { status: 'read', rank: 4, isFinal: true, readAt: '2026-01-01T00:00:00.000Z', deliveredAt: '2026-01-01T00:00:00.000Z', failure: { code: '1' }, jobId: '7', reason: 'lost', redirectedFrom: '1', timedOut: true, messageId: 'wamid.earlier', told: true };
	const sent = await itemOf({ includeInputFields: true }, { ...ORDER, ...earlier });
	expect(Object.keys(sent).filter((name) => name in earlier)).toEqual(['messageId', 'told']);
	expect(sent.messageId).not.toBe('wamid.earlier');
	expect(await itemOf({ includeInputFields: true, output: 'logRow' }, { ...ORDER, ...earlier })).toMatchObject({ status: null, rank: 0 });
});

test('the input stays as it is, and shares nothing with the result', async () => {
	const item = structuredClone(ORDER);
	const { items, run: whole } = await run({ includeInputFields: true }, item);
	expect(item).toEqual(ORDER);
	const input = whole.data.resultData.runData.Items![0]!.data!.main?.[0]?.[0]?.json ?? {};
	expect(items[0]!.json.shelf).not.toBe(input.shelf);
});
