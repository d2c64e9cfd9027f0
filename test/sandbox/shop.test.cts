import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { type Sandbox, startSandbox } from '../support/sandbox.cts';
import { bodyOf, stockArrival } from '../support/stock-arrival.cts';

interface Post {
	path: string;
	headers: IncomingHttpHeaders;
	body: unknown;
}

let sandbox: Sandbox;
let n8n: Server;
let url = '';
let posts: Post[] = [];
let status = 200;

beforeAll(async () => {
	sandbox = await startSandbox();
	n8n = createServer((post, answer) => {
		const chunks: Buffer[] = [];
		post.on('data', (chunk: Buffer) => chunks.push(chunk));
		post.on('end', () => {
			posts.push({ path: post.url ?? '', headers: post.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
			answer.writeHead(status, status === 302 ? { location: `${url}/elsewhere` } : {}).end(`{"status":${status}}`);
		});
	});
	await new Promise<void>((resolve) => n8n.listen(0, '127.0.0.1', resolve));
	url = `http://127.0.0.1:${(n8n.address() as AddressInfo).port}`;
});
afterAll(async () => {
	await sandbox.stop();
	n8n.closeAllConnections();
	await new Promise((resolve) => n8n.close(resolve));
});
beforeEach(async () => {
	posts = [];
	status = 200;
	await sandbox.control('POST', '/clear', { all: true });
});

const PHONE = '12025550150';
const settings = (changes: object) => sandbox.control('POST', '/settings', changes);
const sendIt = async (phone = PHONE, changes = {}) => String((await sandbox.call('POST', '/sendTemplate', stockArrival(phone, changes))).body.id);
const order = (id: string, confirm = '') => sandbox.control(confirm ? 'POST' : 'GET', `/orders/${encodeURIComponent(id)}${confirm}`, confirm ? {} : undefined);
const shown = async (phone = PHONE) => (await sandbox.control('GET', `/chats/${phone}`)).body.messages[0];

describe('the order page', () => {
	it("is behind a button that links to the shop, and knows the message's order", async () => {
		const id = await sendIt();
		const { buttons, order: known } = await shown();
		expect(buttons).toMatchObject([{ url: 'https://shop.example/confirm', opens: `/shop/orders/10482?message=${encodeURIComponent(id)}` }]);
		expect(known).toEqual({ reference: '10482', isConfirmed: false });
		const page = await request(sandbox.baseUrl + buttons[0].opens);
		expect(page.statusCode).toBe(200);
		expect(page.headers['content-security-policy']).toContain("default-src 'none'");
		const html = await page.body.text();
		expect(html).not.toMatch(/https?:\/\/|<script>|style=/);
		expect((await order(id)).body).toEqual({ shopName: 'Your shop', customerName: 'Anna', reference: '10482', item: 'Trail shoes', nextStep: 'It ships tomorrow', isConfirmed: false });
	});

	it('is not behind other links, nor for messages without an order', async () => {
		await sendIt();
		for (const shopUrl of ['https://shop.example.com', 'https://shop.exam', 'http://shop.example']) {
			await settings({ shopUrl });
			expect((await shown()).buttons[0].opens).toBeUndefined();
		}
		await settings({ shopUrl: 'https://shop.example' });
		await sendIt('12025550151', { template: 'stock_image_header', language: { code: 'en_US' }, params: [{ type: 'header', parameters: [{ type: 'image', image: { link: 'https://shop.example/1.png' } }] }, bodyOf('Shoes', 'Anna'), { type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: 'shoes' }] }] });
		expect(await shown('12025550151')).toMatchObject({ order: null, buttons: [{ url: 'https://shop.example/p/shoes' }] });
		expect((await shown('12025550151')).buttons[0].opens).toBeUndefined();
		await sendIt('12025550152', { params: [bodyOf('Anna', '..', 'Shoes', 'Soon')] });
		expect((await shown('12025550152')).buttons[0].opens).toBeUndefined();
		const { id } = (await sandbox.control('POST', '/inbound', { phone: PHONE, text: 'Hi' })).body;
		for (const other of [id, 'nothing']) expect((await order(other)).status).toBe(404);
	});

	it('keeps what a sender wrote in one part of the address', async () => {
		await sendIt(PHONE, { params: [bodyOf('<b>', '../a?message=x#"<', 'javascript:alert(1)', '</script>')] });
		const { opens } = (await shown()).buttons[0];
		expect(new URL(opens, sandbox.baseUrl).pathname).toBe('/shop/orders/..%2Fa%3Fmessage%3Dx%23%22%3C');
	});
});

