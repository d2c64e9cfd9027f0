import type { IDataObject } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { installOnceStore } from '../support/once-store.cjs';
import { arrival, runNode, type NodeRun } from '../support/run-node.cjs';
import { ack, ALL_STATUSES, post, useTriggers } from '../support/triggers.cjs';

const channel = useChannel();
const { active } = useTriggers(channel);
const store = installOnceStore();
beforeEach(() => store.clear());

const COLUMNS = [
	'logId', 'messageId', 'contactKey', 'phone', 'orderReference', 'customerName', 'productName', 'template', 'outcome', 'acceptedAt',
	'status', 'rank', 'statusAt', 'errorCode', 'errorMessage', 'action', 'retryAfter', 'told',
];
const CUSTOMER = { phone: '+7 912 345-67-89', order: '10482' };
const NOTHING_YET = { status: null, rank: 0, statusAt: null, errorCode: null, errorMessage: null, action: null, retryAfter: null };

let number = 5000;
/** A new customer, so that no other test's limit concerns them. */
const customer = (more: IDataObject = {}) => ({ phone: `+1202555${++number}`, order: `order-${number}`, ...more });
const digits = (phone: unknown) => String(phone).replace(/\D/g, '');

type Run = Partial<Omit<NodeRun, 'parameters' | 'credential'>> & { options?: object; parameters?: object; testRecipient?: string };

/** A stock arrival for each item, with the same values but the item's phone and order. */
const run = async ({ options = {}, parameters = {}, testRecipient = '', ...more }: Run = {}) =>
	await runNode({
		parameters: arrival({ phone: '={{ $json.phone }}', orderReference: '={{ $json.order }}', options: options as never, ...parameters }),
		credential: { ...channel.credential, testRecipient },
		items: [CUSTOMER],
		...more,
	});
const rows = async ({ options = {}, ...more }: Run = {}): Promise<IDataObject[]> => {
	const { items, errors, error } = await run({ options: { output: 'logRow', ...options }, ...more });
	expect([error, errors]).toEqual([undefined, []]);
	for (const { json } of items) {
		expect(Object.keys(json).slice(0, COLUMNS.length)).toEqual(COLUMNS);
		expect(Object.values(json).filter((value) => value === undefined || (value !== null && typeof value === 'object'))).toEqual([]);
		expect(String(json.logId).trim()).not.toBe('');
	}
	return items.map(({ json }) => json);
};
const row = async (more: Run = {}) => (await rows(more))[0]!;
const toPhone = async (phone: string, ...answers: object[]) => await channel.script({ phone: digits(phone), answers });

