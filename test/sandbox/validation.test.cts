import { type Sandbox, startSandbox } from '../support/sandbox.cts';
import { bodyOf, NAMESPACE, stockArrival } from '../support/stock-arrival.cts';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());
afterEach(() => sandbox.control('POST', '/clear', { all: true }));

const PHONE = '12025550150';
const text = (value: unknown, more: object = {}) => ({ type: 'text', text: value, ...more });
const header = (...parameters: object[]) => ({ type: 'header', parameters });
const button = (sub_type: string, index: number | string, ...parameters: object[]) => ({ type: 'button', sub_type, index, parameters });
const image = { type: 'image', image: { link: 'https://shop.example/a.png' } };
const named = (name: string, value = 'x') => text(value, { parameter_name: name });
const soon = () => ({ type: 'limited_time_offer', parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: Date.now() + 60_000 } }] });
const card = (card_index: number, ...components: object[]) => ({ card_index, components });
const goodCard = (index: number) => card(index, header(image), bodyOf('Shoes'), button('url', 1, text('1')));

const send = (changes: Record<string, unknown>, phone = PHONE) => sandbox.call('POST', '/sendTemplate', stockArrival(phone, changes));
const sendAs = (template: string, code: string, params: unknown) => send({ template, language: { policy: 'deterministic', code }, params });

describe('a request with a field missing', () => {
	it.each([
		['template', { template: undefined }],
		['language', { language: undefined }],
		['language code', { language: { policy: 'deterministic' } }],
		['language as an object', { language: 'en' }],
	])('answers 400 without %s', async (_, changes) => {
		expect(await send(changes)).toMatchObject({ status: 400, body: { message: 'template is not defined' } });
	});

	it('answers 422 without namespace', async () => {
		expect((await send({ namespace: undefined })).status).toBe(422);
	});

	it('answers 400 to an invalid JSON body', async () => {
		expect((await sandbox.call('POST', '/sendTemplate', '{"phone"')).status).toBe(400);
	});
});

describe('the template itself', () => {
	it.each([
		['an unknown name', { template: 'nope' }, 132001],
		['an unknown language', { language: { code: 'fi' } }, 132001],
		['another namespace', { namespace: 'other' }, 132001],
		['a pending template', { template: 'stock_arrival_pending' }, 132001],
		['a rejected template', { template: 'stock_arrival_rejected' }, 132001],
		['a paused template', { template: 'stock_arrival_paused' }, 132015],
		['a disabled template', { template: 'stock_arrival_disabled' }, 132016],
	])('%s is refused', async (_, changes, code) => {
		const { status, body } = await send(changes);
		expect(status).toBe(400);
		expect(body).toEqual({
			sent: false,
			message: expect.stringMatching(new RegExp(`^\\(#${code}\\) `)),
			error: { code, message: body.message, error_data: { details: expect.any(String) } },
		});
	});

	it.each(['stock_arrival_single', 'stock_arrival_upper_case', 'stock_arrival_text_components', 'stock_arrival_no_namespace', 'stock_arrival_language_object'])(
		'%s is sendable',
		async (template) => {
			expect((await send({ template })).body.sent).toBe(true);
		},
	);
});

describe('the values', () => {
	it('a wrong count is 422 with code 132000', async () => {
		const { status, body } = await send({ params: [bodyOf('Anna', '10482', 'Shoes')] });
		expect({ status, code: body.error.code }).toEqual({ status: 422, code: 132000 });
	});

	it.each([
		['none at all', undefined, 132000],
		['params that are no array', 'x', 100],
		['an unknown component', [{ type: 'BODY', parameters: [] }], 100],
		['two bodies', [bodyOf('1', '2', '3', '4'), bodyOf('1', '2', '3', '4')], 100],
		['an empty value', [bodyOf('Anna', '', 'Shoes', 'Now')], 131008],
		['a blank value', [bodyOf('Anna', '  ', 'Shoes', 'Now')], 131008],
		['a missing text', [{ type: 'body', parameters: [text(undefined), text('2'), text('3'), text('4')] }], 131008],
		['a number as text', [{ type: 'body', parameters: [text(1), text('2'), text('3'), text('4')] }], 100],
		['a line break', [bodyOf('Anna', '10482', 'Shoes\nBlue', 'Now')], 132018],
		['a tab', [bodyOf('Anna', '10482', 'Shoes\tBlue', 'Now')], 132018],
		['five spaces', [bodyOf('Anna', '10482', 'Shoes     Blue', 'Now')], 132018],
		['a text too long', [bodyOf('Anna', '10482', 'x'.repeat(1000), 'Now')], 132005],
		['names where there are none', [{ type: 'body', parameters: [named('a'), named('b'), named('c'), named('d')] }], 132012],
		['an image in the body', [{ type: 'body', parameters: [image, text('2'), text('3'), text('4')] }], 132012],
		['a header nobody asked for', [header(text('x')), bodyOf('1', '2', '3', '4')], 132000],
		['a parameter for a static button', [bodyOf('1', '2', '3', '4'), button('url', 0, text('x'))], 100],
		['a button of a type that nobody knows', [bodyOf('1', '2', '3', '4'), button('link', 0, text('x'))], 100],
		['a button that is not there', [bodyOf('1', '2', '3', '4'), button('url', 3, text('x'))], 132012],
	])('%s are refused', async (_, params, code) => {
		const { body } = await send({ params });
		expect(body.error?.code).toBe(code);
	});

	it('four spaces in a row, currency and date_time are fine', async () => {
		const parameters = [
			text('Anna    B'),
			{ type: 'currency', currency: { fallback_value: '$10', code: 'USD', amount_1000: 10_000 } },
			{ type: 'date_time', date_time: { fallback_value: 'today' } },
			text('Now'),
		];
		expect((await send({ params: [{ type: 'body', parameters }] })).body.sent).toBe(true);
	});
});

