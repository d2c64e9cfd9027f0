import { useChannel } from '../support/channel.cjs';
import { post, useTriggers } from '../support/triggers.cjs';

const channel = useChannel();
const { active } = useTriggers(channel);
const MESSAGES = { events: ['messageReceived', 'messageEchoed'] };
const PHONE = '12025550100';
const at = { occurredAt: '2025-08-05T13:20:00.000Z' };
const customer = { phone: PHONE, chatId: `${PHONE}@c.us`, senderName: 'Ana' };
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

test('a group and a hidden number have a chat and no phone', async () => {
	const chats = ['120363000000000000@g.us', 'CO.1726000000000000@lid'];
	const [items] = await heard({ messages: chats.map((chatId, index) => normalised({ id: `wamid.${index}`, body: 'Yes', chatId, author: chatId })) });
	expect(items!.map(({ phone, chatId }) => [phone, chatId])).toEqual(chats.map((chatId) => [null, chatId]));
});

test.each([[false, null], [true, 'order-10482']])('a button tapped on a phone of the sandbox (rawHooks %s), with the message it answers', async (rawHooks, buttonPayload) => {
	await channel.sandbox.call('POST', '/settings', { rawHooks });
	const { trigger } = await active(MESSAGES);
	await channel.sandbox.control('POST', '/inbound', { phone: PHONE, button: { text: 'Confirm', payload: 'order-10482' }, quotedMessageId: 'wamid.ORDER' });
	while (trigger.executions.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
	expect(trigger.executions[0]).toEqual([expect.objectContaining({ event: 'messageReceived', text: 'Confirm', buttonPayload, quotedMessageId: 'wamid.ORDER', phone: PHONE })]);
});