describe('a confirmation', () => {
	it('tells n8n once, with the header, whoever presses again', async () => {
		await settings({ confirmUrl: `${url}/webhook/order-confirmed`, confirmHeader: { name: 'X-Shop-Key', value: 'key' } });
		const [id, again] = [await sendIt(), await sendIt()];
		const answers = await Promise.all([order(id, '/confirm'), order(id, '/confirm'), order(again, '/confirm')]);
		for (const { body } of answers) expect(body).toMatchObject({ orderReference: '10482', outcome: 'confirmed', status: 200, answer: '{"status":200}' });
		expect(posts).toMatchObject([{ path: '/webhook/order-confirmed', headers: { 'content-type': 'application/json', 'x-shop-key': 'key' }, body: { orderReference: '10482' } }]);
		expect((await shown()).order.isConfirmed).toBe(true);
		expect((await order(again)).body.isConfirmed).toBe(true);
	});

	it('of the same number by another customer is another one, and so is one after a clear', async () => {
		await settings({ confirmUrl: url });
		await order(await sendIt(), '/confirm');
		await order(await sendIt('12025550151'), '/confirm');
		expect(posts).toHaveLength(2);
		await sandbox.control('POST', '/clear', {});
		await order(await sendIt(), '/confirm');
		expect(posts).toHaveLength(3);
	});

	it('says when nobody was told, or n8n refused, and can be tried again', async () => {
		const id = await sendIt();
		expect((await order(id, '/confirm')).body).toEqual({ orderReference: '10482', outcome: 'nobody' });
		await settings({ confirmUrl: url });
		for (status of [404, 403, 500, 302]) expect((await order(id, '/confirm')).body).toMatchObject({ outcome: 'refused', status });
		expect((await order(id)).body.isConfirmed).toBe(false);
		expect(posts.map(({ path }) => path)).toEqual(['/', '/', '/', '/']);
		status = 202;
		expect((await order(id, '/confirm')).body).toMatchObject({ outcome: 'confirmed', status: 202 });
		await sendIt('12025550151');
		await settings({ confirmUrl: 'http://127.0.0.1:9' });
		expect((await order((await shown('12025550151')).id, '/confirm')).body).toMatchObject({ outcome: 'refused', status: null, error: expect.stringMatching(/.+/) });
	});
});

describe('an arrival', () => {
	it('posts the events in turn', async () => {
		expect(await sandbox.control('POST', '/arrive', {})).toMatchObject({ status: 400, body: { error: expect.stringContaining('arrivalUrl') } });
		await settings({ arrivalUrl: `${url}/webhook/stock-arrival`, arrivalHeader: { name: 'X-Warehouse-Key', value: 'w' } });
		expect((await sandbox.control('POST', '/arrive', {})).body).toMatchObject({ event: {}, status: 200, answer: '{"status":200}' });
		await settings({ arrivalEvents: [{ sku: 'A' }, { sku: 'B' }] });
		for (let press = 0; press < 3; press++) await sandbox.control('POST', '/arrive', {});
		await settings({ arrivalEvents: [{ sku: 'C' }, { sku: 'D' }] });
		await sandbox.control('POST', '/arrive', {});
		expect(posts.map(({ body }) => body)).toEqual([{}, { sku: 'A' }, { sku: 'B' }, { sku: 'A' }, { sku: 'C' }]);
		expect(posts[0]).toMatchObject({ path: '/webhook/stock-arrival', headers: { 'x-warehouse-key': 'w' } });
	});
});

it('nobody but this machine is told, and only by the settings', async () => {
	for (const bad of ['https://n8n.example/webhook/x', 'http://192.168.1.7/x', 'http://127.0.0.1.evil.example/', 'ftp://localhost/', 'javascript://localhost/%0aalert(1)', 'x', '']) {
		for (const name of ['confirmUrl', 'arrivalUrl']) expect((await settings({ [name]: bad })).status).toBe(400);
	}
	for (const header of [{ name: 'a b', value: 'c' }, { name: 'a', value: 'c\r\nd: e' }, { name: 'a' }]) expect((await settings({ confirmHeader: header })).status).toBe(400);
	expect((await settings({ shopUrl: 'javascript:alert(1)' })).status).toBe(400);
	const id = await sendIt();
	const answer = await sandbox.control('POST', `/orders/${encodeURIComponent(id)}/confirm?confirmUrl=${encodeURIComponent(url)}`, { confirmUrl: url });
	expect(answer.body).toEqual({ orderReference: '10482', outcome: 'nobody' });
	expect(posts).toEqual([]);
});
