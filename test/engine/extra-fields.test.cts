import type { IDataObject } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { arrival, runNode } from '../support/run-node.cjs';

const channel = useChannel();

const ORDER = { phone: '+7 912 345-67-89', sku: 'OAK-80', shelf: { row: 4 } };
const FIELDS = '={{ { sku: $json.sku, arrival: "17", shelf: $json.shelf } }}';

const run = async (options: IDataObject, item: IDataObject = ORDER) =>
	await runNode({ parameters: arrival({ phone: '={{ $json.phone }}', options: options as never }), credential: channel.credential, items: [item], onError: 'continueErrorOutput' });
const itemOf = async (options: IDataObject, item?: IDataObject) => (await run(options, item)).items[0]!.json;

test.each([FIELDS, { sku: 'OAK-80', arrival: '17', shelf: { row: 4 } }, '{ "sku": "OAK-80", "arrival": "17", "shelf": { "row": 4 } }'])('%j comes with the result', async (extraFields) => {
	expect(await itemOf({ extraFields })).toMatchObject({ sku: 'OAK-80', arrival: '17', shelf: { row: 4 }, outcome: 'accepted' });
});

test("the result's own fields win, and what could pass for one of this message is left out", async () => {
	const item = await itemOf({ extraFields: { outcome: 'lost', phone: '1', messageId: 'wamid.other', status: 'read', error: 'old', sku: 'OAK-80' } });
	expect(item).toMatchObject({ outcome: 'accepted', phone: '79123456789', sku: 'OAK-80' });
	expect([item.messageId === 'wamid.other', 'status' in item, 'error' in item]).toEqual([false, false, false]);
});

test("they win over the input's", async () => {
	expect(await itemOf({ extraFields: { sku: 'OAK-81' }, includeInputFields: true })).toMatchObject({ sku: 'OAK-81', shelf: { row: 4 } });
});

test('a log row has them behind its own columns, nothing nested; a refused one, too', async () => {
	const row = await itemOf({ extraFields: FIELDS, output: 'logRow' });
	expect(Object.keys(row).slice(18)).toEqual(['sku', 'arrival']);
	expect(await itemOf({ extraFields: FIELDS, output: 'logRow' }, { ...ORDER, phone: '12' })).toMatchObject({ outcome: 'refused', sku: 'OAK-80', arrival: '17' });
});

test.each(['', null, {}, '{}', '  '])('%j adds nothing', async (given) => {
	expect(Object.keys(await itemOf({ extraFields: '={{ $json.given }}' }, { ...ORDER, given }))).toEqual(Object.keys(await itemOf({})));
});

test.each(['perhaps', '[1]', 17, true, [{ sku: 'OAK-80' }]])('%j is an error, and nothing is sent', async (given) => {
	const { errors } = await run({ extraFields: '={{ $json.given }}' }, { ...ORDER, given });
	expect(errors[0]!.json.error).toMatchObject({ code: 'invalid-option', message: expect.stringContaining('Extra Fields') });
	expect(await channel.messages()).toHaveLength(0);
});
