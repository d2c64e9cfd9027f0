import type { IDataObject } from 'n8n-workflow';
import { arrival, runNode } from '../support/run-node.cjs';
import { useChannel } from '../support/channel.cjs';

const channel = useChannel();
const { anything } = expect;

async function requestOf(options = {}, items: IDataObject[] = [{}]) {
	const { error } = await runNode({ parameters: arrival(options), credential: channel.credential, items });
	expect(error).toBeUndefined();
	const call = (await channel.calls('sendTemplate')).at(-1);
	return { call: call!, body: JSON.parse(String(call!.body)) };
}

test('the request is the mission\'s example, field by field, and nothing more', async () => {
	const { call, body } = await requestOf();
	const [template] = (await channel.sandbox.call('GET', '/templates')).body.templates.filter(
		({ name, language }: { name: string; language: string }) => name === 'stock_arrival' && language === 'en',
	);
	expect(body).toStrictEqual({
		phone: '79123456789',
		template: 'stock_arrival',
		namespace: template.namespace,
		language: { policy: 'deterministic', code: 'en' },
		params: [
			{
				type: 'body',
				parameters: [
					{ type: 'text', text: 'Alexey' },
					{ type: 'text', text: '10482' },
					{ type: 'text', text: 'Oak shelf' },
					{ type: 'text', text: 'We ship it tomorrow' },
				],
			},
		],
	});
	expect(call).toMatchObject({ method: 'POST', query: {}, tokenIn: 'header', tokenOk: true, contentType: 'application/json' });
});