describe('a send with Output: Log Row', () => {
	test('is one row with every column', async () => {
		const sent = await row();
		expect(sent).toStrictEqual({
			logId: sent.messageId, messageId: expect.stringMatching(/^wamid\./), contactKey: '79123456789', phone: '79123456789', orderReference: '10482',
			customerName: 'Alexey', productName: 'Oak shelf', template: 'stock_arrival', outcome: 'accepted', acceptedAt: expect.stringMatching(/Z$/), ...NOTHING_YET, told: true,
		});
	});

	test('to the Test Recipient is a rehearsal: the customer was not told', async () => {
		const sent = await row({ testRecipient: '+12025550178' });
		expect(sent).toMatchObject({ logId: sent.messageId, messageId: expect.stringMatching(/^wamid\./), phone: '12025550178', outcome: 'rehearsed', told: false });
	});

	test('of any template or text has the same columns', async () => {
		await channel.sandbox.control('POST', '/inbound', { phone: digits(CUSTOMER.phone), text: 'When?' });
		const text = await row({ parameters: { operation: 'sendText', text: 'It leaves tonight' } });
		const template = await row({ parameters: { operation: 'sendTemplate', variables: { mappingMode: 'defineBelow', value: { body_1: 'a', body_2: 'b', body_3: 'c', body_4: 'd' } } } });
		expect([text, template]).toMatchObject([
			{ outcome: 'accepted', template: null, orderReference: null, contactKey: '79123456789' },
			{ outcome: 'accepted', template: 'stock_arrival', orderReference: null, customerName: null },
		]);
	});

	test('of a customer without a phone has their contact key', async () => {
		expect(await row({ items: [{ phone: 'US.1726000000000131', order: 1 }] })).toMatchObject({ contactKey: 'US.1726000000000131', phone: null, outcome: 'accepted' });
	});

	test('that is queued says so, with a row of its own', async () => {
		const { phone, order } = customer();
		await toPhone(phone, { body: { sent: false, jobId: '8812' } });
		expect(await row({ items: [{ phone, order }] })).toMatchObject({ logId: `8812|${digits(phone)}`, messageId: null, outcome: 'queued', acceptedAt: null, ...NOTHING_YET, told: true });
	});

	test('whose answer is lost is unknown, says why, and must not be sent again', async () => {
		const items = [customer()];
		await toPhone(items[0]!.phone, { then: 'cutAfter', accept: true });
		const unknown = await row({ items });
		expect(unknown).toMatchObject({ messageId: null, outcome: 'unknown', acceptedAt: null, errorCode: null, errorMessage: expect.any(String), action: null, told: true });
		expect(unknown.logId).toContain(digits(items[0]!.phone));
	});

	test('that is accepted without an ID is accepted, under its key', async () => {
		const items = [customer(), customer()];
		for (const { phone } of items) await toPhone(phone, { body: { sent: true } });
		const sent = await rows({ items });
		expect(sent).toMatchObject([{ outcome: 'accepted', messageId: null, told: true, acceptedAt: expect.any(String) }, { outcome: 'accepted', messageId: null }]);
		expect(new Set(sent.map(({ logId }) => logId)).size).toBe(2);
	});

	test('whose ID is blank has none, and one with spaces around it is the one that a status names', async () => {
		const items = [customer(), customer(), customer()];
		for (const [index, id] of [' ', '\n', ' wamid.9 '].entries()) await toPhone(items[index]!.phone, { body: { sent: true, id } });
		const sent = await rows({ items });
		expect(sent).toMatchObject([{ outcome: 'accepted', messageId: null, told: true }, { outcome: 'accepted', messageId: null }, { logId: 'wamid.9', messageId: 'wamid.9' }]);
		expect(new Set(sent.map(({ logId }) => logId)).size).toBe(3);
	});

	test('with Wait Until has the status that was found', async () => {
		await channel.settings({ sentAfterMs: 1, deliveredAfterMs: 5 });
		expect(await row({ options: { waitUntil: 'delivered', waitTimeout: 20 } })).toMatchObject({ outcome: 'accepted', status: 'delivered', rank: 3, statusAt: expect.stringMatching(/Z$/), errorCode: null, told: true });
	});

	test('with Wait Until and a failed delivery has the failure, and stays accepted', async () => {
		await channel.settings({ sentAfterMs: 1, deliveredAfterMs: 5 });
		expect(await row({ items: [{ phone: '+12025550101', order: 1 }], options: { waitUntil: 'delivered', waitTimeout: 20 } })).toMatchObject({
			outcome: 'accepted', status: 'failed', rank: 2, statusAt: expect.stringMatching(/Z$/), errorCode: '131026', errorMessage: expect.stringContaining('undeliverable'), action: 'otherChannel', told: true,
		});
	});

	test('with Wait Until and no report in time has none', async () => {
		await channel.settings({ sentAfterMs: 3_600_000, deliveredAfterMs: 3_600_000 });
		expect(await row({ options: { waitUntil: 'delivered', waitTimeout: 0.1 } })).toMatchObject({ outcome: 'accepted', ...NOTHING_YET });
	});
});

