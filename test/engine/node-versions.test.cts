import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { workflow } from '../support/line.cjs';
import { openEditor } from '../support/load-options.cjs';
import { installOnceStore } from '../support/once-store.cjs';
import { loadPackage } from '../support/package.cjs';
import { arrival, runNode } from '../support/run-node.cjs';

const channel = useChannel();
const store = installOnceStore();
beforeEach(() => store.clear());

/** The node as n8n opens it: what is shown, with the defaults, and no more. */
async function opened(typeVersion: number, parameters: INodeParameters): Promise<INodeParameters> {
	const { nodeTypes } = await loadPackage();
	const node = { id: 'b', name: 'Send', type: 'n8n-nodes-1msg-stock-arrival.oneMsg', typeVersion, position: [0, 0] as [number, number], parameters };
	return new workflow.Workflow({ id: 'w', name: 'Test', active: false, nodeTypes, nodes: [node], connections: {} }).getNode('Send')!.parameters;
}

/** The labels of the panel, top to bottom, then those of Add Option. */
async function panel(typeVersion: number, operation: string, more: INodeParameters = {}): Promise<{ fields: string[]; options: string[] }> {
	const { oneMsg } = await loadPackage();
	const parameters = await opened(typeVersion, { resource: 'message', operation, ...more });
	const shown = (property: INodeProperties, values: INodeParameters) =>
		property.type !== 'hidden' && workflow.NodeHelpers.displayParameter(values, property, { typeVersion }, oneMsg.description, parameters);
	const fields = oneMsg.description.properties.filter((property) => shown(property, parameters));
	const options = fields.find(({ name }) => name === 'options')!.options as INodeProperties[];
	return {
		fields: fields.map(({ displayName }) => displayName).filter((label) => !['Resource', 'Operation', 'Options'].includes(label)),
		options: options.filter((option) => shown(option, parameters.options as INodeParameters)).map(({ displayName }) => displayName),
	};
}

/** Later options join them, in every version. */
const SEND_OPTIONS = [
	'Default Country', 'Dry Run', 'Max Concurrency', 'Messages per Second', 'Opted In', 'Quoted Message ID', 'Retry For', 'Send Again', 'Send Once',
	'Send Once Key', 'Simplify', 'Timeout', 'Wait Timeout', 'Wait Until',
];

describe('version 1, as it was saved', () => {
	test('shows the panel of its time', async () => {
		expect((await panel(1, 'sendStockArrivalTemplate')).fields).toEqual(['Template', 'Recipient', 'Customer Name', 'Order Reference', 'Product Name', 'Next Step']);
		expect((await panel(1, 'sendTemplate')).fields).toEqual(['Template', 'Recipient', 'Variables']);
		expect(await panel(1, 'sendText')).toEqual({ fields: ['Recipient', 'Text'], options: expect.arrayContaining(SEND_OPTIONS) });
		expect(await panel(1, 'getMessageStatus')).toEqual({ fields: ['Message ID'], options: expect.arrayContaining(['Max Concurrency', 'Simplify', 'Timeout', 'Wait Timeout', 'Wait Until']) });
	});

	test('keeps its parameters, and gets none of version 2', async () => {
		const options = { dryRun: true, sendOnce: false, waitUntil: 'none', waitTimeout: 5, sendAgain: false, optedIn: '={{ $json.agreed }}', retryFor: 7 };
		const saved = { resource: 'message', ...arrival({ options }) };
		expect(await opened(1, { ...saved, sendOnce: true, dryRun: true })).toEqual(saved);
	});

	test('gives what it gave', async () => {
		await channel.script({ answers: [{ body: { sent: true, id: 'wamid.x' } }] });
		const { items } = await runNode({ parameters: arrival({ options: { waitUntil: 'none' } }), credential: channel.credential });
		expect(JSON.stringify(items[0]!.json).replace(/"sentAt":"[^"]+"/, '"sentAt":"T"')).toBe(
			'{"outcome":"accepted","messageId":"wamid.x","phone":"79123456789","orderReference":"10482","template":"stock_arrival","language":"en",' +
				'"text":"Hello, Alexey! For order #10482, item \\"Oak shelf\\" is now in stock. We ship it tomorrow.\\n\\n[Confirm shipment]",' +
				'"recipient":"+79123456789","bsuid":null,"username":null,"contactKey":"79123456789","chatId":"79123456789@c.us","sentAt":"T"}',
		);
	});
});

