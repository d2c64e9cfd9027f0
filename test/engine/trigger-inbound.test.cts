import { useChannel } from '../support/channel.cjs';
import { ack, post, useTriggers } from '../support/triggers.cjs';

const channel = useChannel();
const { active } = useTriggers(channel);
const MESSAGES = { events: ['messageReceived', 'messageEchoed'] };
const PHONE = '12025550100';
const at = { occurredAt: '2025-08-05T13:20:00.000Z' };
const customer = { phone: PHONE, recipient: `+${PHONE}`, bsuid: null, username: null, contactKey: PHONE, chatId: `${PHONE}@c.us`, senderName: 'Ana' };
const nothing = { text: null, buttonPayload: null, mediaUrl: null, quotedMessageId: null };

async function heard(body: object) {
	const { trigger, url } = await active(MESSAGES);
	expect(await post(url, body)).toBe(200);
	return trigger.executions;
}

const normalised = (more: object) => ({
	id: 'wamid.IN', type: 'chat', body: '', caption: null, self: 0, fromMe: false, time: 1754400000,
	chatId: `${PHONE}@c.us`, author: `${PHONE}@c.us`, chatName: PHONE, senderName: 'Ana', quotedMsgId: null, ...more,
});
const envelope = (value: object) => ({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] });
const raw = (more: object) => envelope({
	contacts: [{ wa_id: PHONE, profile: { name: 'Ana' } }],
	messages: [{ id: 'wamid.IN', from: PHONE, timestamp: '1754400000', ...more }],
});

const FILE = 'https://files.example/photo.jpg';
test.each<[string, object, object]>([
	['a text in messages[]', { messages: [normalised({ body: 'Yes' })] }, { type: 'chat', text: 'Yes' }],
	['a reply in messages[]', { messages: [normalised({ body: 'Yes', quotedMsgId: 'wamid.ORDER' })] }, { type: 'chat', text: 'Yes', quotedMessageId: 'wamid.ORDER' }],
	['a file in messages[]', { messages: [normalised({ type: 'image', body: FILE, caption: 'This one' })] }, { type: 'image', text: 'This one', mediaUrl: FILE }],
	[
		'a tapped button in messages[], its payload beside it',
		{ messages: [normalised({ type: 'button', body: 'Confirm', payload: 'order-10482', quotedMsgId: 'wamid.ORDER' })] },
		{ type: 'button', text: 'Confirm', buttonPayload: 'order-10482', quotedMessageId: 'wamid.ORDER' },
	],
	[
		'a tapped button in messages[], as an object',
		{ messages: [normalised({ type: 'button', button: { text: 'Confirm', payload: 'order-10482' } })] },
		{ type: 'button', text: 'Confirm', buttonPayload: 'order-10482' },
	],
	['a reaction in messages[]', { messages: [normalised({ type: 'reaction', body: '\u{1f44d}', quotedMsgId: 'wamid.ORDER' })] }, { type: 'reaction', text: '\u{1f44d}', quotedMessageId: 'wamid.ORDER' }],
	['a reaction in messages[], as an object', { messages: [normalised({ type: 'reaction', reaction: { emoji: '\u{1f44d}', message_id: 'wamid.ORDER' } })] }, { type: 'reaction', text: '\u{1f44d}', quotedMessageId: 'wamid.ORDER' }],
	['a sticker in messages[]', { messages: [normalised({ type: 'sticker', body: FILE, quotedMsgId: 'wamid.ORDER' })] }, { type: 'sticker', mediaUrl: FILE, quotedMessageId: 'wamid.ORDER' }],
	['a reaction in the raw envelope', raw({ type: 'reaction', reaction: { emoji: '\u{1f44d}', message_id: 'wamid.ORDER' } }), { type: 'reaction', text: '\u{1f44d}', quotedMessageId: 'wamid.ORDER' }],
	['a reaction taken back', raw({ type: 'reaction', reaction: { message_id: 'wamid.ORDER' } }), { type: 'reaction', quotedMessageId: 'wamid.ORDER' }],
	['a sticker in the raw envelope', raw({ type: 'sticker', sticker: { id: '7', url: FILE, animated: true }, context: { id: 'wamid.ORDER' } }), { type: 'sticker', mediaUrl: FILE, quotedMessageId: 'wamid.ORDER' }],
	['a text in the raw envelope', raw({ type: 'text', text: { body: 'Yes' } }), { type: 'text', text: 'Yes' }],
	['a reply in the raw envelope', raw({ type: 'text', text: { body: 'Yes' }, context: { id: 'wamid.ORDER' } }), { type: 'text', text: 'Yes', quotedMessageId: 'wamid.ORDER' }],
	['a file in the raw envelope', raw({ type: 'document', document: { link: FILE, caption: 'This one' } }), { type: 'document', text: 'This one', mediaUrl: FILE }],
	[
		'a quick reply in the raw envelope',
		raw({ type: 'button', button: { text: 'Confirm', payload: 'order-10482' }, context: { id: 'wamid.ORDER' } }),
		{ type: 'button', text: 'Confirm', buttonPayload: 'order-10482', quotedMessageId: 'wamid.ORDER' },
	],
	[
		'an interactive button in the raw envelope',
		raw({ type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'order-10482', title: 'Confirm' } }, context: { id: 'wamid.ORDER' } }),
		{ type: 'interactive', text: 'Confirm', buttonPayload: 'order-10482', quotedMessageId: 'wamid.ORDER' },
	],
	[
		'a list row in the raw envelope',
		raw({ type: 'interactive', interactive: { list_reply: { id: 'row-2', title: 'Tomorrow' } } }),
		{ type: 'interactive', text: 'Tomorrow', buttonPayload: 'row-2' },
	],
])('%s', async (_, body, item) => {
	expect(await heard(body)).toEqual([[expect.objectContaining({ event: 'messageReceived', messageId: 'wamid.IN', ...customer, ...at, ...nothing, ...item })]]);
});

