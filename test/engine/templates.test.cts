import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { workflow } from '../support/line.cjs';
import { loadPackage } from '../support/package.cjs';
import { runNode } from '../support/run-node.cjs';

const channel = useChannel();

async function run(parameters: INodeParameters, items?: IDataObject[]) {
	const result = await runNode({ parameters: { resource: 'template', ...parameters }, credential: channel.credential, items, onError: 'continueErrorOutput' });
	return { ...result, refused: result.errors[0]?.json.error as IDataObject | undefined };
}

const draft = (more: INodeParameters = {}): INodeParameters => ({ operation: 'createStockArrivalTemplate', templateName: 'arrival_new', buttonUrl: 'https://shop.example/confirm', ...more });

describe('Get Many', () => {
	test('returns all templates in short, of every status', async () => {
		const { items } = await run({ operation: 'getMany', returnAll: true });
		const find = (name: string) => items.find(({ json }) => json.name === name)!.json;
		expect(find('stock_image_header')).toStrictEqual({
			name: 'stock_image_header',
			language: 'en_US',
			category: 'UTILITY',
			status: 'APPROVED',
			text: '{{1}} is back in stock, {{2}}.\n\n[See it]',
			variables: ['header_media', 'body_1', 'body_2', 'button_0'],
			quality: null,
			rejectedReason: null,
			fits: false,
			inReview: false,
			advice: expect.stringMatching(/its text has 2 variables, not four; its header wants an image.*Use Send Template/),
		});
		expect(find('stock_arrival')).toMatchObject({ fits: true, inReview: false, advice: expect.stringContaining('It is approved') });
		expect(find('stock_arrival_pending')).toMatchObject({ fits: true, inReview: true, advice: expect.stringContaining('reviewing') });
		expect(find('stock_arrival_rejected')).toMatchObject({ status: 'REJECTED', rejectedReason: 'INVALID_FORMAT', inReview: false, advice: expect.stringContaining('another name') });
		expect(items.length).toBeGreaterThan(20);
	});

	test('up to the limit, for each item, with the service\'s own row where wished', async () => {
		const { items } = await run({ operation: 'getMany', limit: 2, options: { simplify: false } }, [{}, {}]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 0 }, { item: 1 }, { item: 1 }]);
		expect(items[0]!.json.response).toMatchObject({ name: items[0]!.json.name, components: expect.anything() });
		expect(await channel.calls('templates')).toHaveLength(1);
	});

	test('an error object in a 200 is not an empty list', async () => {
		await channel.settings({ templateListShape: 'error' });
		expect((await run({ operation: 'getMany' })).refused).toMatchObject({ code: 'templates-unavailable' });
	});
});

