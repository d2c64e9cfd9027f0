import { misfits, stockArrivalText } from '../../nodes/core/stockArrival/stockArrival';
import { fillTemplate, renderTemplate, templateFields } from '../../nodes/core/template/template';
import { readTemplatePage, type Template } from '../../nodes/core/template/list';
import { sentenceOf } from '../../nodes/core/template/placeholders';
import { readMoment } from '../../nodes/core/template/timeValue';

const CLOCK = { now: Date.UTC(2026, 10, 22), timeZone: 'Europe/Madrid' };
const BODY = { type: 'BODY', text: 'Hello, {{1}}! For order #{{2}}, item "{{3}}" is now in stock. {{4}}.', example: { body_text: [['Anna', '10482', 'Shoes', 'Tomorrow']] } };
const FOUR = { body_1: 'Ana', body_2: 10482, body_3: 'Oak shelf', body_4: 'Soon' };

function template(components: unknown, row: object = {}): Template {
	const [read] = readTemplatePage(JSON.stringify([{ name: 'x', language: 'en', status: 'approved', components, ...row }])).templates;
	return read!;
}

function fieldsOf(components: unknown, row: object = {}) {
	const fields = templateFields(template(components, row));
	if (!fields.ok) throw new Error(fields.problem.message);
	return fields.value;
}

function fill(components: unknown, given: Record<string, unknown>, row: object = {}) {
	return fillTemplate(template(components, row), given, CLOCK);
}