describe('version 2', () => {
	test('has the safe modes as fields, and lists only the other options, with their units', async () => {
		const { fields, options } = await panel(2, 'sendText');
		expect(fields).toEqual(['Recipient', 'Text', 'Send Once', 'Opted In', 'Dry Run', 'Wait Until']);
		expect(options.filter((label) => /\(Seconds\)/.test(label))).toEqual(['Retry For (Seconds)', 'Timeout (Seconds)']);
		expect(options.filter((label) => [...fields, 'Send Again', 'Wait Timeout (Seconds)'].includes(label))).toEqual([]);
		expect((await panel(2, 'sendText', { waitUntil: 'read' })).fields).toContain('Wait Timeout (Seconds)');
		expect((await panel(2, 'sendStockArrivalTemplate')).fields.filter((label) => label.includes('{{'))).toEqual([
			'Customer Name {{1}}', 'Order Reference {{2}}', 'Product Name {{3}}', 'Next Step {{4}}',
		]);
	});

	test.each([
		[{ sendOnce: true }, true],
		[{ sendOnce: '={{ $json.once }}' }, true],
		[{ options: { sendOnce: true } }, true],
		[{ sendOnce: false }, false],
	])('offers Send Again with %j: %j', async (parameters, isOffered) => {
		expect((await panel(2, 'sendText', parameters as INodeParameters)).options.includes('Send Again')).toBe(isOffered);
	});

	test('shows an option that is a field where it is set', async () => {
		const { options } = await panel(2, 'sendText', { options: { dryRun: false, waitUntil: 'none', waitTimeout: 3, optedIn: '', sendOnce: true } });
		expect(options).toEqual(expect.arrayContaining(['Dry Run', 'Opted In', 'Send Once', 'Wait Timeout (Seconds)', 'Wait Until']));
	});

	test.each([[true], [false], [''], [null], [0], [[]], [{}], ['={{ $json.x }}']])('keeps every option that version 1 has, with the value %j', async (value) => {
		const names = ((await loadPackage()).oneMsg.description.properties.find(({ name, displayOptions }) => name === 'options' && displayOptions?.show?.operation?.[0] === 'sendTemplate')!.options as INodeProperties[]).map(({ name }) => name);
		const options = Object.fromEntries(names.map((name) => [name, value as never]));
		const saved = { resource: 'message', operation: 'sendTemplate', options };
		expect((await opened(2, saved)).options).toEqual((await opened(1, saved)).options);
	});

	test('starts with Send Once off, Opted In on, Dry Run off and Wait Until none', async () => {
		expect(await opened(2, { resource: 'message', operation: 'sendText', phone: '1', text: 'Hi' })).toMatchObject({ sendOnce: false, optedIn: true, dryRun: false, waitUntil: 'none', options: {} });
	});

	test('a send that is not awaited gives what version 1 gives', async () => {
		const answered = async (version: number) => {
			await channel.script({ answers: [{ body: { sent: true, id: 'wamid.x' } }] });
			const { items } = await runNode({ parameters: arrival(), version, credential: channel.credential });
			return JSON.stringify({ ...items[0]!.json, sentAt: null });
		};
		expect(await answered(2)).toBe(await answered(1));
	});
});

