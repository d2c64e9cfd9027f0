import { type Sandbox, startSandbox } from '../support/sandbox.cts';
import { bodyOf, NAMESPACE, stockArrival } from '../support/stock-arrival.cts';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.control('POST', '/clear', { all: true }));

interface Row {
	name: string;
	language: unknown;
	status: string;
	components: unknown;
	[key: string]: unknown;
}

const get = (query = '') => sandbox.call('GET', `/templates${query}`);
const rows = async (query = '') => (await get(query)).body.templates as Row[];
const set = (settings: object) => sandbox.control('POST', '/settings', settings);

describe('the list', () => {
	it('has the stock arrival in three languages, exactly as sent', async () => {
		const { total, templates } = (await get()).body;
		expect(total).toBe(templates.length);
		const arrivals = templates.filter(({ name }: Row) => name === 'stock_arrival');
		expect(arrivals.map(({ language }: Row) => language)).toEqual(['en', 'es', 'pt_BR']);
		expect(arrivals[0]).toMatchObject({
			status: 'approved',
			category: 'UTILITY',
			namespace: NAMESPACE,
			components: [
				{ type: 'BODY', text: 'Hello, {{1}}! For order #{{2}}, item "{{3}}" is now in stock. {{4}}.' },
				{ type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Confirm shipment', url: 'https://shop.example/confirm' }] },
			],
		});
	});

	it('has every quirk of a real one', async () => {
		const list = await rows();
		expect(new Set(list.map(({ status }) => status))).toEqual(new Set(['approved', 'APPROVED', 'PENDING', 'paused', 'disabled', 'rejected']));
		expect(list.filter(({ components }) => typeof components === 'string')).toHaveLength(1);
		expect(list.filter(({ namespace }) => namespace === undefined)).toHaveLength(1);
		expect(list.filter(({ language }) => typeof language === 'object')).toHaveLength(1);
	});

	it('ignores limit and offset, or applies them', async () => {
		const all = await rows('?limit=2&offset=2');
		await set({ ignoreOffset: false });
		expect(await rows('?limit=2&offset=2')).toEqual(all.slice(2, 4));
	});

	it('is sorted by id, name or status', async () => {
		const names = (await rows('?sort=name')).map(({ name }) => name);
		expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b)));
		expect((await rows('?sort=id')).map(({ id }) => Number(id))).toEqual((await rows()).map(({ id }) => Number(id)));
	});

	it('is an array or an error when the settings say so', async () => {
		await set({ templateListShape: 'array' });
		expect(Array.isArray((await get()).body)).toBe(true);
		await set({ templateListShape: 'error' });
		expect(await get()).toMatchObject({ status: 200, body: { error: { code: 190 } } });
	});

	it('changes its fields when the settings say so', async () => {
		await set({ stringComponents: true, statusCase: 'upper', namespaceField: 'message_template_namespace' });
		const [first] = await rows();
		expect(first).toMatchObject({ status: 'APPROVED', message_template_namespace: NAMESPACE, components: expect.any(String) });
		expect(first).not.toHaveProperty('namespace');
		await set({ statusCase: 'lower', namespaceField: 'none' });
		const list = await rows();
		expect(list.every((row) => row.status === row.status.toLowerCase())).toBe(true);
		expect(list.some((row) => 'namespace' in row || 'message_template_namespace' in row)).toBe(false);
	});
});

describe('POST /addTemplate', () => {
	const good = {
		name: 'arrived_today',
		language: 'en',
		category: 'UTILITY',
		components: [{ type: 'BODY', text: 'Hello {{1}}, it is here.', example: { body_text: [['Anna']] } }],
	};

	it('adds a pending template that can be sent once it is approved', async () => {
		expect((await sandbox.call('POST', '/addTemplate', good)).body).toEqual({ response: { id: expect.any(String), status: 'PENDING', category: 'UTILITY' } });
		const send = () => sandbox.call('POST', '/sendTemplate', stockArrival('12025550100', { template: 'arrived_today', params: [bodyOf('Anna')] }));
		expect((await send()).body.error.code).toBe(132001);
		await sandbox.control('POST', '/templates', { name: 'arrived_today', language: 'en', status: 'approved' });
		expect((await send()).body.sent).toBe(true);
	});

	it.each([
		['a name in capitals', { name: 'Arrived' }],
		['no language', { language: '' }],
		['an unknown category', { category: 'NEWS' }],
		['no body', { components: [] }],
		['a variable at the end', { components: [{ type: 'BODY', text: 'Hello {{1}}', example: {} }] }],
		['variables without an example', { components: [{ type: 'BODY', text: 'Hello {{1}}.' }] }],
		['the name and language of another', { name: 'stock_arrival' }],
	])('refuses %s', async (_, changes) => {
		expect(await sandbox.call('POST', '/addTemplate', { ...good, ...changes })).toMatchObject({ status: 400, body: { error: expect.any(String) } });
	});
});

it('POST /removeTemplate removes every language of a name', async () => {
	expect((await sandbox.call('POST', '/removeTemplate', { name: 'stock_arrival' })).body).toEqual({ result: 'success' });
	expect((await rows()).some(({ name }) => name === 'stock_arrival')).toBe(false);
	expect((await sandbox.call('POST', '/removeTemplate', { name: 'stock_arrival' })).status).toBe(400);
});

describe('the control API', () => {
	it('replaces, adds, generates and removes templates', async () => {
		const row = { name: 'mine', language: 'en', components: [{ type: 'BODY', text: 'Hi.' }] };
		expect((await sandbox.control('PUT', '/templates', [])).body.total).toBe(0);
		expect((await sandbox.control('POST', '/templates', row)).body).toMatchObject({ status: 'approved', namespace: NAMESPACE });
		expect((await sandbox.control('POST', '/templates', { generate: 250 })).body.total).toBe(251);
		expect((await rows()).at(-1)?.name).toBe('generated_0250');
		expect((await sandbox.control('DELETE', '/templates?name=mine')).body).toEqual({ removed: 1 });
		expect((await sandbox.control('GET', '/templates')).body.total).toBe(250);
	});

	it('pauses a template', async () => {
		expect((await sandbox.control('POST', '/templates', { name: 'stock_arrival', status: 'paused' })).body).toEqual({ changed: 3 });
		expect((await sandbox.call('POST', '/sendTemplate', stockArrival('12025550100'))).body.error.code).toBe(132015);
	});
});
