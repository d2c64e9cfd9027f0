import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { runNode } from '../support/run-node.cjs';

const channel = useChannel();
const PICTURE = 'https://shop.example/media/shoes.png';

function parameters(template: string, value: IDataObject, more: INodeParameters = {}): INodeParameters {
	return {
		operation: 'sendTemplate',
		template: { __rl: true, mode: 'list', value: template },
		phone: '+12025550100',
		variables: { mappingMode: 'defineBelow', value, schema: Object.keys(value).map((id) => ({ id, displayName: id, required: true, display: true, defaultMatch: false, type: 'string' })) } as INodeParameters,
		...more,
	};
}

async function send(template: string, value: IDataObject, more: INodeParameters = {}) {
	const run = await runNode({ parameters: parameters(template, value, more), credential: channel.credential, onError: 'continueErrorOutput' });
	return { ...run, json: run.items[0]?.json, refused: run.errors[0]?.json.error as IDataObject | undefined };
}

const TEXTS: Array<[string, IDataObject, string]> = [
	['stock_arrival|en', { body_1: 'Anna', body_2: 10482, body_3: 'Shoes', body_4: 'It ships tomorrow' }, 'Hello, Anna! For order #10482, item "Shoes" is now in stock. It ships tomorrow.\n\n[Confirm shipment]'],
	['stock_text_header|en', { header_1: '10482', body_1: 'Anna', body_2: 'Shoes' }, 'Order 10482\n\nGood news, Anna: Shoes is back.\n\nYou asked us to tell you.'],
	['stock_image_header|en_US', { header_media: PICTURE, body_1: 'Shoes', body_2: 'Anna', button_0: 'shoes' }, 'Shoes is back in stock, Anna.\n\n[See it]'],
	['stock_video_header|en', { header_media: 'https://shop.example/a.mp4', body_1: 'shoes' }, 'See shoes in motion today.'],
	['stock_document_header|de', { header_media: 'https://shop.example/a.pdf', header_filename: 'Lieferschein.pdf', body_1: '10482' }, 'Lieferschein.pdf\n\nLieferschein zu Auftrag 10482 anbei.'],
	['stock_location_header|fr', { header_latitude: '48.85', header_longitude: 2.35, header_name: 'Boutique', header_address: '1 rue X', body_1: 'vélo' }, 'Boutique, 1 rue X\n\nVotre article vélo vous attend ici.'],
	['stock_named_variables|en', { header_customer: 'Anna', body_customer: 'Anna', body_product: 'Shoes', body_order: '7' }, 'For Anna\n\nHello Anna, Shoes of order 7 has arrived.'],
	['stock_dynamic_link|pt_BR', { body_1: 'Tênis', button_1: '77' }, 'Seu item Tênis chegou hoje.\n\n[Ligar] [Pagar]'],
	['stock_quick_replies|ru', { body_1: 'Анна', body_2: 'Полка', button_1: 'later' }, 'Здравствуйте, Анна! Товар Полка поступил на склад.\n\n[Отправляйте] [Не сейчас]'],
	['stock_coupon|en', { body_1: 'shoes', button_0: 'BACK10' }, 'Your discount on shoes is ready.\n\n[Copy offer code]'],
	['stock_catalog|en', { body_1: 'Anna', button_0: 'SKU-1' }, 'New arrivals for you, Anna, are in.\n\n[View catalog]'],
	['stock_flow|en', { body_1: '10482' }, 'Choose how order 10482 reaches you.\n\n[Choose]'],
	['stock_limited_offer|en', { header_media: PICTURE, limited_time_offer: '2099-01-01T00:00:00Z', body_1: 'Anna', button_0: 'WEEK', button_1: '1' }, 'Back for a week\n\nAnna, what you waited for is here.\n\n[Copy offer code] [Shop]'],
	[
		'stock_carousel|en',
		{ body_1: 'Anna', card_0_header_media: PICTURE, card_0_body_1: 'Shoes', card_0_button_1: '1', card_1_header_media: PICTURE, card_1_body_1: 'Boots', card_1_button_1: '2' },
		'Anna, these are back.\n\nShoes is back.\n\n[Keep one for me] [See it]\n\nBoots is back.\n\n[Keep one for me] [See it]',
	],
	['sign_in_code|en', { body_1: '123456' }, '*123456* is your verification code.\n\n[Copy code]'],
	['stock_no_variables|en', {}, 'Something you asked for is back in stock.'],
];

