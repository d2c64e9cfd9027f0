import { useChannel } from '../support/channel.cjs';
import { openEditor } from '../support/load-options.cjs';

const channel = useChannel();
const locator = (value: string, mode = 'list') => ({ resource: 'message', operation: 'sendTemplate', template: { __rl: true, mode, value } });
const fieldsOf = async (value: string, mode?: string) => await (await openEditor(locator(value, mode), channel.credential)).fields('getTemplateVariables');

describe('the list of templates', () => {
	test('has approved ones only: name, language and category in each row, and the body', async () => {
		const { results } = await (await openEditor({}, channel.credential)).list('searchTemplates');
		expect(results).toContainEqual({ name: 'stock_coupon · en · MARKETING · Your discount on {{1}} is ready.', value: 'stock_coupon|en', description: 'Your discount on {{1}} is ready.' });
		expect(results.map(({ value }) => value)).toEqual(expect.arrayContaining(['stock_arrival|en', 'stock_arrival|es', 'stock_arrival|pt_BR', 'stock_arrival_upper_case|en', 'stock_arrival_text_components|en']));
		expect(results.filter(({ name }) => /pending|paused|disabled|rejected/.test(name))).toEqual([]);
	});

	test('for the stock arrival begins with those that fit', async () => {
		const { results } = await (await openEditor({}, channel.credential)).list('searchStockArrivalTemplates');
		const fits = results.map(({ value }) => String(value).startsWith('stock_arrival'));
		expect(fits.indexOf(false)).toBe(fits.filter(Boolean).length);
	});

	test('is searched by name, language and category', async () => {
		const editor = await openEditor({}, channel.credential);
		expect((await editor.list('searchTemplates', 'arrival PT_br')).results.map(({ value }) => value)).toEqual(['stock_arrival|pt_BR']);
		expect((await editor.list('searchTemplates', 'marketing coup')).results).toHaveLength(1);
		expect((await editor.list('searchTemplates', 'no such thing')).results).toEqual([]);
	});

	test.each([
		['pages', { ignoreOffset: false }],
		['an ignored offset', { ignoreOffset: true }],
		['a bare array', { templateListShape: 'array' }],
		['components as text', { stringComponents: true }],
		['upper case', { statusCase: 'upper' }],
		['another place for the namespace', { namespaceField: 'message_template_namespace' }],
	])('is complete in spite of %s', async (_, settings) => {
		await channel.settings(settings);
		await channel.sandbox.control('POST', '/templates', { generate: 250 });
		const { results } = await (await openEditor({}, channel.credential)).list('searchTemplates', 'generated');
		expect(results).toHaveLength(250);
		expect(results[0]!.description).toContain('{{4}}');
	});
});

describe('the variables of a template', () => {
	test('are labelled from it, with its text beside each', async () => {
		expect(await fieldsOf('stock_image_header|en_US')).toStrictEqual({
			emptyFieldsNotice: expect.any(String),
			fields: [
				expect.objectContaining({ id: 'template_text', readOnly: true, required: false, defaultValue: '{{1}} is back in stock, {{2}}. / [See it]' }),
				...[
					['header_media', 'Header Image: Public link to a JPEG or PNG of at most 5 MB, or a media ID'],
					['body_1', '{{1}} is back in stock, {{2}}.'],
					['body_2', 'stock, {{2}}.'],
					['button_0', 'Button "See it" Link Ending: Completes https://shop.example/p/{{1}}'],
				].map(([id, displayName]) => ({ id, displayName, type: 'string', required: true, removed: false, display: true, defaultMatch: false, canBeUsedToMatch: false })),
			],
		});
	});

	test('keep their names, with rarely needed ones hidden at first', async () => {
		const named = await fieldsOf('stock_named_variables|en');
		expect(named.fields.map(({ id }) => id)).toEqual(['template_text', 'header_customer', 'body_customer', 'body_product', 'body_order']);
		expect(named.fields[1]!.displayName).toMatch(/^Header: /);
		const replies = await fieldsOf('stock_quick_replies|ru');
		expect(replies.fields.slice(1).map(({ id, required, removed }) => [id, required, removed])).toEqual([['body_1', true, false], ['body_2', true, false], ['button_0', false, true], ['button_1', false, true]]);
		expect((await fieldsOf('stock_limited_offer|en')).fields.find(({ id }) => id === 'limited_time_offer')).toMatchObject({ type: 'dateTime' });
	});

	test('are the code alone for a one-time password whose text the list leaves out', async () => {
		const components = [{ type: 'BODY', add_security_recommendation: true }, { type: 'FOOTER', code_expiration_minutes: 10 }, { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', text: 'Copy code' }] }];
		await channel.sandbox.control('POST', '/templates', { name: 'hidden_code', language: 'en', category: 'AUTHENTICATION', components });
		const editor = await openEditor(locator('hidden_code|en'), channel.credential);
		expect((await editor.list('searchTemplates', 'hidden')).results).toMatchObject([{ value: 'hidden_code|en' }]);
		const { fields } = await editor.fields('getTemplateVariables');
		expect(fields.map(({ id, displayName, required, removed }) => [id, displayName, required, removed])).toEqual([
			['template_text', 'Template Text', false, undefined],
			['body_1', 'Text {{1}}: The one-time password; WhatsApp writes the text around it', true, false],
			['button_0', 'Button "Copy code" Code: The same code as in the text, which is used if this is empty', false, true],
		]);
	});

	test.each([
		['no template', '', 'list', 'Choose a template'],
		['a template without variables', 'stock_no_variables|en', 'list', 'no variables'],
		['a name that is not there', 'gone', 'name', 'The channel has no template named "gone"'],
		['a name in several languages', 'stock_arrival', 'name', 'several languages'],
		['a paused template', 'stock_arrival_paused', 'name', 'paused'],
	])('%s: a notice says why there are none', async (_, value, mode, words) => {
		expect(await fieldsOf(value, mode)).toEqual({ fields: [], emptyFieldsNotice: expect.stringContaining(words) });
	});

	test('a rejected token is an error in words', async () => {
		const editor = await openEditor(locator('stock_coupon|en'), { ...channel.credential, apiToken: 'not-the-token' });
		await expect(editor.fields('getTemplateVariables')).rejects.toThrow(/token/i);
	});
});