describe('with Output: Log Row, what is not sent is a row too, whatever On Error says', () => {
	const bad: Array<[string, Run, object]> = [
		['a phone that is none', { items: [{ phone: '12', order: 'a' }] }, { errorCode: 'invalid-phone', action: 'fixData', contactKey: null, phone: null, orderReference: 'a' }],
		['an empty item', { items: [{}] }, { errorCode: 'invalid-phone', orderReference: null, customerName: 'Alexey' }],
		['an empty order', { items: [{ phone: CUSTOMER.phone, order: ' ' }] }, { errorCode: 'empty-variable', contactKey: '79123456789', phone: '79123456789' }],
		['an expression that throws', { parameters: { productName: '={{ $("Nobody").item.json.name }}' } }, { errorCode: 'unreadable-parameter', contactKey: '79123456789', orderReference: '10482', productName: null }],
		['a missing template', { parameters: { template: { __rl: true, mode: 'name', value: 'no_such|en' } } }, { errorCode: 'template-not-found', action: 'fixTemplate', template: 'no_such' }],
		['an option that is none', { options: { retryFor: 'soon' } }, { errorCode: 'invalid-option', contactKey: '79123456789' }],
		['no consent', { options: { optedIn: false } }, { errorCode: 'no-opt-in', action: 'otherChannel', contactKey: '79123456789', orderReference: '10482' }],
		['a Test Recipient that is no phone', { testRecipient: 'nobody' }, { errorCode: 'invalid-phone', action: 'alertPerson', orderReference: '10482' }],
		['a refusal', { items: [{ phone: '+12025550111', order: 'b' }] }, { errorCode: expect.any(String), contactKey: '12025550111', template: 'stock_arrival' }],
		['a refusal for the rate', { items: [{ phone: '+12025550104', order: 'c' }], options: { retryFor: 0 } }, { errorCode: 'rate-limited', action: 'retryLater', retryAfter: 1 }],
	];

	test.each(bad)('%s', async (_, given, expected) => {
		const before = (await channel.messages()).length;
		for (const onError of [undefined, 'continueRegularOutput', 'continueErrorOutput'] as const) {
			const refused = await row({ ...given, onError });
			expect(refused).toMatchObject({ outcome: 'refused', messageId: null, acceptedAt: null, status: null, rank: 0, errorMessage: expect.any(String), told: false, ...expected });
		}
		expect(await channel.messages()).toHaveLength(before);
	});

	test('the other items are sent', async () => {
		const sent = await rows({ items: [customer({ phone: '12' }), customer(), customer({ phone: '+12025550111' }), customer()], settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 } });
		expect(sent.map(({ outcome }) => outcome)).toEqual(['refused', 'accepted', 'refused', 'accepted']);
		expect(await channel.calls('sendTemplate')).toHaveLength(3);
	});

	test('an unusable credential and a channel that is not there refuse every item', async () => {
		const items = [customer(), customer()];
		const refusedBy = async (credential: object) =>
			(await runNode({ parameters: arrival({ phone: '={{ $json.phone }}', orderReference: '={{ $json.order }}', options: { output: 'logRow', retryFor: 0, languageCode: 'en', namespace: 'n' } }), credential: { ...channel.credential, ...credential }, items })).items.map(({ json }) => json);
		expect(await refusedBy({ baseUrl: 'not an address' })).toMatchObject(items.map(({ phone, order }) => ({ outcome: 'refused', contactKey: digits(phone), orderReference: order })));
		expect(await refusedBy({ baseUrl: 'http://127.0.0.1:9' })).toMatchObject(items.map(() => ({ outcome: 'refused', errorCode: 'channel-unreachable', action: 'retryLater', retryAfter: 60 })));
	});

	test('an Output that is none refuses in the standard form, and nothing is sent', async () => {
		const { items } = await run({ options: { output: 'row' }, onError: 'continueRegularOutput' });
		expect(items[0]!.json.error).toMatchObject({ code: 'invalid-option', message: expect.stringContaining('Output') });
		expect(await channel.messages()).toHaveLength(0);
	});
});