describe('the recipient', () => {
	it.each(['1234567', '1234567890123456', '+12025550150', 'Anna'])('%s is refused with 131009', async (phone) => {
		expect((await send({}, phone)).body.error.code).toBe(131009);
	});

	it('is required, exactly one', async () => {
		expect((await send({ phone: undefined })).body.error.code).toBe(131008);
		expect((await send({ chatId: `${PHONE}@c.us` })).body.error.code).toBe(131009);
	});

	it.each([
		[{ chatId: '12025550150@c.us' }, '12025550150@c.us'],
		[{ bsuid: 'CO.1726000000000001' }, 'CO.1726000000000001@lid'],
		[{ phone: 'CO.1726000000000001' }, 'CO.1726000000000001@lid'],
		[{ username: 'anna.b' }, 'anna.b@username'],
		[{ phone: 12025550150 }, '12025550150@c.us'],
	])('may be %j', async (recipient, chatId) => {
		expect((await send({ phone: undefined, ...recipient })).body).toMatchObject({ sent: true, message: `Sent to ${chatId}` });
	});
});

describe('every kind of component', () => {
	it.each([
		['stock_text_header', 'en', [header(text('10482')), bodyOf('Anna', 'Shoes')]],
		['stock_image_header', 'en_US', [header(image), bodyOf('Shoes', 'Anna'), button('url', 0, text('1'))]],
		['stock_image_header', 'en_US', [header({ type: 'image', image: { id: '99' } }), bodyOf('Shoes', 'Anna'), button('url', '0', text('1'))]],
		['stock_video_header', 'en', [header({ type: 'video', video: { link: 'https://shop.example/a.mp4' } }), bodyOf('Shoes')]],
		['stock_document_header', 'de', [header({ type: 'document', document: { link: 'https://shop.example/a.pdf', filename: 'a.pdf' } }), bodyOf('1')]],
		['stock_location_header', 'fr', [header({ type: 'location', location: { latitude: '48.8', longitude: '2.3', name: 'A', address: 'B' } }), bodyOf('1')]],
		['stock_named_variables', 'en', [header(named('customer')), { type: 'body', parameters: [named('order'), named('customer'), named('product')] }]],
		['stock_dynamic_link', 'pt_BR', [bodyOf('1'), button('url', 1, text('7'))]],
		['stock_quick_replies', 'ru', [bodyOf('1', '2')]],
		['stock_quick_replies', 'ru', [bodyOf('1', '2'), button('quick_reply', 1, { type: 'payload', payload: 'later' })]],
		['stock_coupon', 'en', [bodyOf('1'), button('copy_code', 0, { type: 'coupon_code', coupon_code: 'BACK10' })]],
		['stock_coupon', 'en', [bodyOf('1'), button('coupon_code', 0, { type: 'coupon_code', coupon_code: 'BACK10' })]],
		['stock_catalog', 'en', [bodyOf('1'), button('catalog', 0, { type: 'action', action: { thumbnail_product_retailer_id: '5' } })]],
		['stock_flow', 'en', [bodyOf('1'), button('flow', 0, { type: 'action', action: { flow_token: 't' } })]],
		['stock_limited_offer', 'en', [header(image), bodyOf('1'), soon(), button('copy_code', 0, { type: 'coupon_code', coupon_code: 'W' }), button('url', 1, text('1'))]],
		['stock_carousel', 'en', [bodyOf('Anna'), { type: 'carousel', cards: [goodCard(0), goodCard(1)] }]],
		['sign_in_code', 'en', [bodyOf('123456'), button('url', 0, text('123456'))]],
		['stock_no_variables', 'en', undefined],
		['stock_no_variables', 'en', []],
	])('%s in %s is accepted when complete', async (template, language, params) => {
		expect((await sendAs(template, language, params)).body).toMatchObject({ sent: true });
	});

	it.each([
		['stock_text_header', 'en', [bodyOf('1', '2')], 132000],
		['stock_text_header', 'en', [header(image), bodyOf('1', '2')], 132012],
		['stock_image_header', 'en_US', [bodyOf('1', '2'), button('url', 0, text('1'))], 132012],
		['stock_image_header', 'en_US', [header(text('x')), bodyOf('1', '2'), button('url', 0, text('1'))], 132012],
		['stock_image_header', 'en_US', [header({ type: 'image', image: {} }), bodyOf('1', '2'), button('url', 0, text('1'))], 131008],
		['stock_image_header', 'en_US', [header({ type: 'image', image: { link: 'a.png' } }), bodyOf('1', '2'), button('url', 0, text('1'))], 131009],
		['stock_image_header', 'en_US', [header(image), bodyOf('1', '2')], 131008],
		['stock_image_header', 'en_US', [header(image), bodyOf('1', '2'), button('url', 0, text(''))], 131008],
		['stock_image_header', 'en_US', [header(image), bodyOf('1', '2'), button('quick_reply', 0, text('1'))], 132012],
		['stock_video_header', 'en', [header(image), bodyOf('1')], 132012],
		['stock_location_header', 'fr', [header({ type: 'location', location: { latitude: 'x', longitude: '2', name: 'A', address: 'B' } }), bodyOf('1')], 131009],
		['stock_location_header', 'fr', [header({ type: 'location', location: { latitude: '4', longitude: '2', name: 'A' } }), bodyOf('1')], 131008],
		['stock_named_variables', 'en', [header(named('customer')), bodyOf('1', '2', '3')], 132012],
		['stock_named_variables', 'en', [header(named('customer')), { type: 'body', parameters: [named('order'), named('order'), named('product')] }], 132012],
		['stock_dynamic_link', 'pt_BR', [bodyOf('1'), button('url', 0, text('7'))], 100],
		['stock_dynamic_link', 'pt_BR', [bodyOf('1')], 131008],
		['stock_quick_replies', 'ru', [bodyOf('1', '2'), button('quick_reply', 0, text('x'))], 132012],
		['stock_coupon', 'en', [bodyOf('1')], 131008],
		['stock_coupon', 'en', [bodyOf('1'), button('copy_code', 0, { type: 'coupon_code', coupon_code: 'x'.repeat(21) })], 131009],
		['stock_catalog', 'en', [bodyOf('1')], 131008],
		['stock_flow', 'en', [bodyOf('1'), button('flow', 0, text('x'))], 132012],
		['stock_limited_offer', 'en', [header(image), bodyOf('1'), button('copy_code', 0, { type: 'coupon_code', coupon_code: 'W' }), button('url', 1, text('1'))], 132012],
		['stock_carousel', 'en', [bodyOf('Anna'), { type: 'carousel', cards: [goodCard(0)] }], 132012],
		['stock_carousel', 'en', [bodyOf('Anna'), { type: 'carousel', cards: [goodCard(0), goodCard(0)] }], 132012],
		['stock_carousel', 'en', [bodyOf('Anna'), { type: 'carousel', cards: [goodCard(0), card(1, bodyOf('x'), button('url', 1, text('1')))] }], 132012],
		['stock_carousel', 'en', [bodyOf('Anna')], 132012],
		['sign_in_code', 'en', [bodyOf('123456')], 131008],
	])('%s in %s with %j is refused', async (template, language, params, code) => {
		expect((await sendAs(template, language, params)).body.error?.code).toBe(code);
	});

	it('a product in the header needs its two IDs', async () => {
		const product = { type: 'HEADER', format: 'PRODUCT' };
		const components = [{ type: 'BODY', text: 'Back for {{1}}.' }, { type: 'CAROUSEL', cards: [{ components: [product, { type: 'BUTTONS', buttons: [{ type: 'SPM', text: 'View' }] }] }] }];
		await sandbox.control('POST', '/templates', { name: 'stock_products', language: 'en', components });
		const sendCard = async (parameter: object) => (await sendAs('stock_products', 'en', [bodyOf('Anna'), { type: 'carousel', cards: [card(0, header(parameter))] }])).body;
		expect(await sendCard({ type: 'product', product: { product_retailer_id: 'SKU-1', catalog_id: '7' } })).toMatchObject({ sent: true });
		expect(await sendCard({ type: 'product', product: { product_retailer_id: 'SKU-1' } })).toMatchObject({ error: { code: 131008 } });
		expect(await sendCard(image)).toMatchObject({ error: { code: 132012 } });
	});

	it('a one-time password takes its code though the list hides the text', async () => {
		const components = [{ type: 'BODY', add_security_recommendation: true }, { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', text: 'Copy code' }] }];
		await sandbox.control('POST', '/templates', { name: 'hidden_code', language: 'en', category: 'AUTHENTICATION', components });
		expect((await sendAs('hidden_code', 'en', [bodyOf('123456'), button('url', 0, text('123456'))])).body).toMatchObject({ sent: true });
		expect((await sendAs('hidden_code', 'en', [button('url', 0, text('123456'))])).body.error?.code).toBe(132000);
	});

	it('is shown as the customer sees it', async () => {
		const { body } = await sendAs('stock_image_header', 'en_US', [header(image), bodyOf('Shoes', 'Anna'), button('url', 0, text('42'))]);
		const [message] = (await sandbox.control('GET', `/messages?id=${encodeURIComponent(body.id)}`)).body.messages;
		expect(message).toMatchObject({
			kind: 'template',
			header: 'https://shop.example/a.png',
			text: 'Shoes is back in stock, Anna.',
			buttons: [{ type: 'URL', text: 'See it', url: 'https://shop.example/p/42' }],
		});
	});
});

it('refusals can be set to answer 200, missing fields can\'t', async () => {
	await sandbox.control('POST', '/settings', { refusalStyle: 'ok' });
	expect(await send({ params: [bodyOf('1')] })).toMatchObject({ status: 200, body: { sent: false, error: { code: 132000 } } });
	expect(await send({ template: 'nope' })).toMatchObject({ status: 200, body: { sent: false, error: { code: 132001 } } });
	expect((await send({ namespace: undefined })).status).toBe(422);
});

describe('a button mistake', () => {
	const missing = { template: 'stock_dynamic_link', language: { code: 'pt_BR' }, params: [bodyOf('1')] };
	const superfluous = { params: [bodyOf('1', '2', '3', '4'), button('url', 0, text('x'))] };

	it('says which button', async () => {
		expect((await send(missing)).body.error).toMatchObject({ code: 131008, error_data: { details: 'buttons: button at index 1 of type Url requires a parameter' } });
		expect((await send(superfluous)).body.error).toMatchObject({ code: 100, error_data: { details: 'buttons: button at index 0 is of type Url and does not support parameters' } });
	});

	it.each([['http', 400], ['400', 400], ['422', 422], ['ok', 200]])('is wrapped as the setting %s says: %i', async (refusalStyle, status) => {
		await sandbox.control('POST', '/settings', { refusalStyle });
		expect(await send(missing)).toMatchObject({ status, body: { sent: false, error: { code: 131008 } } });
		expect(await send(superfluous)).toMatchObject({ status, body: { sent: false, error: { code: 100 } } });
	});

	it.each([
		['errorCode', { error: { error_code: 131008 } }],
		['userMessage', { error: { code: 131008, error_user_msg: expect.stringContaining('index 1') } }],
		['top', { code: 131008, message: 'Required parameter is missing' }],
		['response', { response: { error: { code: 131008 } } }],
		['errors', { errors: [{ code: 131008, title: 'Required parameter is missing' }] }],
		['text', { message: expect.stringMatching(/^\(#131008\) .*index 1/) }],
		['jsonInText', { message: expect.stringMatching(/^400 - \{"error":\{"code":131008/) }],
	])('has its code where the setting %s says', async (refusalPlace, body) => {
		await sandbox.control('POST', '/settings', { refusalPlace });
		expect((await send(missing)).body).toMatchObject({ sent: false, ...body });
	});
});

it('form bodies are parsed like JSON', async () => {
	const { phone, template, namespace, language, params } = stockArrival(PHONE);
	const form = new URLSearchParams({ phone, template, namespace, language: JSON.stringify(language), params: JSON.stringify(params) });
	const answer = await sandbox.call('POST', '/sendTemplate', form.toString(), { 'content-type': 'application/x-www-form-urlencoded' });
	expect(answer.body.sent).toBe(true);
	expect(namespace).toBe(NAMESPACE);
});
