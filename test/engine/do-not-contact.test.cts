import type { IDataObject } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { arrival, runNode, type NodeRun } from '../support/run-node.cjs';

const channel = useChannel();

const ANNA = '+7 912 345-67-89';

/** Sends to a recipient; `list` is what the option's expression yields. */
const send = async (list: unknown, phone: unknown = ANNA, { options = {}, item = {}, ...more }: Partial<NodeRun> & { options?: IDataObject; item?: IDataObject } = {}) => {
	const { items, errors } = await runNode({
		parameters: arrival({ phone: '={{ $json.to }}', orderReference: '={{ $itemIndex }}', options: { doNotContact: '={{ $json.list }}', ...options } as never }),
		credential: channel.credential,
		items: [{ to: phone, list, ...item } as never],
		onError: 'continueErrorOutput',
		...more,
	});
	return [...items, ...errors].map(({ json }) => (json.error as IDataObject | undefined)?.code ?? json.outcome)[0];
};
const nobodyWasMessaged = async () => expect(await channel.calls('sendTemplate')).toHaveLength(0);

const FORMS: unknown[] = [
	'79123456789', '+7 (912) 345-67-89', ' 7 912 345 67 89 ', '79123456789@c.us', 79123456789,
	'+12025550100, +79123456789', '+12025550100;\n+79123456789;', '\n\n+12025550100\r\n79123456789\n',
	['+12025550100', '+79123456789'], [79123456789], ['+12025550100, +79123456789'],
	{ phone: '+79123456789' }, [{ contactKey: '79123456789' }], [{ recipient: '+79123456789', phone: null }], [{ json: { phone: 79123456789, name: 'Anna' } }],
	[{ phone: '+12025550100', contactKey: '79123456789' }],
];

test.each(FORMS.map((list) => [JSON.stringify(list), list]))('a customer listed as %s gets nothing', async (_, list) => {
	expect(await send(list)).toBe('no-opt-in');
	expect(await send(list, '+12025550199')).toBe('accepted');
});

test.each([
	['+55 31 98888-5555', '553188885555'], ['553188885555', '+55 31 98888-5555'], ['5215512349876@c.us', '+52 55 1234 9876'], ['+52 55 1234 9876', '5215512349876'],
	['+54 9 11 2345-6789', '541123456789'], ['541123456789', '+54 9 11 2345-6789'],
	['US.1726000000000131', 'US.1726000000000131@lid'], ['@Boris.K', 'boris.k@username'], ['@boris.k', '@BORIS.K'], ['ab.cd', 'ab.cd@lid'],
	['us.1726abcdef', 'US.1726abcDEF'], ['US.1726ABCDEF', 'US.1726abcDEF@lid'],
])('listed as %s, written to as %s', async (entry, to) => {
	expect(await send([entry], to)).toBe('no-opt-in');
	await nobodyWasMessaged();
});

test('national numbers are read by Default Country, on the list as in Recipient', async () => {
	expect(await send('8 912 345-67-89', ANNA, { options: { defaultCountry: 'RU' } })).toBe('no-opt-in');
	expect(await send('8 912 345-67-89')).toBe('invalid-option');
	expect(await send(['8 912 345-67-89'], 'US.1726000000000132', { options: { defaultCountry: 'Russia' } })).toBe('invalid-country');
});

test('digits that could be two people block both', async () => {
	for (const to of ['+3212345678', '+13212345678']) expect(await send('3212345678', to)).toBe('no-opt-in');
});

test('a customer is found under every name that the item knows', async () => {
	const event = { contactKey: '79123456789', recipient: '+79123456789', phone: '79123456789', bsuid: 'RU.1726000000000001', username: 'anna' };
	for (const entry of ['RU.1726000000000001', '@anna']) expect(await send([entry], ANNA, { item: event })).toBe('no-opt-in');
	expect(await send(['@anna'], '+12025550100', { item: event })).toBe('accepted');
});

test.each([
	['RU.1726000000000001', ANNA, { phone: '79123456789', bsuid: 'RU.1726000000000001', contactKey: '79123456789' }],
	['@anna', ANNA, { phone: '79123456789', username: 'anna', recipient: '+79123456789' }],
	['8 912 345-67-89', '@Anna', { phone: '8 912 345-67-89', username: '@anna' }],
	['RU.1726000000000001', ANNA, { phone: ANNA, bsuid: 'RU.1726000000000001' }],
])('written to as %s, listed as %s, where the item has both names', async (to, entry, item) => {
	expect(await send([entry], to, { item, options: { defaultCountry: 'RU' } })).toBe('no-opt-in');
	await nobodyWasMessaged();
});