describe('logId', () => {
	const ids = async (more: Run) => (await rows(more)).map(({ logId }) => logId);
	/** Different customers, or different orders, that are refused alike. */
	const different: Array<[string, Run]> = [
		['one bad phone for two orders', { items: [{ phone: '12', order: 1 }, { phone: '12', order: 2 }] }],
		['two bad phones for one order', { items: [{ phone: '12', order: 1 }, { phone: '13', order: 1 }] }],
		['no phone and no order, but items of their own', { items: [{ name: 'Anna' }, { name: 'Boris' }] }],
		['the same text to nobody', { parameters: { operation: 'sendText', text: 'Hi' }, items: [{ phone: 'n/a', name: 'Anna' }, { phone: 'n/a', name: 'Boris' }] }],
		['expressions that throw for all', { parameters: { phone: '={{ $("Nobody").item.json.phone }}', orderReference: '={{ $("Nobody").item.json.order }}' }, items: [{ name: 'Anna' }, { name: 'Boris' }] }],
		['a text that cannot be read, to two customers', { parameters: { customerName: '={{ $("Nobody").item.json.name }}' }, items: [customer({ order: 1 }), customer({ order: 1 })] }],
		['one key for two customers', { options: { sendOnceKey: 'arrival', optedIn: false }, items: [customer(), customer()] }],
		['one key for two customers whose answers are lost', { options: { sendOnceKey: 'arrival', sendOnce: false, timeout: 0.2 }, items: [{ phone: '+12025550106', order: 1 }, { phone: '+12025550115', order: 1 }] }],
		['one key for nobody and nobody', { options: { sendOnceKey: 'arrival' }, items: [{ phone: '12', order: 1 }, { phone: '13', order: 1 }] }],
		['two customers behind a Test Recipient', { testRecipient: '+12025550177', options: { dryRun: true }, items: [customer({ order: 1 }), customer({ order: 1 })] }],
		['two customers behind a Test Recipient that is none', { testRecipient: '12', items: [customer({ order: 1 }), customer({ order: 1 })] }],
		['two customers who would be told the same', { options: { optedIn: '={{ $json.yes }}' }, items: [customer({ order: 1 }), customer({ order: 1 })] }],
	];

	test.each(different)('%s: two rows, and the same two when tried again', async (_, given) => {
		const first = await ids(given);
		expect(new Set(first).size).toBe(2);
		expect(await ids(given)).toEqual(first);
	});

	test('of a refused item is the same with spaces around its values, and without Send Once', async () => {
		const [item] = [customer()];
		const refused = { optedIn: false };
		expect(await ids({ items: [item], options: refused })).toEqual(await ids({ items: [{ ...item, changed: 1 }], options: { ...refused, sendOnce: true } }));
	});

	test('of a skipped message is its key, so that its row does not replace the one that was sent', async () => {
		const items = [customer()];
		const options = { sendOnce: true };
		const [sent] = await rows({ items, options });
		const [skipped] = await rows({ items, options });
		expect(skipped).toMatchObject({ outcome: 'skipped', messageId: sent!.messageId, acceptedAt: null, told: true });
		expect(skipped!.logId).not.toBe(sent!.logId);
		expect(await ids({ items, options })).toEqual([skipped!.logId]);
	});

	test('of a rehearsal is not the one of a message whose answer was lost', async () => {
		const items = [customer()];
		await toPhone(items[0]!.phone, { then: 'cutAfter', accept: true });
		const unknown = await row({ items });
		const rehearsed = await row({ items, options: { dryRun: true } });
		expect(rehearsed).toMatchObject({ outcome: 'rehearsed', messageId: null, told: false, acceptedAt: null });
		expect(rehearsed.logId).not.toBe(unknown.logId);
	});

	test('a customer is not told by a message that the Test Recipient got, sent or skipped', async () => {
		const items = [customer()];
		const options = { sendOnce: true };
		const toTestRecipient = async () => (await rows({ items, options, testRecipient: '+1 202 555 0190' }))[0];
		expect([await toTestRecipient(), await toTestRecipient()]).toMatchObject([{ outcome: 'rehearsed', told: false }, { outcome: 'rehearsed', told: false }]);
		expect((await rows({ items, options }))[0]).toMatchObject({ outcome: 'accepted', told: true });
	});

	test('of a message that is refused, then lost is one', async () => {
		const items = [customer()];
		await toPhone(items[0]!.phone, { status: 400, body: { error: 'no' } }, { then: 'cutAfter', accept: true });
		const [refused, unknown] = [await row({ items }), await row({ items })];
		expect([refused.outcome, unknown.outcome]).toEqual(['refused', 'unknown']);
		expect(unknown.logId).toBe(refused.logId);
	});
});