describe('the form', () => {
	test('has a box per variable, with its sentence and the author\'s sample', () => {
		expect(fieldsOf([BODY]).map(({ id, label, hint, example }) => [id, label, hint, example])).toEqual([
			['body_1', 'Text {{1}}', 'Hello, {{1}}!', 'Anna'],
			['body_2', 'Text {{2}}', 'For order #{{2}}, item "{{3}}" is now in stock.', '10482'],
			['body_3', 'Text {{3}}', 'For order #{{2}}, item "{{3}}" is now in stock.', 'Shoes'],
			['body_4', 'Text {{4}}', 'For order #{{2}}, item "{{3}}" is now in stock. {{4}}.', 'Tomorrow'],
		]);
	});

	test.each([
		['a named variable', [{ type: 'body', text: 'For {{ product }}', example: { body_text_named_params: [{ param_name: 'product', example: 'Shoes' }] } }], [['body_product', 'Shoes']]],
		['a header text', [{ type: 'HEADER', format: 'TEXT', text: 'Order {{1}}', example: { header_text: ['7'] } }], [['header_1', '7']]],
		['an image', [{ type: 'HEADER', format: 'IMAGE' }], [['header_media', '']]],
		['a document', [{ type: 'HEADER', header: { format: 'document' } }], [['header_media', ''], ['header_filename', 'invoice.pdf']]],
		['a link', [{ type: 'BUTTONS', buttons: [{ type: 'PHONE_NUMBER', text: 'Call' }, { type: 'URL', text: 'See', url: 'https://a.example/{{1}}', example: ['https://a.example/7'] }] }], [['button_1', '7']]],
		['an offer that ends', [{ type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Now', has_expiration: true } }], [['limited_time_offer', '']]],
		['an offer that does not end', [{ type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Now' } }], []],
		['a flat card', [{ type: 'CAROUSEL', cards: [{ header: { format: 'IMAGE' }, body: 'For {{1}}', buttons: [{ type: 'QUICK_REPLY', text: 'Keep' }] }] }], [['card_0_header_media', ''], ['card_0_body_1', ''], ['card_0_button_0', '']]],
		['a product', [{ type: 'HEADER', format: 'PRODUCT' }], [['header_product', 'SKU-1'], ['header_catalog', '']]],
		['cards with a product each', [{ type: 'CAROUSEL', cards: [0, 1].map(() => ({ components: [{ type: 'HEADER', format: 'PRODUCT' }, { type: 'BUTTONS', buttons: [{ type: 'SPM', text: 'View' }] }] })) }], [['card_0_header_product', 'SKU-1'], ['card_0_header_catalog', ''], ['card_1_header_product', 'SKU-1'], ['card_1_header_catalog', '']]],
		['a part nobody knows that needs nothing', [{ type: 'NEWS', text: 'Hi' }], []],
	])('%s', (_, components, expected) => expect(fieldsOf(components).map(({ id, example }) => [id, example])).toEqual(expected));

	test('of a location wants place and coordinates', () => {
		expect(fieldsOf([{ type: 'HEADER', format: 'LOCATION' }]).map(({ id }) => id)).toEqual(['header_latitude', 'header_longitude', 'header_name', 'header_address']);
	});

	test.each([undefined, null, '', ' \n'])('of an authentication template wants the code once, even where the list hides its text (%j)', (text) => {
		const components = [{ type: 'BODY', text, add_security_recommendation: true }, { type: 'FOOTER', code_expiration_minutes: 10 }, { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', text: 'Copy' }] }];
		const row = { category: 'AUTHENTICATION' };
		expect(fieldsOf(components, row).filter(({ required }) => required)).toMatchObject([{ id: 'body_1', hint: expect.stringContaining('one-time password') }]);
		expect(fill(components, { body_1: '123456' }, row)).toMatchObject({
			value: { params: [{ type: 'body', parameters: [{ text: '123456' }] }, { type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: '123456' }] }] },
		});
	});

	test.each([
		['a header of a new format', [{ type: 'HEADER', format: 'HOLOGRAM' }], 'header of format HOLOGRAM'],
		['a new part with a variable', [{ type: 'NEWS', lines: ['{{1}}'] }], 'part of type NEWS'],
		['a new button with a variable', [{ type: 'BUTTONS', buttons: [{ type: 'PAY', text: 'Pay', amount: '{{1}}' }] }], 'button "Pay" of type PAY'],
		['a card with a new format', [{ type: 'CAROUSEL', cards: [{ components: [{ type: 'HEADER', format: 'HOLOGRAM' }] }] }], 'Card 1 header of format HOLOGRAM'],
		['cards that cannot be read', [{ type: 'CAROUSEL', cards: ['?'] }], 'part of type CAROUSEL'],
	])('says what it cannot fill: %s', (_, components, words) => {
		expect(templateFields(template(components))).toMatchObject({ ok: false, problem: { code: 'template-not-supported', message: expect.stringContaining(words), action: 'fixTemplate' } });
	});

	test.each([['not JSON', '{"a"'], ['nothing', null], ['a number', 5]])('says that the definition cannot be read: %s', (_, components) => {
		expect(templateFields(template(components))).toMatchObject({ ok: false, problem: { code: 'template-unreadable' } });
	});
});

describe('before sending', () => {
	test.each([
		['an empty value', { ...FOUR, body_3: ' \u200b' }, 'empty-variable', 'Text {{3}} is empty', 'item "{{3}}" is now in stock.'],
		['a missing value', { body_1: 'Ana' }, 'empty-variable', 'Text {{2}} is empty', 'For order #{{2}}'],
		['a list', { ...FOUR, body_3: ['a'] }, 'invalid-variable', 'Text {{3}} is a list', 'item "{{3}}"'],
		['a variable of an older version', { ...FOUR, body_5: 'x' }, 'variables-outdated', 'no variable "body_5"', 'body_4 (Text {{4}})'],
		['a value longer than any message', { ...FOUR, body_3: 'x'.repeat(40_000) }, 'text-too-long', 'Text {{3}} has 40000 characters', 'item "{{3}}"'],
	])('%s is refused and shown in its sentence', (_, given, code, message, description) => {
		expect(fill([BODY], given)).toMatchObject({
			ok: false,
			problem: { code, message: expect.stringContaining(message), description: expect.stringContaining(description), saidBy: 'node' },
		});
	});

	test('an empty value for a variable that the template does not have does no harm', () => {
		expect(fill([BODY], { ...FOUR, body_5: '', header_media: null }).ok).toBe(true);
	});

	test.each([
		['a body beside other parts', [BODY, { type: 'FOOTER', text: 'Bye' }], FOUR, 'body_3', 'Shorten Text {{3}}', 1024],
		['a header', [{ type: 'HEADER', text: 'Order {{1}}' }, BODY], { ...FOUR, header_1: 'y' }, 'header_1', 'Shorten Header {{1}}', 60],
		['a lone body', [BODY], FOUR, 'body_3', 'Shorten Text {{3}}', 32_768],
	])('the limit of %s counts after substitution', (_, components, given, id, words, limit) => {
		const used = fill(components, given);
		if (!used.ok) throw new Error(used.problem.message);
		const part = id.startsWith('header') ? used.value.text.split('\n\n')[0]! : used.value.text.split('\n\n').find((text) => text.startsWith('Hello'))!;
		const room = limit - part.length + String((given as Record<string, unknown>)[id]).length;
		expect(fill(components, { ...given, [id]: 'z'.repeat(room) }).ok).toBe(true);
		expect(fill(components, { ...given, [id]: 'z'.repeat(room + 1) })).toMatchObject({ problem: { code: 'text-too-long', description: expect.stringContaining(words) } });
	});

	test.each([
		['a link', 'https://shop.example/a.jpg', { link: 'https://shop.example/a.jpg' }],
		['a link without TLS', 'http://shop.example/a.jpg', { link: 'http://shop.example/a.jpg' }],
		['a media ID', ' 1234567890123456789 ', { id: '1234567890123456789' }],
		['a media ID as a number', 1234567890123456, { id: '1234567890123456' }],
	])('%s is the file of a header, and of a card\'s', (_, given, file) => {
		const header = { type: 'HEADER', format: 'VIDEO' };
		const sent = { type: 'header', parameters: [{ type: 'video', video: file }] };
		expect(fill([header], { header_media: given })).toMatchObject({ value: { params: [sent] } });
		expect(fill([{ type: 'CAROUSEL', cards: [{ components: [header] }] }], { card_0_header_media: given })).toMatchObject({ value: { params: [{ cards: [{ components: [sent] }] }] } });
		expect(fill([{ type: 'HEADER', format: 'DOCUMENT' }], { header_media: given, header_filename: 'a.pdf' })).toMatchObject({ value: { params: [{ parameters: [{ document: { ...file, filename: 'a.pdf' } }] }] } });
	});

	test.each(['media:123', '12 34', '1.5', '-5', '1'.repeat(31), 1.5, 2 ** 60, '='.repeat(5)])('%s is no media ID', (given) => {
		expect(fill([{ type: 'HEADER', format: 'IMAGE' }], { header_media: given })).toMatchObject({ ok: false, problem: { code: 'invalid-variable', message: expect.stringContaining('Header Image') } });
	});

	test.each(['shop.example/a.jpg', 'https://shop', 'https://shop.example/a b.jpg', 'C:\\a.jpg', 'file:///a.jpg', 'data:image/png;base64,AAAA', 'https://'])('%s is no media link', (link) => {
		expect(fill([{ type: 'HEADER', format: 'IMAGE' }], { header_media: link })).toMatchObject({ ok: false, problem: { code: 'invalid-variable', message: expect.stringContaining('Header Image') } });
	});

	test.each([['91', '0'], ['-90.5', '0'], ['0', '181'], ['4,6', '0'], ['north', '0']])('latitude %s, longitude %s is no place', (header_latitude, header_longitude) => {
		const given = { header_latitude, header_longitude, header_name: 'Shop', header_address: 'Main St 1' };
		expect(fill([{ type: 'HEADER', format: 'LOCATION' }], given)).toMatchObject({ ok: false, problem: { code: 'invalid-variable' } });
	});

	test.each([['x'.repeat(21), false], ['x'.repeat(20), true]])('a coupon code %s', (code, isGood) => {
		expect(fill([{ type: 'BUTTONS', buttons: [{ type: 'COPY_CODE', text: 'Copy' }] }], { button_0: code }).ok).toBe(isGood);
	});

	test.each([['{"a":1}', true], [{ a: 1 }, true], ['{a}', false], ['[]', false], [[], false]])('a flow\'s data %j', (data, isGood) => {
		expect(fill([{ type: 'BUTTONS', buttons: [{ type: 'FLOW', text: 'Go' }] }], { button_0_data: data }).ok).toBe(isGood);
	});

	test('an offer that has ended is not sent', () => {
		expect(fill([{ type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Now', has_expiration: true } }], { limited_time_offer: '2026-11-21T00:00:00Z' })).toMatchObject({ problem: { message: 'Offer Ends At is in the past' } });
	});

	test.each([
		['the ending of a link', 'shoes', 'shoes'],
		['a whole link', 'https://shop.example/p/shoes', 'shoes'],
		['a link with a space', 'red shoes', 'red%20shoes'],
		['the bare link', 'https://shop.example/p/', 'https://shop.example/p/'],
	])('%s becomes what completes the link', (_, given, sent) => {
		expect(fill([{ type: 'BUTTONS', buttons: [{ type: 'URL', text: 'See', url: 'https://shop.example/p/{{1}}' }] }], { button_0: given })).toMatchObject({ value: { params: [{ parameters: [{ text: sent }] }] } });
	});

	test('line breaks, tabs and long runs of spaces are collapsed; other scripts, emoji and invisible joiners stay', () => {
		const filled = fill([BODY], { body_1: ' \u202bعلي\u202c ', body_2: 'a\r\n\tb', body_3: '👩‍👧 \u200dx', body_4: 'a      b    c' });
		expect(filled).toMatchObject({ ok: true, value: { params: [{ parameters: [{ text: '\u202bعلي\u202c' }, { text: 'a b' }, { text: '👩‍👧 \u200dx' }, { text: 'a b    c' }] }] } });
	});
});

test('the text is what the customer reads, part by part', () => {
	const components = [
		{ type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Keep' }, { type: 'URL', text: 'See', url: 'https://a.example/{{1}}' }] },
		{ type: 'HEADER', format: 'LOCATION' },
		{ type: 'BODY', text: 'Hi {{1}},\n{{2}} is back' },
		{ type: 'FOOTER', text: 'Bye' },
		{ type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'A week', has_expiration: true } },
		{ type: 'CAROUSEL', cards: [{ components: [{ type: 'HEADER', format: 'IMAGE' }, { type: 'BODY', text: '{{1}}' }] }] },
	];
	const given = { header_latitude: '4.6', header_longitude: '-74', header_name: 'Shop', header_address: 'Main St 1', limited_time_offer: '2027-01-01', body_1: 'Ana', body_2: '{{1}}', button_1: '7', card_0_header_media: 'https://a.example/b.png', card_0_body_1: 'Shoes' };
	expect(fill(components, given)).toMatchObject({ value: { text: 'Shop, Main St 1\n\nA week\n\nHi Ana,\n{{1}} is back\n\nBye\n\n[Keep] [See]\n\nShoes' } });
	expect(renderTemplate(template(components))).toBe('A week\n\nHi {{1}},\n{{2}} is back\n\nBye\n\n[Keep] [See]\n\n{{1}}');
	expect(renderTemplate(template([{ type: 'HEADER', format: 'HOLOGRAM' }, BODY]))).toBe(BODY.text);
});

test('a product header is sent in Meta\'s form, and shows no text', () => {
	const header = { type: 'HEADER', format: 'PRODUCT' };
	const components = [{ type: 'BODY', text: 'Back for {{1}}' }, { type: 'CAROUSEL', cards: [{ components: [header] }, { components: [header] }] }];
	const given = { body_1: 'Ana', card_0_header_product: 'SKU-1', card_0_header_catalog: 194836987003835, card_1_header_product: 'SKU-2', card_1_header_catalog: '194836987003835' };
	const sent = (product_retailer_id: string) => [{ type: 'header', parameters: [{ type: 'product', product: { product_retailer_id, catalog_id: '194836987003835' } }] }];
	expect(fill(components, given)).toMatchObject({
		value: { text: 'Back for Ana', params: [{ type: 'body' }, { type: 'carousel', cards: [{ card_index: 0, components: sent('SKU-1') }, { card_index: 1, components: sent('SKU-2') }] }] },
	});
	expect(fill(components, { ...given, card_1_header_product: '' })).toMatchObject({ problem: { code: 'empty-variable', message: 'Card 2 Header Product is empty' } });
	expect(fill([header], { header_product: 'SKU-1', header_catalog: '7' })).toMatchObject({ value: { params: [{ parameters: [{ product: { product_retailer_id: 'SKU-1', catalog_id: '7' } }] }] } });
});

test('the stock arrival text is the same text', () => {
	expect(stockArrivalText(template([BODY]), ['Ana', '1', 'Shoes', 'Soon'])).toMatchObject({ ok: true, value: { text: 'Hello, Ana! For order #1, item "Shoes" is now in stock. Soon.' } });
	expect(stockArrivalText(template([BODY]), ['Ana', '1', 'x'.repeat(5000), 'Soon']).ok).toBe(true);
	expect(stockArrivalText(template([BODY, { type: 'FOOTER', text: 'Bye' }]), ['Ana', '1', 'x'.repeat(1000), 'Soon'])).toMatchObject({ problem: { code: 'text-too-long', description: expect.stringContaining('Product Name') } });
});

test.each([
	['four variables', BODY.text, []],
	['three', '{{1}} {{2}} {{3}}', ['its text has 3 variables, not four']],
	['others', '{{1}} {{2}} {{3}} {{5}}', ['its variables are {{1}}, {{2}}, {{3}}, {{5}}, not {{1}} to {{4}}']],
])('a stock arrival template with %s', (_, text, differences) => expect(misfits(template([{ type: 'BODY', text }]))).toEqual(differences));

test('a long sentence is cut around its variable', () => {
	const sentence = sentenceOf(`${'before '.repeat(40)}{{1}}${' after'.repeat(40)}.`, '1');
	expect(sentence.length).toBeLessThan(130);
	expect(sentence).toMatch(/^…before .*\{\{1\}\}.* after…$/);
});

test.each([
	['2026-12-24T18:00:00Z', '2026-12-24T18:00:00.000Z'],
	['2026-12-24T18:00:00+02:00', '2026-12-24T16:00:00.000Z'],
	['2026-12-24T18:00:00', '2026-12-24T17:00:00.000Z'],
	['2026-07-24 18:00', '2026-07-24T16:00:00.000Z'],
	['2026-03-29T03:30:00', '2026-03-29T01:30:00.000Z'],
	['2026-12-24', '2026-12-23T23:00:00.000Z'],
	[1798128000, '2026-12-24T16:00:00.000Z'],
	['1798128000000', '2026-12-24T16:00:00.000Z'],
	[new Date('2026-12-24T18:00:00Z'), '2026-12-24T18:00:00.000Z'],
	['soon', null],
	['', null],
	[{}, null],
	[[1798128000], null],
])('the time %j in Madrid', (given, expected) => {
	const time = readMoment(given, 'Europe/Madrid');
	expect(time === null ? null : new Date(time).toISOString()).toBe(expected);
});

test('two thousand templates in one answer are all read and described', () => {
	const rows = Array.from({ length: 2000 }, (_, index) => ({ name: `t_${index}`, language: 'en', status: 'approved', components: JSON.stringify([{ type: 'HEADER', format: 'IMAGE' }, BODY, { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'See', url: 'https://a.example/{{1}}' }] }]) }));
	const { templates } = readTemplatePage(JSON.stringify({ total: rows.length, templates: rows }));
	expect(templates.map((one) => templateFields(one).ok)).toEqual(rows.map(() => true));
});
