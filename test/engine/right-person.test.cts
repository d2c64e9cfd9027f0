import type { INodeParameters } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { arrival, runNode } from '../support/run-node.cjs';

const channel = useChannel();

const send = async (phone: unknown, options: INodeParameters = {}, onError: 'continueErrorOutput' | undefined = 'continueErrorOutput') =>
	await runNode({ parameters: arrival({ phone: '={{ $json.phone }}', options }), items: [{ phone }] as never, credential: channel.credential, onError });
const sentTo = async () => (await channel.messages()).map(({ phone }) => phone);

describe('Default Country', () => {
	test.each(['DE', 'AT', 'BR', 'CN', 'ID'])('%s: international digits without + that are a national number too go to nobody', async (defaultCountry) => {
		const { errors } = await send('12025550100', { defaultCountry });
		expect(errors[0]!.json.error).toMatchObject({ code: 'ambiguous-phone', action: 'fixData', message: expect.stringContaining('+12025550100') });
		expect(await channel.calls('sendTemplate')).toHaveLength(0);
	});

	test.each([
		['+12025550100', 'DE', '12025550100'],
		['4917012345678', 'DE', '4917012345678'],
		['017012345678', 'DE', '4917012345678'],
		[4917012345678, 'DE', '4917012345678'],
		['5511987776666', 'BR', '5511987776666'],
		['11 98777-6666', 'BR', '5511987776666'],
		['79123456789', 'RU', '79123456789'],
		['1 202 555 0100', 'US', '12025550100'],
	])('%s with %s goes to %s', async (phone, defaultCountry, digits) => {
		const { items } = await send(phone, { defaultCountry });
		expect(items[0]!.json).toMatchObject({ outcome: 'accepted', phone: digits, recipient: `+${digits}` });
		expect(await sentTo()).toEqual([digits]);
	});

	test("an item's recipient is never read as a national number", async () => {
		const first = await send('+12025550100');
		const again = await send(first.items[0]!.json.recipient, { defaultCountry: 'DE' });
		expect(again.items[0]!.json.phone).toBe('12025550100');
		expect(new Set(await sentTo())).toEqual(new Set(['12025550100']));
	});
});

test('ten North American digits without country whose area code looks like a country code are refused', async () => {
	const { errors } = await send('2015550123');
	expect(errors[0]!.json.error).toMatchObject({ code: 'ambiguous-phone' });
	expect(await channel.calls('sendTemplate')).toHaveLength(0);
});

describe("WhatsApp's own ID of a phone", () => {
	test.each([
		['Mexico', '5215512349876', '525512349876', '525512349876'],
		['Brazil', '551187776666', '551187776666', '5511987776666'],
		['Argentina', '5491123456789', '5491123456789', '541123456789'],
	])('%s: %s can be answered, and is the same customer', async (_, id, sent, contactKey) => {
		const { items } = await send(id);
		expect(items[0]!.json).toMatchObject({ outcome: 'accepted', phone: sent, contactKey });
		expect((await send(`+${id}`)).items[0]!.json.contactKey).toBe(contactKey);
	});

	test.each([
		['5511987776666', '551187776666'],
		['525512349876', '5215512349876'],
		['541123456789', '5491123456789'],
	])('a message to %s is found in the chat that WhatsApp keeps as %s', async (phone, chat) => {
		const row = { id: 'wamid.found', body: 'Hello', fromMe: 1, time: Math.floor(Date.now() / 1000), chatId: `${chat}@c.us`, type: 'chat' };
		await channel.script({ path: 'messages', times: 1, answers: [{ body: { messages: [] } }, { body: { messages: [row] } }] });
		const { items } = await runNode({ parameters: { operation: 'findSentMessage', phone: `+${phone}` }, credential: channel.credential });
		expect(items[0]!.json).toMatchObject({ found: true, messageId: 'wamid.found' });
		expect((await channel.calls('messages')).map(({ query }) => (query as { chatId?: string })?.chatId ?? query)).toHaveLength(2);
	});
});

test('Send Once knows both names of one phone', async () => {
	const options = { sendOnce: true };
	const { installOnceStore } = await import('../support/once-store.cjs');
	installOnceStore();
	expect((await send('+5531988885555', options)).items[0]!.json.outcome).toBe('accepted');
	expect((await send('+553188885555', options)).items[0]!.json.outcome).toBe('skipped');
});
