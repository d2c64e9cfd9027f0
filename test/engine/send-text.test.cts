import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { runNode } from '../support/run-node.cjs';

const channel = useChannel();

async function send(text: unknown, more: INodeParameters = {}) {
	const run = await runNode({ parameters: { operation: 'sendText', phone: '+12025550100', text: text as string, ...more }, credential: channel.credential, onError: 'continueErrorOutput' });
	return { ...run, refused: run.errors[0]?.json.error as IDataObject | undefined };
}

const customerWrites = async () => await channel.sandbox.control('POST', '/inbound', { phone: '12025550100', text: 'Ship it' });

test('a customer who wrote gets the text, line breaks and all', async () => {
	await customerWrites();
	const { items } = await send('  Thank you,\nit ships tonight 🎉 ');
	const [message] = await channel.messages('12025550100');
	expect(items[0]!.json).toStrictEqual({ outcome: 'accepted', messageId: message!.id, phone: '12025550100', text: 'Thank you,\nit ships tonight 🎉', recipient: '+12025550100', bsuid: null, username: null, contactKey: '12025550100', chatId: '12025550100@c.us', sentAt: expect.any(String) });
	expect(message!.text).toBe('Thank you,\nit ships tonight 🎉');
	const [call] = await channel.calls('sendMessage');
	expect(JSON.parse(String(call!.body))).toStrictEqual({ phone: '12025550100', body: 'Thank you,\nit ships tonight 🎉' });
});

test('a text answers the message that it quotes, and none where the option is empty', async () => {
	await customerWrites();
	for (const quotedMessageId of ['wamid.HBgLQQ==', '={{ $json.nothing }}', '={{ "" }}', ' ']) await send('Hi', { options: { quotedMessageId } });
	const bodies = (await channel.calls('sendMessage')).map(({ body }) => JSON.parse(String(body)) as IDataObject);
	const plain = { phone: '12025550100', body: 'Hi' };
	expect(bodies.sort((a, b) => Object.keys(b).length - Object.keys(a).length)).toStrictEqual([{ ...plain, quotedMsgId: 'wamid.HBgLQQ==' }, plain, plain, plain]);
});

test('a text may be accepted outside the window, and is told as any other', async () => {
	await channel.script({ path: 'sendMessage', answers: [{ status: 200, body: { sent: true, id: 'wamid.MARKETING' } }] });
	const { items } = await send('Hello');
	expect(items[0]!.json).toMatchObject({ outcome: 'accepted', messageId: 'wamid.MARKETING' });
});

test('a closed window is reported, pointing to templates', async () => {
	const { refused } = await send('Hello');
	expect(refused).toMatchObject({ code: '131047', httpCode: 400, action: 'fixTemplate', retryable: false, message: expect.stringContaining('Dialog window is closed'), description: expect.stringContaining('template') });
	expect(refused!.description).toContain('24 hours');
});

test.each([
	['nothing', '={{ "" }}', 'empty-text'],
	['blanks', ' \n\u200b', 'empty-text'],
	['null', '={{ null }}', 'empty-text'],
	['a list', '={{ ["a"] }}', 'invalid-text'],
	['more than WhatsApp takes', 'x'.repeat(4097), 'text-too-long'],
])('%s is not sent', async (_, text, code) => {
	await customerWrites();
	const { refused } = await send(text);
	expect(refused).toMatchObject({ code });
	expect(await channel.calls('sendMessage')).toEqual([]);
});

test('consent applies to texts too', async () => {
	await customerWrites();
	expect((await send('Hi', { options: { optedIn: false } })).refused).toMatchObject({ code: 'no-opt-in' });
});