describe('Create Stock Arrival Template', () => {
	test('submits the mission\'s template and shows it in Get Many as pending', async () => {
		const { items } = await run(draft());
		expect(items[0]!.json).toStrictEqual({
			outcome: 'submitted',
			name: 'arrival_new',
			language: 'en',
			category: 'UTILITY',
			status: 'PENDING',
			text: 'Hello, {{1}}! For order #{{2}}, item "{{3}}" is now in stock. {{4}}.\n\n[Confirm shipment]',
			fits: true,
			inReview: true,
			rejectedReason: null,
			advice: expect.stringContaining('reviewing'),
		});
		const [call] = await channel.calls('addTemplate');
		expect(JSON.parse(String(call!.body))).toStrictEqual({
			name: 'arrival_new',
			language: 'en',
			category: 'UTILITY',
			components: [
				{ type: 'BODY', text: 'Hello, {{1}}! For order #{{2}}, item "{{3}}" is now in stock. {{4}}.', example: { body_text: [['Anna', '10482', 'Oak shelf, 80 cm', 'We ship it tomorrow']] } },
				{ type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Confirm shipment', url: 'https://shop.example/confirm' }] },
			],
		});
		const { items: listed } = await run({ operation: 'getMany', returnAll: true });
		expect(listed.find(({ json }) => json.name === 'arrival_new')!.json).toMatchObject({ status: 'PENDING', variables: ['body_1', 'body_2', 'body_3', 'body_4'] });
	});

	test.each(['en', 'es', 'pt_BR', 'de', 'fr', 'it', 'ru', 'tr', 'ar', 'id'])('the ready wording in %s is taken and, once approved, sends the four values', async (languageCode) => {
		const { items, refused } = await run(draft({ languageCode }));
		expect(refused).toBeUndefined();
		expect(items[0]!.json).toMatchObject({ outcome: 'submitted', language: languageCode });
		await channel.sandbox.control('POST', '/templates', { name: 'arrival_new', language: languageCode, status: 'approved' });
		const sent = await runNode({
			parameters: {
				operation: 'sendStockArrivalTemplate',
				template: { __rl: true, mode: 'list', value: `arrival_new|${languageCode}` },
				phone: '+12025550100', customerName: 'CUSTOMER', orderReference: 'ORDER', productName: 'PRODUCT', nextStep: 'NEXT',
			},
			credential: channel.credential,
		});
		expect(sent.error).toBeUndefined();
		expect(sent.items[0]!.json.text).toMatch(/^(?!CUSTOMER).*CUSTOMER.*ORDER.*PRODUCT.*NEXT\.\n\n\[.+\]$/);
	});

	test('an existing template is reported as it is, and not submitted again', async () => {
		const existing = await run(draft({ templateName: 'stock_arrival_paused' }));
		expect(existing.items[0]!.json).toMatchObject({ outcome: 'exists', name: 'stock_arrival_paused', status: 'PAUSED', fits: true, advice: expect.stringContaining('pause ends') });
		const other = await run(draft({ templateName: 'stock_coupon', options: { simplify: false } }));
		expect(other.items[0]!.json).toMatchObject({ outcome: 'exists', category: 'MARKETING', fits: false, response: { name: 'stock_coupon' } });
		expect(await channel.calls('addTemplate')).toEqual([]);
	});

	test('a category that WhatsApp assigned at once is not called Utility', async () => {
		await channel.script({ path: 'addTemplate', answers: [{ status: 200, body: { response: { id: '1', status: 'APPROVED', category: 'MARKETING' } } }] });
		expect((await run(draft())).items[0]!.json).toMatchObject({ outcome: 'submitted', status: 'APPROVED', category: 'MARKETING', advice: expect.stringContaining('as Marketing') });
	});

	test('two items with the same name make one template', async () => {
		const { items } = await run(draft(), [{}, {}]);
		expect(items.map(({ json }) => json.outcome)).toEqual(['submitted', 'exists']);
		expect(await channel.calls('addTemplate')).toHaveLength(1);
	});

	test.each([
		['accepted, then the connection is cut', { then: 'cutAfter' }],
		['a 502 after it was taken', { status: 502, accept: true }],
	])('a lost answer is looked up in the list: %s', async (_, answer) => {
		await channel.script({ path: 'addTemplate', answers: [answer] });
		const { items } = await run(draft());
		expect(items[0]!.json).toMatchObject({ outcome: 'submitted', status: 'PENDING' });
		expect(await channel.calls('addTemplate')).toHaveLength(1);
	});

	test('an answer lost before the template was taken may be asked for again', async () => {
		await channel.script({ path: 'addTemplate', answers: [{ then: 'cutBefore' }] });
		expect((await run(draft())).refused).toMatchObject({ code: 'service-unavailable', retryable: true });
	});

	test('what the service says against it is passed on', async () => {
		await channel.script({ path: 'addTemplate', answers: [{ status: 400, body: { error: 'Name is reserved' } }, { status: 200, body: { error: { message: 'Policy' } } }, { status: 401, body: { error: 'Wrong token' } }] });
		expect((await run(draft())).refused).toMatchObject({ code: 'template-refused', message: expect.stringContaining('Name is reserved'), action: 'fixTemplate', httpCode: 400 });
		expect((await run(draft())).refused).toMatchObject({ code: 'template-refused', message: expect.stringContaining('Policy') });
		expect((await run(draft())).refused).toMatchObject({ code: 'token-rejected' });
	});

	test.each([
		['a name with capitals', { templateName: 'Stock Arrival' }, 'invalid-template-name', 'stock_arrival'],
		['no name', { templateName: '={{ "" }}' }, 'invalid-template-name', ''],
		['a language that is none', { languageCode: '={{ "english" }}' }, 'invalid-language', ''],
		['a variable at the start', { bodyText: '{{1}}, order {{2}}: {{3}} is in. {{4}}.' }, 'invalid-template-text', ''],
		['a variable at the end', { bodyText: 'Hi {{1}}, order {{2}}: {{3}} is in. {{4}}' }, 'invalid-template-text', ''],
		['two variables side by side', { bodyText: 'Hi {{1}} {{2}}: {{3}} is in. {{4}}.' }, 'invalid-template-text', ''],
		['a variable missing', { bodyText: 'Hi {{1}}, order {{2}}: {{3}} is in.' }, 'invalid-template-text', ''],
		['a variable too many', { bodyText: 'Hi {{1}}, {{2}}: {{3}} is in. {{4}}. Or {{5}}.' }, 'invalid-template-text', ''],
		['single braces', { bodyText: 'Hi {1}, {{1}}, {{2}}: {{3}} is in. {{4}}.' }, 'invalid-template-text', ''],
		['a text too long', { bodyText: `Hi {{1}}, {{2}}: {{3}} is in. {{4}}.${'x'.repeat(1024)}` }, 'invalid-template-text', ''],
		['no text in a language without a wording', { languageCode: 'nl', bodyText: '={{ "" }}', buttonText: 'Ja' }, 'invalid-template-text', ''],
		['a long button', { buttonText: 'x'.repeat(26) }, 'invalid-button', ''],
		['an emoji in the button', { buttonText: 'Ship 🚚' }, 'invalid-button', ''],
		['a link without https', { buttonUrl: 'http://shop.example' }, 'invalid-button', ''],
		['a link with a variable', { buttonUrl: 'https://shop.example/{{1}}' }, 'invalid-button', ''],
		['a link to WhatsApp', { buttonUrl: 'https://wa.me/12025550100' }, 'invalid-button', ''],
		['a sample with a variable', { sampleValues: { nextStep: '{{4}}' } }, 'invalid-sample', ''],
	])('%s is found before it is submitted', async (_, more, code, words) => {
		const { refused } = await run(draft(more));
		expect(refused).toMatchObject({ code, description: expect.stringContaining(words) });
		expect(await channel.calls('addTemplate')).toEqual([]);
	});

	test('in the editor another language brings its own wording, unless the text was changed', async () => {
		const { description } = (await loadPackage()).oneMsg;
		// Like the editor on a change: keep non-defaults, apply the change, refill the defaults.
		const change = (given: INodeParameters, changed: INodeParameters) => {
			const node = { id: '1', name: 'n', type: 't', typeVersion: 1, position: [0, 0] as [number, number], parameters: given };
			const own = workflow.NodeHelpers.getNodeParameters(description.properties, given, false, false, node, description)!;
			return workflow.NodeHelpers.getNodeParameters(description.properties, { ...own, ...changed }, true, false, node, description)!;
		};
		const english = change({ resource: 'template', operation: 'createStockArrivalTemplate' }, {});
		expect(english).toMatchObject({ languageCode: 'en', bodyText: expect.stringContaining('Hello'), buttonText: 'Confirm shipment' });
		const german = change(english, { languageCode: 'de' });
		expect(german).toMatchObject({ bodyText: expect.stringContaining('Hallo'), buttonText: 'Versand bestätigen' });
		expect(change(german, { languageCode: 'nl' })).toMatchObject({ bodyText: '', buttonText: '' });
		expect(change(change(english, { bodyText: 'Mine' }), { languageCode: 'es' })).toMatchObject({ bodyText: 'Mine', buttonText: 'Confirmar envío' });
	});
});