test.each(TEXTS)('%s is taken by a channel that checks it as WhatsApp does, and its text is returned', async (template, value, text) => {
	const { json, refused } = await send(template, value);
	expect(refused).toBeUndefined();
	const [message] = await channel.messages('12025550100');
	expect(json).toStrictEqual({ outcome: 'accepted', messageId: message!.id, phone: '12025550100', template: template.split('|')[0], language: template.split('|')[1], text, recipient: '+12025550100', bsuid: null, username: null, contactKey: '12025550100', chatId: '12025550100@c.us', sentAt: expect.any(String) });
	expect(text).toContain(String(message!.text));
});

test('the list is read once for a hundred items, and each item has values of its own', async () => {
	const items = Array.from({ length: 100 }, (_, index) => ({ name: `N${index}`, phone: `+1202555${String(3000 + index)}` }));
	const { items: sent } = await runNode({
		parameters: parameters('stock_text_header', { header_1: '={{ $itemIndex }}', body_1: '={{ $json.name }}', body_2: 'Shoes' }, { template: { __rl: true, mode: 'name', value: 'stock_text_header' }, phone: '={{ $json.phone }}' }),
		credential: channel.credential,
		items,
	});
	expect(sent.map(({ json }) => String(json.text).split('\n')[2])).toEqual(items.map(({ name }) => `Good news, ${name}: Shoes is back.`));
	expect(await channel.calls('templates')).toHaveLength(1);
});

test('a rehearsal shows the text and sends nothing', async () => {
	const { json } = await send('stock_coupon|en', { body_1: 'shoes', button_0: 'BACK10' }, { options: { dryRun: true } });
	expect(json).toMatchObject({ outcome: 'rehearsed', text: 'Your discount on shoes is ready.\n\n[Copy offer code]', fit: 'fits', key: expect.stringMatching(/^stock_coupon\|en\|12025550100\|/) });
	expect(await channel.calls('sendTemplate')).toEqual([]);
});

test.each([
	['an empty value', 'stock_text_header|en', { header_1: '7', body_1: '', body_2: 'x' }, 'empty-variable', 'Text {{1}} is empty', 'Good news, {{1}}: {{2}} is back.'],
	['null, as an expression that finds nothing gives', 'stock_text_header|en', { header_1: '7', body_1: '={{ null }}', body_2: 'x' }, 'empty-variable', 'Text {{1}} is empty', 'Good news, {{1}}'],
	['a map without anything', 'stock_text_header|en', {}, 'empty-variable', 'Header {{1}} is empty', 'Order {{1}}'],
	['a map for an older version', 'stock_text_header|en', { header_1: '7', body_1: 'a', body_2: 'b', body_3: 'c' }, 'variables-outdated', 'no variable "body_3"', 'refresh the Variables'],
	['a picture that is neither a link nor a media ID', 'stock_image_header|en_US', { header_media: 'shop.example/a.png', body_1: 'a', body_2: 'b', button_0: 'c' }, 'invalid-variable', 'Header Image', 'https://'],
	['a media ID that lost its last digits as a number', 'stock_image_header|en_US', { header_media: '={{ 12345678901234567000 }}', body_1: 'a', body_2: 'b', button_0: 'c' }, 'invalid-variable', 'Header Image', 'as a text'],
	['ten thousand characters', 'stock_text_header|en', { header_1: '7', body_1: 'Anna', body_2: 'x'.repeat(10_000) }, 'text-too-long', 'WhatsApp allows 1024', 'Text {{2}}'],
	['a paused template', 'stock_arrival_paused|en', {}, 'template-not-approved', 'paused', 'a few hours'],
	['a disabled template', 'stock_arrival_disabled|en', {}, 'template-not-approved', 'disabled', 'new template'],
	['a template that is not there', 'stock_arrival_gone|en', {}, 'template-not-found', 'stock_arrival_gone', 'stock_arrival'],
])('%s is stopped before it is sent', async (_, template, value, code, message, description) => {
	const { refused, items } = await send(template, value);
	expect(items).toEqual([]);
	expect(refused).toMatchObject({ code, message: expect.stringContaining(message), description: expect.stringContaining(description), itemIndex: 0 });
	expect(await channel.calls('sendTemplate')).toEqual([]);
});