test('a customer behind a Test Recipient, and the Test Recipient', async () => {
	const credential = { ...channel.credential, testRecipient: '+12025550177' };
	for (const list of [[ANNA], ['+12025550177']]) expect(await send(list, ANNA, { credential })).toBe('no-opt-in');
	await nobodyWasMessaged();
});

test.each([[''], ['  \n '], [[]]])('%j is a list with nobody on it', async (list) => {
	expect(await send(list)).toBe('accepted');
});

const UNREADABLE: unknown[] = [
	null, undefined, true, {}, [null], [undefined], [''], ['+12025550100', ''], [{}], [{ phone: '' }], [{ name: 'Anna' }], [[ANNA]], 'nobody', 'n/a', '[object Object]', '12',
	'+12025550100,,+12025550101', ',', ', +12025550100', [{ contactKey: '12025550100', phone: 'n/a' }], '120363000000000000@g.us',
];

test.each(UNREADABLE.map((list) => [JSON.stringify(list) ?? 'undefined', list]))('%s is an error, since who opted out could be messaged', async (_, list) => {
	expect(await send(list)).toBe('invalid-option');
	expect(await send(list, ANNA, { options: { output: 'logRow' } })).toBe('refused');
	await nobodyWasMessaged();
});

test('a list of its own for each item', async () => {
	const { items } = await runNode({
		parameters: arrival({ phone: '={{ $json.to }}', orderReference: '={{ $itemIndex }}', options: { output: 'logRow', doNotContact: '={{ $json.list }}' } }),
		credential: channel.credential,
		items: [{ to: ANNA, list: [] }, { to: ANNA, list: [ANNA] }, { to: ANNA, list: ['+12025550100'] }, { to: '+12025550100', list: ['+12025550100'] }],
	});
	expect(items.map(({ json }) => json.errorCode ?? json.outcome)).toEqual(['accepted', 'no-opt-in', 'accepted', 'no-opt-in']);
});

test.each(["$('Items').all()", "$('Items').all().filter(i => i.json.out).map(i => i.json.phone)", '$input.all().filter(({ json }) => json.out)', "$('Items').all().filter(i => i.json.out && i.json.phone !== $json.never)"])(
	'%s, a table that was read once',
	async (expression) => {
		const customers = Array.from({ length: 60 }, (_, index) => ({ phone: `+1202555${6000 + index}`, order: index, out: index % 2 === 0 }));
		const { items } = await runNode({
			parameters: arrival({ phone: '={{ $json.phone }}', orderReference: '={{ $json.order }}', options: { output: 'logRow', doNotContact: `={{ ${expression} }}`, retryFor: '={{ 100 + $json.order }}' } }),
			credential: channel.credential,
			items: customers,
		});
		const all = expression === "$('Items').all()";
		expect(items.map(({ json }) => json.outcome)).toEqual(customers.map(({ out }) => (all || out ? 'refused' : 'accepted')));
	},
);

test('a list of thousands with an entry without a name is read once, and refuses every item', async () => {
	const customers = Array.from({ length: 3000 }, (_, index) => ({ phone: index === 2999 ? '' : `+1202555${1000 + index}` }));
	let reads = 0;
	const last = customers.at(-1)!;
	Object.defineProperty(last, 'contactKey', { enumerable: true, get: () => void reads++ });
	const { items } = await runNode({
		parameters: arrival({ options: { output: 'logRow', doNotContact: "={{ $('Items').all() }}" } }),
		credential: channel.credential,
		items: customers,
	});
	expect(items.filter(({ json }) => json.errorCode === 'invalid-option')).toHaveLength(customers.length);
	expect(reads).toBeLessThan(customers.length);
	await nobodyWasMessaged();
});

test('a misspelt column stops the send', async () => {
	const { items } = await runNode({
		parameters: arrival({ options: { output: 'logRow', doNotContact: "={{ $('Items').all().map(i => i.json.contactkey) }}" } }),
		credential: channel.credential,
		items: [{ contactKey: '79123456789' }],
	});
	expect(items[0]!.json).toMatchObject({ outcome: 'refused', errorCode: 'invalid-option', errorMessage: expect.stringContaining('Do Not Contact') });
});
