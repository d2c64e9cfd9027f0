import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { installOnceStore } from '../support/once-store.cjs';
import { arrival, runNode } from '../support/run-node.cjs';

/** Customers whose phone WhatsApp hides: known by a user ID (BSUID) or a username (1msg-contract-2.md, section 3). */
const channel = useChannel();
installOnceStore();

const BSUID = 'CO.1726000000000000';
const ACCEPTED = { status: 200, body: { sent: true, id: 'wamid.hidden', message: 'ok' } };

const send = async (phone: unknown, options: INodeParameters = {}, credential: { testRecipient?: string } = {}) =>
	await runNode({ parameters: arrival({ phone: '={{ $json.phone }}', options }), items: [{ phone }] as never, credential: { ...channel.credential, ...credential }, onError: 'continueErrorOutput' });
const accept = async () => await channel.script({ path: 'sendTemplate', times: 'forever', answers: [ACCEPTED] });
const addresses = async (path = 'sendTemplate') =>
	(await channel.calls(path)).map(({ body }) => Object.fromEntries(Object.entries(JSON.parse(String(body))).filter(([name]) => ['phone', 'chatId', 'bsuid', 'username'].includes(name))));
const search = async (phone: string, rows: IDataObject[]) => {
	await channel.script({ path: 'messages', answers: [{ status: 200, body: { messages: rows } }] });
	return await runNode({ parameters: { operation: 'findSentMessage', phone }, credential: channel.credential, onError: 'continueErrorOutput' });
};
const row = (chatId: string, more: IDataObject = {}) => ({ id: 'wamid.found', body: 'Hello', fromMe: 1, time: Math.floor(Date.now() / 1000), chatId, type: 'chat', ...more });

test.each<[string, object, object]>([
	[BSUID, { phone: BSUID }, { phone: null, recipient: BSUID, bsuid: BSUID, username: null, contactKey: BSUID, chatId: `${BSUID}@lid` }],
	[`${BSUID}@lid`, { phone: BSUID }, { phone: null, recipient: BSUID, bsuid: BSUID, username: null, contactKey: BSUID, chatId: `${BSUID}@lid` }],
	['@Anna.Shop', { username: 'Anna.Shop' }, { phone: null, recipient: '@Anna.Shop', bsuid: null, username: 'Anna.Shop', contactKey: '@anna.shop', chatId: null }],
	['Anna.Shop@username', { username: 'Anna.Shop' }, { phone: null, recipient: '@Anna.Shop', username: 'Anna.Shop', contactKey: '@anna.shop' }],
	['12025550100@c.us', { phone: '12025550100' }, { phone: '12025550100', recipient: '+12025550100', bsuid: null, username: null, contactKey: '12025550100', chatId: '12025550100@c.us' }],
])('%s gets the message, and the item says who it is', async (recipient, address, names) => {
	await accept();
	const { items } = await send(recipient);
	expect(items[0]!.json).toMatchObject({ outcome: 'accepted', messageId: 'wamid.hidden', ...names });
	expect(await addresses()).toEqual([address]);
	await send(items[0]!.json.recipient);
	expect(await addresses()).toEqual([address, address]);
});

test('Send Text and Send Template address them alike', async () => {
	for (const path of ['sendTemplate', 'sendMessage']) await channel.script({ path, answers: [ACCEPTED, ACCEPTED] });
	const run = async (parameters: INodeParameters) => expect((await runNode({ parameters, credential: channel.credential })).items[0]!.json.outcome).toBe('accepted');
	for (const phone of [BSUID, '@anna']) {
		await run({ operation: 'sendText', phone, text: 'Hi' });
		await run({ operation: 'sendTemplate', template: { __rl: true, mode: 'list', value: 'stock_coupon|en' }, phone, variables: { mappingMode: 'defineBelow', value: { body_1: 'shoes', button_0: 'BACK10' } } });
	}
	for (const path of ['sendTemplate', 'sendMessage']) expect(await addresses(path)).toEqual(expect.arrayContaining([{ phone: BSUID }, { username: 'anna' }]));
});

test.each(['120363025@g.us', 'status@broadcast', '@anna shop', 'CO.17 26@lid', '12025550100@lid', 'anna.shop', 'anna', 'anna@shop.example'])('%s is refused before anything is sent', async (recipient) => {
	const { errors } = await send(recipient);
	expect(errors[0]!.json.error).toMatchObject({ code: 'invalid-recipient', action: 'fixData', httpCode: null, description: expect.stringContaining('Nothing was sent') });
	expect((await search(recipient, [])).errors[0]!.json.error).toMatchObject({ code: 'invalid-recipient' });
	expect(await channel.calls('sendTemplate')).toHaveLength(0);
	expect(await channel.calls('messages')).toHaveLength(0);
});