describe('version 2, Wait Until', () => {
	const wait = async (phone: string, more: object = {}) =>
		await runNode({
			parameters: arrival({ phone, waitUntil: 'delivered', waitTimeout: 5, options: { timeout: 1, retryFor: 0 }, ...more }),
			version: 2, credential: channel.credential, onError: 'continueErrorOutput',
		});

	test('a failed delivery says so first', async () => {
		const { items } = await wait('+12025550101');
		expect(Object.keys(items[0]!.json).slice(0, 4)).toEqual(['status', 'failure', 'outcome', 'messageId']);
		expect(items[0]!.json).toMatchObject({ status: 'failed', failure: { code: '131026' }, outcome: 'accepted', timedOut: false });
	});

	test.each([['queued', '+12025550105'], ['unknown', '+12025550107']])('%s has a status and timedOut too', async (outcome, phone) => {
		const { items } = await wait(phone);
		expect(items[0]!.json).toMatchObject({ outcome, messageId: null, phone: phone.slice(1), status: 'noReport', rank: 0, isFinal: false, failure: null, timedOut: true });
		expect(Object.keys(items[0]!.json)[0]).toBe('outcome');
	});

	test('a rehearsal has none', async () => {
		expect((await wait('+12025550105', { dryRun: true })).items[0]!.json).not.toHaveProperty('status');
	});
});

describe('in the editor of version 2', () => {
	const listed = async (version: number, more: INodeParameters = {}) => {
		const editor = await openEditor(arrival({ template: { __rl: true, mode: 'list', value: '' }, ...more }), channel.credential, version);
		return (await editor.list('searchStockArrivalTemplates')).results.map(({ name }) => name);
	};

	test('only templates that fit are listed, the others on request, until one is chosen', async () => {
		const [fitting, all] = [await listed(2), await listed(2, { listUnfitTemplates: true })];
		expect(fitting.length).toBeGreaterThan(0);
		expect(fitting.filter((name) => !name.startsWith('stock_arrival'))).toEqual([]);
		expect(all).toEqual(await listed(1));
		expect(await listed(2, { listUnfitTemplates: true, template: { __rl: true, mode: 'list', value: 'stock_arrival|en' } })).toEqual(fitting);
		expect(all.slice(fitting.length).every((name) => name.includes('does not fit'))).toBe(true);
	});

	const textOf = async (more: INodeParameters) => await (await openEditor(arrival(more), channel.credential, 2)).fields('getTemplateText');

	test('the whole text of the chosen template is shown, and asks for nothing', async () => {
		expect(await textOf({})).toEqual({
			fields: [],
			emptyFieldsNotice: 'Hello, {{1}}! For order #{{2}}, item "{{3}}" is now in stock. {{4}}.<br><br>[Confirm shipment]',
		});
	});

	test('its text is no HTML', async () => {
		await channel.sandbox.control('POST', '/templates', { name: 'marked_up', language: 'en', components: [{ type: 'BODY', text: '<b onclick="x">Hi</b> & {{1}} bye', example: { body_text: [['A']] } }] });
		expect((await textOf({ template: { __rl: true, mode: 'list', value: 'marked_up|en' } })).emptyFieldsNotice).toBe('&lt;b onclick="x"&gt;Hi&lt;/b&gt; &amp; {{1}} bye');
	});

	test.each([
		['none is chosen', { __rl: true, mode: 'list', value: '' }, /Choose a template/],
		['there is none of that name', { __rl: true, mode: 'name', value: 'nothing_like_it' }, /nothing_like_it/],
	])('where %s, it says so', async (_, template, notice) => {
		expect((await textOf({ template })).emptyFieldsNotice).toMatch(notice);
	});

	test('Send Template shows the text once', async () => {
		const fields = async (version: number) => (await (await openEditor({ operation: 'sendTemplate', template: { __rl: true, mode: 'list', value: 'stock_coupon|en' } }, channel.credential, version)).fields('getTemplateVariables')).fields.map(({ id }) => id);
		expect(await fields(2)).toEqual(['body_1', 'button_0']);
		expect(await fields(1)).toEqual(['template_text', 'body_1', 'button_0']);
	});
});