test.each<[string, object]>([
	['fromMe in messages[]', { messages: [normalised({ body: 'Hello', fromMe: true, senderName: 'The shop' })] }],
	['fromMe as a number', { messages: [normalised({ body: 'Hello', fromMe: 1 })] }],
	['self as a text', { messages: [normalised({ body: 'Hello', self: '1', fromMe: undefined })] }],
	['message_echoes in the raw envelope', envelope({ message_echoes: [{ id: 'wamid.IN', from: '12025550999', to: PHONE, timestamp: '1754400000', type: 'text', text: { body: 'Hello' } }] })],
])('what the business wrote is an echo, with the customer as its phone: %s', async (_, body) => {
	expect(await heard(body)).toEqual([[expect.objectContaining({ event: 'messageEchoed', messageId: 'wamid.IN', text: 'Hello', phone: PHONE, chatId: `${PHONE}@c.us`, ...at })]]);
});

const BSUID = 'CO.1726000000000000';
const hidden = { phone: null, recipient: BSUID, bsuid: BSUID, contactKey: BSUID, chatId: `${BSUID}@lid` };

test('a group has a chat and nobody in it', async () => {
	const chatId = '120363000000000000@g.us';
	const [items] = await heard({ messages: [normalised({ body: 'Yes', chatId, author: chatId })] });
	expect(items).toEqual([expect.objectContaining({ phone: null, recipient: null, bsuid: null, username: null, contactKey: null, chatId })]);
});

test.each<[string, object, object]>([
	['in messages[]', { messages: [normalised({ body: 'STOP', chatId: `${BSUID}@lid`, author: `${BSUID}@lid`, chatName: BSUID, authorBsuid: BSUID, authorUserName: 'ana.shop' })] }, { username: 'ana.shop' }],
	['in messages[], their chat ID alone', { messages: [normalised({ body: 'STOP', chatId: `${BSUID}@lid`, author: `${BSUID}@lid` })] }, { username: null }],
	[
		'in the raw envelope',
		envelope({ contacts: [{ user_id: BSUID, profile: { name: 'Ana', username: 'ana.shop' } }], messages: [{ id: 'wamid.IN', from_user_id: BSUID, timestamp: '1754400000', type: 'text', text: { body: 'STOP' } }] }),
		{ username: 'ana.shop' },
	],
])('a customer behind a username is known by their BSUID: %s', async (_, body, more) => {
	expect(await heard(body)).toEqual([[expect.objectContaining({ event: 'messageReceived', text: 'STOP', senderName: 'Ana', ...hidden, ...more })]]);
});

test('two hidden customers in one body keep their own names, and one does not make the other a repeat', async () => {
	const { trigger, url } = await active(MESSAGES);
	const people = [[BSUID, 'Ana', 'ana.shop'], ['US.1726000000000001', 'Bob', 'bob']] as const;
	const contacts = people.map(([user_id, name, username]) => ({ user_id, profile: { name, username } }));
	const from = (message: string) => people.map(([user_id], index) => ({ id: `wamid.${message}${index}`, from: '', from_user_id: user_id, timestamp: '1754400000', type: 'text', text: { body: 'STOP' } }));
	for (const message of ['A', 'B', 'A']) expect(await post(url, envelope({ contacts, messages: from(message) }))).toBe(200);
	expect(trigger.executions.map((items) => items.map(({ bsuid, senderName, username }) => [bsuid, senderName, username]))).toEqual([people, people]);
});