test.each([[BSUID, `${BSUID}@lid`], ['@Anna', '@ANNA']])('Send Once knows %s as %s, too, and no other', async (first, second) => {
	await accept();
	expect((await send(first, { sendOnce: true })).items[0]!.json.outcome).toBe('accepted');
	expect((await send(second, { sendOnce: true })).items[0]!.json.outcome).toBe('skipped');
	for (const other of [`${first}x`]) expect((await send(other, { sendOnce: true })).items[0]!.json.outcome).toBe('accepted');
});

test.each([[BSUID, BSUID], [`${BSUID}@lid`, BSUID], ['anna@username', '@anna']])('the Test Recipient gets the message to %s', async (recipient, redirectedFrom) => {
	const { items } = await send(recipient, {}, { testRecipient: '+1 202 555 0199' });
	expect(items[0]!.json).toMatchObject({ outcome: 'accepted', phone: '12025550199', contactKey: '12025550199', bsuid: null, username: null, redirectedFrom });
	expect(await addresses()).toEqual([{ phone: '12025550199' }]);
});

test('the Test Recipient is a phone', async () => {
	for (const testRecipient of [BSUID, '@anna']) expect((await send('+12025550100', {}, { testRecipient })).errors[0]!.json.error).toMatchObject({ code: 'invalid-phone', action: 'alertPerson' });
	expect(await channel.calls('sendTemplate')).toHaveLength(0);
});

test.each([BSUID, '@anna'])('without Opted In nothing goes to %s', async (recipient) => {
	expect((await send(recipient, { optedIn: false })).errors[0]!.json.error).toMatchObject({ code: 'no-opt-in' });
	expect(await channel.calls('sendTemplate')).toHaveLength(0);
});

describe('Find Sent Message', () => {
	test('asks for the chat of a user ID, and takes no other', async () => {
		const { items } = await search(BSUID, [row('CO.1726000000000001@lid', { id: 'wamid.other' }), row('12025550100@c.us', { id: 'wamid.phone' }), row(`${BSUID}@lid`)]);
		expect(items[0]!.json).toMatchObject({ found: true, count: 1, messageId: 'wamid.found', phone: null, bsuid: BSUID, contactKey: BSUID });
		expect((await channel.calls('messages')).map(({ query }) => query)).toEqual([expect.objectContaining({ chatId: `${BSUID}@lid` })]);
	});

	test('cannot ask for a username, and does not say that nothing was found', async () => {
		const { errors } = await search('@anna', [row('@anna')]);
		expect(errors[0]!.json.error).toMatchObject({ code: 'invalid-recipient', message: expect.stringContaining('cannot be searched for a username') });
		expect(await channel.calls('messages')).toHaveLength(0);
	});
});

describe('a lost answer', () => {
	const lose = async (recipient: string) => {
		const rehearsed = (await send(recipient, { dryRun: true })).items[0]!.json;
		await channel.script({ path: 'sendTemplate', answers: [{ then: 'cutBefore' }] });
		const rows = [row(`${BSUID}@lid`, { body: String(rehearsed.text) })];
		await channel.script({ path: 'messages', times: 'forever', answers: [{ status: 200, body: { messages: rows } }] });
		return (await send(recipient, { waitUntil: 'sent', waitTimeout: 1 })).items[0]!.json;
	};

	test('to a user ID is found in the history, and stays theirs', async () => {
		await channel.script({ path: 'hookInfo', times: 'forever', answers: [{ status: 200, body: { hooks: [{ id: 'wamid.found', status: 'delivered', phone: '12025550100', recipient_id: '12025550100' }] } }] });
		expect(await lose(BSUID)).toMatchObject({ outcome: 'accepted', messageId: 'wamid.found', status: 'delivered', phone: null, bsuid: BSUID, recipient: BSUID, contactKey: BSUID });
	});

	test('to a username stays unknown', async () => {
		expect(await lose('@anna')).toMatchObject({ outcome: 'unknown', messageId: null, username: 'anna' });
		expect(await channel.calls('messages')).toHaveLength(0);
	});
});

test.each([
	['bsuid routing is disabled', 'routing-disabled', 'alertPerson'],
	['username routing is disabled', 'routing-disabled', 'alertPerson'],
	['username is not found', 'recipient-not-found', 'fixData'],
	['12025550100 is not linked with bsuid', 'recipient-not-found', 'fixData'],
	['(#131062) Business-scoped User ID (BSUID) recipients are not supported for this message', '131062', 'fixData'],
])('"%s" is explained', async (message, code, action) => {
	await channel.script({ path: 'sendTemplate', answers: [{ status: 400, body: { message } }] });
	expect((await send(BSUID)).errors[0]!.json.error).toMatchObject({ code, action });
});