async function sentBody(): Promise<IDataObject> {
	const [call] = await channel.calls('sendTemplate');
	return JSON.parse(String(call!.body)) as IDataObject;
}

const headerOf = (body: IDataObject) => (body.params as IDataObject[]).find(({ type }) => type === 'header');

test.each([
	['a media ID', '1234567890123456', { id: '1234567890123456' }],
	['a media ID as a number', '={{ 1234567890123456 }}', { id: '1234567890123456' }],
	['a link', PICTURE, { link: PICTURE }],
])('%s is the picture of a header', async (_, header_media, file) => {
	const { json } = await send('stock_image_header|en_US', { header_media, body_1: 'Shoes', body_2: 'Anna', button_0: 'shoes' });
	expect(json).toMatchObject({ outcome: 'accepted', text: 'Shoes is back in stock, Anna.\n\n[See it]' });
	expect(headerOf(await sentBody())).toStrictEqual({ type: 'header', parameters: [{ type: 'image', image: file }] });
});

test('a card takes a media ID beside another with a link', async () => {
	const { json } = await send('stock_carousel|en', { body_1: 'Anna', card_0_header_media: '1234567890123456', card_0_body_1: 'Shoes', card_0_button_1: '1', card_1_header_media: PICTURE, card_1_body_1: 'Boots', card_1_button_1: '2' });
	expect(json).toMatchObject({ outcome: 'accepted' });
	const [, { cards }] = (await sentBody()).params as [object, { cards: Array<{ components: IDataObject[] }> }];
	expect(cards.map(({ components }) => components[0])).toStrictEqual([{ id: '1234567890123456' }, { link: PICTURE }].map((image) => ({ type: 'header', parameters: [{ type: 'image', image }] })));
});

test('the cards of a carousel show products of a catalog', async () => {
	const card = { components: [{ type: 'HEADER', format: 'PRODUCT' }, { type: 'BUTTONS', buttons: [{ type: 'SPM', text: 'View' }] }] };
	await channel.sandbox.control('POST', '/templates', { name: 'stock_products', language: 'en', category: 'MARKETING', components: [{ type: 'BODY', text: '{{1}}, these are back.' }, { type: 'CAROUSEL', cards: [card, card] }] });
	const value = { body_1: 'Anna', card_0_header_product: 'SKU-1', card_0_header_catalog: '={{ 194836987003835 }}', card_1_header_product: 'SKU-2', card_1_header_catalog: '194836987003835' };
	const { json } = await send('stock_products|en', value);
	expect(json).toMatchObject({ outcome: 'accepted', text: 'Anna, these are back.\n\n[View]\n\n[View]' });
	const shown = (product_retailer_id: string) => [{ type: 'header', parameters: [{ type: 'product', product: { product_retailer_id, catalog_id: '194836987003835' } }] }];
	expect((await sentBody()).params).toStrictEqual([
		{ type: 'body', parameters: [{ type: 'text', text: 'Anna' }] },
		{ type: 'carousel', cards: [{ card_index: 0, components: shown('SKU-1') }, { card_index: 1, components: shown('SKU-2') }] },
	]);
	expect((await send('stock_products|en', { ...value, card_1_header_catalog: '' })).refused).toMatchObject({ code: 'empty-variable', message: expect.stringContaining('Card 2 Header Catalog') });
});