test('an accepted send returns one paired item with exactly the documented fields', async () => {
	const { items } = await runNode({ parameters: arrival(), credential: channel.credential });
	const [message] = await channel.messages();
	expect(items).toStrictEqual([
		{
			json: {
				outcome: 'accepted',
				messageId: message!.id,
				phone: '79123456789',
				orderReference: '10482',
				template: 'stock_arrival',
				language: 'en',
				text: 'Hello, Alexey! For order #10482, item "Oak shelf" is now in stock. We ship it tomorrow.\n\n[Confirm shipment]',
				recipient: '+79123456789',
				bsuid: null,
				username: null,
				contactKey: '79123456789',
				chatId: '79123456789@c.us',
				sentAt: anything(),
			},
			pairedItem: { item: 0 },
		},
	]);
	expect(items[0]!.json.sentAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
	expect(String(items[0]!.json.text)).toContain(String(message!.text));
});

test('many items come back in input order, paired, each with its own values', async () => {
	const orders = Array.from({ length: 25 }, (_, index) => ({ order: 1000 + index, phone: `+1202555${String(2000 + index)}` }));
	const { items } = await runNode({
		parameters: arrival({ phone: '={{ $json.phone }}', orderReference: '={{ $json.order }}' }),
		credential: channel.credential,
		items: orders,
	});
	expect(items.map(({ json }) => json.orderReference)).toEqual(orders.map(({ order }) => String(order)));
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(orders.map((_, item) => ({ item })));
	expect(await channel.messages()).toHaveLength(25);
	expect(await channel.calls('templates')).toHaveLength(1);
});

test('messages to one phone keep their order', async () => {
	await channel.script({ answers: [{ normal: true, delayMs: 200 }, { normal: true }, { normal: true }] });
	await runNode({
		parameters: arrival({ orderReference: '={{ $json.order }}' }),
		credential: channel.credential,
		items: [{ order: 'first' }, { order: 'second' }, { order: 'third' }],
	});
	const texts = (await channel.messages()).map(({ text }) => String(text));
	expect(texts.map((text) => /#(\w+)/.exec(text)?.[1])).toEqual(['first', 'second', 'third']);
});

test('numbers are accepted as values; line breaks, tabs and long runs of spaces are collapsed', async () => {
	const { body } = await requestOf({
		orderReference: '={{ 10482 }}',
		productName: ' Oak\r\n shelf,\t80 cm      wide ',
	});
	const texts = body.params[0].parameters.map(({ text }: { text: string }) => text);
	expect(texts.slice(1, 3)).toEqual(['10482', 'Oak  shelf, 80 cm wide']);
});

test('a template chosen from the list is sent in the language of its row', async () => {
	const { body } = await requestOf({ template: { __rl: true, mode: 'list', value: 'stock_arrival|es' } });
	expect(body.language.code).toBe('es');
});

test('language and namespace are looked up for a name that has one language only', async () => {
	const { body } = await requestOf({ template: { __rl: true, mode: 'name', value: 'stock_arrival_single' } });
	expect(body).toMatchObject({ template: 'stock_arrival_single', language: { code: 'en' }, namespace: expect.stringMatching(/\S/) });
});

test('with name, language and namespace given no list is read, and the text is null', async () => {
	const [{ namespace }] = (await channel.sandbox.call('GET', '/templates')).body.templates;
	await channel.sandbox.control('POST', '/clear');
	const { items } = await runNode({
		parameters: arrival({
			template: { __rl: true, mode: 'name', value: 'stock_arrival' },
			options: { languageCode: 'pt_BR', namespace },
		}),
		credential: channel.credential,
	});
	expect(items[0]!.json).toMatchObject({ outcome: 'accepted', language: 'pt_BR', text: null });
	expect(await channel.calls('templates')).toHaveLength(0);
});

test.each([
	['8 (912) 345-67-89', 'RU', '79123456789'],
	['0151 2345 6789', 'de', '4915123456789'],
	['+44 (0)7400 123456', '', '447400123456'],
	['79123456789', '', '79123456789'],
	['tel:+1-202-555-0100', '', '12025550100'],
	['\u202a+7 912 345 67 89\u202c', '', '79123456789'],
	['={{ 79123456789 }}', '', '79123456789'],
])('the phone %s with default country "%s" is sent as %s', async (phone, defaultCountry, digits) => {
	const { body } = await requestOf({ phone, options: { defaultCountry } });
	expect(body.phone).toBe(digits);
});

test('a dry run shows text, fit and key, and sends nothing', async () => {
	const { items } = await runNode({ parameters: arrival({ options: { dryRun: true } }), credential: channel.credential });
	expect(items[0]!.json).toStrictEqual({
		outcome: 'rehearsed',
		messageId: null,
		phone: '79123456789',
		orderReference: '10482',
		template: 'stock_arrival',
		language: 'en',
		text: expect.stringContaining('Hello, Alexey!'),
		recipient: '+79123456789',
		bsuid: null,
		username: null,
		contactKey: '79123456789',
		chatId: '79123456789@c.us',
		fit: 'fits',
		key: expect.stringContaining('stock_arrival|en|79123456789|'),
	});
	expect(await channel.calls('sendTemplate')).toHaveLength(0);
});

test.each([[true], ['={{ "yes" }}'], ['={{ 1 }}']])('a customer with opt-in %s is messaged', async (optedIn) => {
	await requestOf({ options: { optedIn } });
	expect(await channel.messages()).toHaveLength(1);
});

test.each([[false], ['={{ $json.nothing }}'], ['={{ "no" }}'], ['={{ null }}']])('a customer with opt-in %s is not messaged', async (optedIn) => {
	const { error } = await runNode({ parameters: arrival({ options: { optedIn } }), credential: channel.credential });
	expect(error.name).toBe('NodeOperationError');
	expect(error.context.data).toMatchObject({ code: 'no-opt-in' });
	expect(await channel.calls('sendTemplate')).toHaveLength(0);
});

test('with a test recipient every message goes there, and the item names the original recipient', async () => {
	const { items } = await runNode({
		parameters: arrival(),
		credential: { ...channel.credential, testRecipient: '+1 202 555 0100' },
	});
	expect(items[0]!.json).toMatchObject({ phone: '12025550100', redirectedFrom: '79123456789' });
	expect(await channel.messages('79123456789')).toHaveLength(0);
	expect(await channel.messages('12025550100')).toHaveLength(1);
});

test('the time to live travels in seconds', async () => {
	const { body } = await requestOf({ options: { timeToLive: 600 } });
	expect(body.messageSendTtlSeconds).toBe(600);
});

test('the quoted message and the way over Marketing Messages travel beside the mission\'s fields, and make no new Send Once key', async () => {
	const keyOf = async (options: object) => (await runNode({ parameters: arrival({ options: { dryRun: true, ...options } }), credential: channel.credential })).items[0]!.json.key;
	const options = { quotedMessageId: 'wamid.HBgLQQ==', useMarketingMessages: 'off' };
	expect(await keyOf(options)).toBe(await keyOf({}));
	await runNode({ parameters: arrival({ options }), credential: channel.credential });
	const [call] = await channel.calls('sendTemplate');
	expect(JSON.parse(String(call!.body))).toStrictEqual({
		phone: '79123456789',
		template: 'stock_arrival',
		namespace: expect.any(String),
		language: { policy: 'deterministic', code: 'en' },
		params: [expect.objectContaining({ type: 'body' })],
		useMMlite: false,
		quotedMsgId: 'wamid.HBgLQQ==',
	});
});

test('without Simplify the service\'s own answer is added', async () => {
	const { items } = await runNode({ parameters: arrival({ options: { simplify: false } }), credential: channel.credential });
	expect(items[0]!.json.response).toMatchObject({ sent: true, id: items[0]!.json.messageId });
});

test('the list is read in every shape: bare array, string components, upper case, other namespace fields', async () => {
	await channel.settings({
		templateListShape: 'array',
		stringComponents: true,
		statusCase: 'upper',
		namespaceField: 'message_template_namespace',
	});
	const { items, error } = await runNode({ parameters: arrival(), credential: channel.credential });
	expect(error).toBeUndefined();
	expect(items[0]!.json).toMatchObject({ outcome: 'accepted', text: expect.stringContaining('Oak shelf') });
});

test.each([['plain'], ['with $json'], [10482], [1.5], ['{{ 1 + 1 }}'], ['=x'], ['\u0645\u0631\u062d\u0628\u0627']])('an item\'s own value %j is read as n8n reads it', async (value) => {
	const direct = await requestOf({ productName: '={{ $json.value }}' }, [{ value }]);
	const byEngine = await requestOf({ productName: '={{ $json["value"] }}' }, [{ value }]);
	expect(direct.body).toEqual(byEngine.body);
	expect(direct.body.params[0].parameters[2].text).toBe(String(value));
});

test('n8n reads and decrypts the credential once for a run, not for each message', async () => {
	let reads = 0;
	const credential = {
		...channel.credential,
		get apiToken() {
			reads++;
			return channel.credential.apiToken!;
		},
	};
	const { items } = await runNode({ parameters: arrival(), credential, items: [{}, {}, {}] });
	expect(items.map(({ json }) => json.outcome)).toEqual(['accepted', 'accepted', 'accepted']);
	expect(reads).toBe(1);
});