test('an echo to a hidden customer names them, not the business', async () => {
	const echo = { id: 'wamid.OUT', from: '12025550999', to_user_id: BSUID, timestamp: '1754400000', type: 'text', text: { body: 'Hello' } };
	const [items] = await heard(envelope({ contacts: [{ user_id: BSUID, profile: { name: 'Ana' } }], message_echoes: [echo] }));
	expect(items).toEqual([expect.objectContaining({ event: 'messageEchoed', senderName: 'Ana', ...hidden })]);
});

test.each<[string, object, object]>([
	['a new number, in WhatsApp\'s words', { from: PHONE, system: { type: 'user_changed_number', body: `User Ana changed from ${PHONE} to 12025550111`, wa_id: '12025550111' } }, { phone: PHONE, text: `User Ana changed from ${PHONE} to 12025550111` }],
	['a new number without words', { from: PHONE, system: { type: 'user_changed_number', wa_id: '12025550111' } }, { phone: PHONE, contactKey: PHONE, recipient: '+12025550111', text: 'New phone: +12025550111' }],
	['a new user ID', { from_user_id: BSUID, system: { type: 'user_changed_user_id', body: 'User Ana changed', user_id: 'CO.2' } }, { phone: null, bsuid: BSUID, text: 'User Ana changed. New user ID: CO.2' }],
	['a new user ID, and the former one beside it', { system: { type: 'user_changed_user_id', previous_user_id: BSUID, user_id: 'CO.2' } }, { phone: null, bsuid: BSUID, contactKey: BSUID, text: 'New user ID: CO.2' }],
	['a new user ID, and no former one', { system: { type: 'user_changed_user_id', body: `User Ana changed from ${BSUID} to CO.2`, user_id: 'CO.2' } }, { phone: null, bsuid: 'CO.2', text: `User Ana changed from ${BSUID} to CO.2` }],
])('%s is a system message that says so', async (_, message, item) => {
	const [items] = await heard(envelope({ messages: [{ id: 'wamid.IN', timestamp: '1754400000', type: 'system', ...message }] }));
	expect(items).toEqual([expect.objectContaining({ event: 'messageReceived', type: 'system', ...item })]);
});

test('a repeated message starts nothing, unless repeats are wanted or redelivered', async () => {
	const body = { messages: [normalised({ body: 'Yes' })], ...raw({ type: 'text', text: { body: 'Yes' } }) };
	const twice = async (parameters: object) => {
		const { trigger, url } = await active({ ...MESSAGES, ...parameters });
		for (let times = 0; times < 2; times++) expect(await post(url, body)).toBe(200);
		return trigger.executions.map((items) => items.length);
	};
	expect(await twice({})).toEqual([1]);
	expect(await twice({ options: { skipRepeats: false } })).toEqual([2, 2]);
	expect(await twice({ respond: 'whenFinished' })).toEqual([2, 2]);
});

test('an echo and the statuses of the same message are not repeats of each other', async () => {
	const { trigger, url } = await active({ events: ['messageEchoed', 'messageStatus'], statuses: ['sent', 'delivered'] });
	const echo = normalised({ id: 'wamid.1', body: 'Hello', fromMe: true });
	for (const body of [{ ack: [ack('sent')] }, { messages: [echo] }, { ack: [ack('delivered')] }, { messages: [echo], ack: [ack('sent'), ack('delivered')] }]) await post(url, body);
	expect(trigger.executions.map((items) => items.map(({ event, status }) => status ?? event))).toEqual([['sent'], ['messageEchoed'], ['delivered']]);
});

test.each([[false, null], [true, 'order-10482']])('a button tapped on a phone of the sandbox (rawHooks %s), with the message it answers', async (rawHooks, buttonPayload) => {
	await channel.sandbox.call('POST', '/settings', { rawHooks });
	const { trigger } = await active(MESSAGES);
	await channel.sandbox.control('POST', '/inbound', { phone: PHONE, button: { text: 'Confirm', payload: 'order-10482' }, quotedMessageId: 'wamid.ORDER' });
	while (trigger.executions.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
	expect(trigger.executions[0]).toEqual([expect.objectContaining({ event: 'messageReceived', text: 'Confirm', buttonPayload, quotedMessageId: 'wamid.ORDER', phone: PHONE })]);
});