describe('a status as a log row', () => {
	const ask = async (messageId: string, onError?: NodeRun['onError']) =>
		await runNode({ parameters: { operation: 'getMessageStatus', messageId, options: { output: 'logRow' } }, credential: channel.credential, onError });
	const happens = async (id: unknown, status: string, more = {}) => await channel.sandbox.control('POST', `/messages/${encodeURIComponent(String(id))}/status`, { status, ...more });
	const CLEARED = { errorCode: null, errorMessage: null, action: null, retryAfter: null };
	beforeEach(async () => await channel.settings({ sentAfterMs: 3_600_000, deliveredAfterMs: 3_600_000 }));

	test('has only what it knows: an upsert keeps what the send wrote', async () => {
		const sent = await row();
		const logged = { ...sent };
		const id = String(sent.messageId);
		const look = async () => Object.assign(logged, (await ask(id)).items[0]!.json);
		expect((await ask(id)).items[0]!.json).toStrictEqual({ logId: id, messageId: id });
		await happens(id, 'sent');
		expect((await ask(id)).items[0]!.json).toStrictEqual({ logId: id, messageId: id, status: 'sent', rank: 1, statusAt: expect.stringMatching(/Z$/) });
		await happens(id, 'failed', { code: 131049 });
		expect(await look()).toMatchObject({ status: 'failed', rank: 2, errorCode: '131049', errorMessage: expect.any(String), action: 'retryLater', retryAfter: expect.any(Number) });
		await happens(id, 'delivered');
		expect(await look()).toStrictEqual({ ...sent, status: 'delivered', rank: 3, statusAt: expect.stringMatching(/Z$/), ...CLEARED });
	});

	test('that cannot be looked up is an error, since a row would replace the one of the send', async () => {
		const { items } = await ask(' ', 'continueRegularOutput');
		expect(items[0]!.json).toMatchObject({ error: { code: 'invalid-message-id' } });
	});

	test('comes from the trigger, too; other events stay as they are', async () => {
		const { trigger, url } = await active({ ...ALL_STATUSES, events: ['messageStatus', 'messageReceived'], options: { output: 'logRow' } });
		const failed = ack('failed', 'wamid.2', { error: { code: 131026, title: 'Message undeliverable' } });
		await post(url, { ack: [ack('sent'), ack('delivered'), failed], messages: [{ id: 'wamid.3', chatId: '79123456789@c.us', type: 'chat', body: 'When?', time: 1754400000 }] });
		const [sent, delivered, undelivered, message] = trigger.executions.flat();
		const status = (id: string, name: string, rank: number) => ({ logId: id, messageId: id, status: name, rank, statusAt: expect.stringMatching(/Z$/) });
		expect(sent).toStrictEqual(status('wamid.1', 'sent', 1));
		expect(delivered).toStrictEqual({ ...status('wamid.1', 'delivered', 3), ...CLEARED });
		expect(undelivered).toMatchObject({ ...status('wamid.2', 'failed', 2), errorCode: '131026', action: 'otherChannel' });
		expect(message).toMatchObject({ event: 'messageReceived', text: 'When?' });
	});
});