test.each([[{ body_1: '123456' }, '123456'], [{ body_1: '123456', button_0: '' }, '123456'], [{ body_1: '={{ 123456 }}' }, '123456']])('a one-time password whose text the list leaves out is sent with its code in text and button: %j', async (value, code) => {
	const components = [{ type: 'BODY', add_security_recommendation: true }, { type: 'FOOTER', code_expiration_minutes: 10 }, { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', text: 'Copy code' }] }];
	await channel.sandbox.control('POST', '/templates', { name: 'hidden_code', language: 'en', category: 'AUTHENTICATION', components });
	const { json } = await send('hidden_code|en', value);
	expect(json).toMatchObject({ outcome: 'accepted', text: `${code}\n\n[Copy code]` });
	expect((await sentBody()).params).toStrictEqual([
		{ type: 'body', parameters: [{ type: 'text', text: code }] },
		{ type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: code }] },
	]);
});

test.each([['on', true], ['off', false], ['={{ "on" }}', true]])('Use Marketing Messages %s says so to the channel', async (useMarketingMessages, useMMlite) => {
	await send('stock_coupon|en', { body_1: 'shoes', button_0: 'BACK10' }, { options: { useMarketingMessages } });
	expect(await sentBody()).toMatchObject({ useMMlite });
});

test.each([{}, { useMarketingMessages: 'default' }])('with the options %j the channel decides', async (options) => {
	await send('stock_coupon|en', { body_1: 'shoes', button_0: 'BACK10' }, { options });
	expect(await sentBody()).not.toHaveProperty('useMMlite');
});

test('a template answers the message that it quotes', async () => {
	await send('stock_no_variables|en', {}, { options: { quotedMessageId: ' wamid.HBgLQQ== ' } });
	expect(await sentBody()).toMatchObject({ quotedMsgId: 'wamid.HBgLQQ==' });
	expect(await channel.messages('12025550100')).toMatchObject([{ quotedMessageId: 'wamid.HBgLQQ==' }]);
});

test('a template deleted between choosing and sending is refused by the service, in words', async () => {
	await channel.script({ path: 'sendTemplate', answers: [{ status: 400, body: { error: { code: 132001, message: '(#132001) Template name does not exist in the translation' } } }] });
	const { refused } = await send('stock_coupon|en', { body_1: 'shoes', button_0: 'BACK10' });
	expect(refused).toMatchObject({ code: '132001', action: 'fixTemplate' });
});

test('without a variables field at all (an agent that left it out) a template without variables is sent', async () => {
	const { json } = await send('stock_no_variables|en', {}, { variables: { mappingMode: 'defineBelow', value: null } });
	expect(json).toMatchObject({ outcome: 'accepted' });
});

test('a time without an offset is meant in the time zone of the workflow, and a date from an expression is taken', async () => {
	const value = { header_media: PICTURE, limited_time_offer: '={{ $now.plus({ days: 3 }) }}', body_1: 'Anna', button_0: 'WEEK', button_1: '1' };
	await send('stock_limited_offer|en', value);
	const [call] = await channel.calls('sendTemplate');
	const { params } = JSON.parse(String(call!.body)) as { params: Array<{ type: string; parameters: Array<{ limited_time_offer: { expiration_time_ms: number } }> }> };
	const ends = params.find(({ type }) => type === 'limited_time_offer')!.parameters[0]!.limited_time_offer.expiration_time_ms;
	expect(Math.abs(ends - Date.now() - 3 * 86_400_000)).toBeLessThan(60_000);
});
