import { request } from 'undici';
import { startHookReceiver } from '../support/hook-receiver.cts';
import { type Sandbox, startSandbox } from '../support/sandbox.cts';
import { bodyOf, NAMESPACE, stockArrival } from '../support/stock-arrival.cts';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.control('POST', '/clear', { all: true }));

const PHONE = '12025550150';
const send = (phone = PHONE) => sandbox.call('POST', '/sendTemplate', stockArrival(phone));
const statusOf = (id: string, body: object) => sandbox.control('POST', `/messages/${encodeURIComponent(id)}/status`, body);
const control = async (path: string) => (await sandbox.control('GET', path)).body;

async function get(path: string, headers: Record<string, string> = {}, method: 'GET' | 'POST' = 'GET') {
	const { statusCode, headers: answered, body } = await request(sandbox.baseUrl + path, { method, headers });
	return { status: statusCode, headers: answered, text: await body.text() };
}

describe('the page', () => {
	it('loads completely, with a policy that blocks other sites', async () => {
		const page = await get('/');
		expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' } });
		const policy = String(page.headers['content-security-policy']);
		for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]) expect(policy).toContain(rule);
		expect(page.text).not.toMatch(/https?:\/\/|<script>|style=/);
		const files = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1] ?? '');
		expect(files.length).toBeGreaterThan(2);
		for (const file of files) expect((await get(file)).status).toBe(200);
	});

	it('has no other files', async () => {
		for (const path of ['nothing.js', '../main.mts', '..%2fmain.mts', '%2e%2e/README.md', 'index.mts', '']) {
			expect((await get(`/_sandbox/page/${path}`)).status).toBe(404);
		}
		expect((await get('/', {}, 'POST')).status).toBe(404);
	});

	it('is not counted as a call of the channel', async () => {
		await get('/');
		expect(await control('/counts')).toMatchObject({ requests: 0 });
		expect(await control('/calls')).toEqual({ calls: [] });
	});
});

describe('other sites', () => {
	const call = (headers: Record<string, string>) => get('/_sandbox/clear', { 'content-type': 'text/plain', ...headers }, 'POST');

	it('may call neither the control API nor the channel from their pages', async () => {
		await send();
		for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:1', sandbox.baseUrl.replace('http:', 'https:')]) {
			expect((await call({ origin })).status).toBe(403);
			expect((await get(`/${sandbox.channelId}/status?token=${sandbox.token}`, { origin })).status).toBe(403);
		}
		expect(await control('/counts')).toMatchObject({ messages: 1 });
		expect((await call({ origin: sandbox.baseUrl })).status).toBe(200);
		expect(await control('/counts')).toMatchObject({ messages: 0 });
	});

	it('cannot reach it through DNS rebinding', async () => {
		for (const host of ['evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'localhost.evil.example', 'a b']) {
			for (const path of ['/', '/_sandbox/', '/_sandbox/events', '/_sandbox/page/main.js']) expect((await get(path, { host })).status).toBe(403);
		}
		for (const host of ['localhost', 'LOCALHOST:9', 'sandbox.localhost:8321', '127.0.0.1', '[::1]:8321', '192.168.1.7:8321']) {
			expect((await get('/_sandbox/counts', { host })).status).toBe(200);
		}
		expect((await get(`/${sandbox.channelId}/status?token=${sandbox.token}`, { host: 'sandbox:8321' })).status).toBe(200);
	});
});

it('changes are streamed as they happen, batched', async () => {
	const { body, headers } = await request(`${sandbox.baseUrl}/_sandbox/events`);
	expect(headers['content-type']).toBe('text/event-stream');
	let told = '';
	body.on('data', (chunk: Buffer) => (told += chunk.toString()));
	const changes = () => told.split('event: change').length - 1;
	const until = async (number: number) => {
		const giveUpAt = Date.now() + 5000;
		while (changes() < number) {
			if (Date.now() > giveUpAt) throw new Error(`Told of ${changes()} changes, not ${number}`);
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
	};
	await until(1);
	await sandbox.control('POST', '/settings', { sentAfterMs: 500, deliveredAfterMs: 3_600_000 });
	await until(2);
	await send();
	await until(3);
	// The status follows on its own.
	await until(4);
	await sandbox.control('GET', '/counts');
	expect(changes()).toBe(4);
	body.on('error', () => {});
	body.destroy();
});

describe('chats', () => {
	beforeEach(() => sandbox.control('POST', '/settings', { sentAfterMs: 3_600_000, deliveredAfterMs: 3_600_000 }));

	it('are listed most recent first, with totals by state', async () => {
		const first = (await send('12025550150')).body.id;
		const second = (await send('12025550151')).body.id;
		await statusOf(first, { status: 'delivered' });
		await statusOf(second, { status: 'undelivered', code: 131026 });
		await sandbox.control('POST', '/inbound', { phone: '12025550152', text: 'Back yet?' });
		await send('12025550150');
		const { tally, found, chats } = await control('/chats');
		expect({ tally, found }).toEqual({ tally: { accepted: 1, sent: 0, failed: 1, delivered: 1, read: 0 }, found: 3 });
		expect(chats).toMatchObject([
			{ phone: '12025550150', state: 'accepted', unread: 1 },
			{ phone: '12025550152', state: null, direction: 'in', text: 'Back yet?' },
			{ phone: '12025550151', state: 'failed', unread: 0 },
		]);
		expect((await control('/chats?limit=1')).chats).toHaveLength(1);
	});

	it("name the customer: by the profile, or as the last stock arrival did", async () => {
		await send(PHONE);
		await sandbox.control('POST', '/inbound', { phone: PHONE, text: 'Back yet?' });
		await send('12025550130');
		await sandbox.control('POST', '/inbound', { phone: '12025550152', text: 'Hello' });
		const { chats } = await control('/chats');
		expect(chats.map(({ phone, name }: Record<string, string>) => [phone, name])).toEqual([['12025550152', null], ['12025550130', 'Anna'], [PHONE, 'Anna']]);
		await sandbox.control('POST', '/customers', { phone: PHONE, name: 'Dora' });
		expect((await control(`/chats?search=${PHONE}`)).chats).toMatchObject([{ name: 'Dora' }]);
	});

	it('are counted as each filter would list them', async () => {
		const [first, second, third] = [(await send()).body.id, (await send()).body.id, (await send('12025550151')).body.id];
		await send('12025550152');
		await statusOf(first, { status: 'delivered' });
		await statusOf(second, { status: 'failed', code: 131026 });
		await statusOf(third, { status: 'failed', code: 131026 });
		await statusOf((await send('12025550152')).body.id, { status: 'sent' });
		await sandbox.control('POST', '/inbound', { phone: '12025550153', text: 'Back yet?' });
		await sandbox.control('POST', '/inbound', { phone: '12025550151', text: 'Back yet?' });
		await send('12025550154');
		const lists = { all: '', onTheWay: 'accepted,sent', delivered: 'delivered', read: 'read', failed: 'failed' };
		for (const search of ['', '0151', 'back', 'nobody']) {
			const { customers } = await control(`/chats?search=${search}`);
			for (const [group, state] of Object.entries(lists)) expect([search, group, (await control(`/chats?search=${search}&state=${state}`)).found]).toEqual([search, group, customers[group]]);
		}
		expect((await control('/chats?state=failed&limit=1')).customers).toEqual({ all: 5, onTheWay: 2, delivered: 1, read: 0, failed: 2 });
	});

	it('tell of a failure that was reported after the delivery, until the customer reads', async () => {
		const { id } = (await send()).body;
		const shown = async () => (await control(`/chats/${PHONE}`)).messages[0];
		await statusOf(id, { status: 'failed', code: 131026 });
		await statusOf(id, { status: 'delivered' });
		expect(await shown()).toMatchObject({ state: 'delivered', failure: null, lateFailure: null });
		await statusOf(id, { status: 'failed', code: 131049 });
		expect(await shown()).toMatchObject({ state: 'delivered', failure: null, lateFailure: { code: 131049, title: expect.stringContaining('healthy') } });
		await statusOf(id, { status: 'read' });
		expect(await shown()).toMatchObject({ state: 'read', lateFailure: null });
	});

	it('are found by phone in any format, text, template and state', async () => {
		await send('79123456789');
		const { id } = (await send('12025550151')).body;
		await statusOf(id, { status: 'sent' });
		await statusOf(id, { status: 'viewed' });
		await sandbox.control('POST', '/inbound', { phone: '12025550152', text: 'Ça va?' });
		const phones = async (query: string) => (await control(`/chats?${query}`)).chats.map(({ phone }: { phone: string }) => phone);
		expect(await phones(`search=${encodeURIComponent('+7 (912) 345')}`)).toEqual(['79123456789']);
		expect(await phones('search=10482')).toHaveLength(2);
		expect(await phones(`search=${encodeURIComponent('ÇA')}`)).toEqual(['12025550152']);
		expect(await phones('search=STOCK_ARRIVAL')).toHaveLength(2);
		expect(await phones('search=%2B')).toEqual([]);
		expect(await phones('state=read')).toEqual(['12025550151']);
		expect(await phones('state=accepted,sent')).toEqual(['79123456789']);
		expect(await sandbox.control('GET', '/chats?state=gone')).toMatchObject({ status: 400, body: { error: expect.stringContaining('gone') } });
	});

	it('show both directions, the state of each message, and why it failed', async () => {
		const { id } = (await send()).body;
		await statusOf(id, { status: 'failed', code: 131049 });
		await sandbox.control('POST', '/inbound', { phone: PHONE, text: 'And?', quotedMessageId: id });
		const { messages, total, windowOpenUntil } = await control(`/chats/${PHONE}?limit=2`);
		expect(total).toBe(2);
		expect(new Date(windowOpenUntil).getTime()).toBeGreaterThan(Date.now());
		expect(messages).toMatchObject([
			{ direction: 'out', state: 'failed', failure: { code: 131049, title: expect.stringContaining('healthy') }, buttons: [{ text: 'Confirm shipment' }] },
			{ direction: 'in', text: 'And?', quotedMessageId: id },
		]);
		await statusOf(id, { status: 'delivered' });
		expect((await control(`/chats/${PHONE}?limit=1`)).messages).toMatchObject([{ direction: 'in' }]);
		expect((await control(`/chats/${PHONE}`)).messages[0]).toMatchObject({ state: 'delivered', failure: null });
	});

	it('are marked read: only delivered messages, with hooks', async () => {
		const hooks = await startHookReceiver();
		await sandbox.call('POST', '/webhook', { webhookUrl: hooks.url });
		await sandbox.call('POST', '/settings', { ackNotificationsOn: true });
		const ids: string[] = [(await send()).body.id, (await send()).body.id];
		await statusOf(ids[0] ?? '', { status: 'delivered' });
		expect((await sandbox.control('POST', `/chats/${PHONE}/read`, {})).body).toEqual({ read: 1 });
		expect((await sandbox.control('POST', `/chats/${PHONE}/read`, {})).body).toEqual({ read: 0 });
		const received = await hooks.until((all) => JSON.stringify(all).includes('"read"'));
		expect(received.at(-1)?.body.hooks[0]).toMatchObject({ id: ids[0], status: 'read' });
		await hooks.stop();
	});

	it('know the payload of a quick reply', async () => {
		const button = { type: 'button', sub_type: 'quick_reply', index: 1, parameters: [{ type: 'payload', payload: 'later' }] };
		await sandbox.call('POST', '/sendTemplate', {
			phone: PHONE,
			template: 'stock_quick_replies',
			namespace: NAMESPACE,
			language: { policy: 'deterministic', code: 'ru' },
			params: [bodyOf('Анна', 'Кроссовки'), button],
		});
		const [{ buttons }] = (await control(`/chats/${PHONE}`)).messages;
		expect(buttons).toEqual([{ type: 'QUICK_REPLY', text: 'Отправляйте' }, { type: 'QUICK_REPLY', text: 'Не сейчас', payload: 'later' }]);
	});
});

describe('the ways to fail', () => {
	it('cover the failure table, each once, with a text', async () => {
		const { ways } = await control('/failures');
		const ids = ways.map(({ id }: { id: string }) => id);
		expect(new Set(ids).size).toBe(ids.length);
		expect(ids).toEqual(expect.arrayContaining(['delivery-131026', 'delivery-130472', 'refusal-132015', 'refusal-0', 'refusal-190', 'service-12025550104', 'service-401', 'service-hang']));
		for (const { title, details } of ways) expect(`${title} ${details}`).not.toContain('undefined');
		const unnamed = ways.filter(({ title, code }: { title: string; code: number | null }) => title === 'Something went wrong' && code !== 131000);
		expect(unnamed).toEqual([]);
	});

	it('have a topic each; what is queued is unclear, not refused', async () => {
		const { ways } = await control('/failures');
		const topics = ['undelivered', 'content', 'customer', 'later', 'account', 'unclear'];
		expect([...new Set(ways.map(({ topic }: { topic: string }) => topic))].sort()).toEqual(topics.toSorted());
		const topicOf = (wanted: string) => ways.find(({ id }: { id: string }) => id === wanted).topic;
		expect(['refusal-132015', 'refusal-131047', 'refusal-80007', 'service-12025550104', 'refusal-190', 'service-12025550105', 'service-hang', 'delivery-131047'].map(topicOf)).toEqual([
			'content', 'customer', 'later', 'later', 'account', 'unclear', 'unclear', 'undelivered',
		]);
	});

	it('all apply to the next message, whatever sends it', async () => {
		await sandbox.control('POST', '/settings', { sentAfterMs: 0, deliveredAfterMs: 0 });
		const { ways } = await control('/failures');
		const isAnswered = ({ answer }: { answer: { then?: string; delayMs?: number } }) => answer.then !== 'hang' && !answer.delayMs;
		for (const { id, group, code, answer } of ways.filter(isAnswered)) {
			const phone = '12025550160';
			await sandbox.control('POST', '/clear', {});
			await sandbox.control('POST', '/script', { path: 'send*', phone, label: id, answers: [answer] });
			expect((await send('12025550161')).status).toBe(200);
			const got = await send(phone).catch(() => undefined);
			if (group === 'refusal') expect(got).toMatchObject({ status: code === 132000 ? 422 : 400, body: { sent: false, error: { code } } });
			if (group === 'delivery') expect(got?.body.sent).toBe(true);
			let chat = await control(`/chats/${phone}`);
			while (group === 'delivery' && !['failed', 'delivered'].includes(chat.messages[0].state)) chat = await control(`/chats/${phone}`);
			if (group === 'delivery') expect(chat.messages[0]).toMatchObject({ state: 'failed', failure: { code } });
			expect((await control('/script')).scripts).toEqual([]);
		}
	}, 60_000);

	it('stay pending until used or cleared', async () => {
		await sandbox.control('POST', '/script', { path: 'send*', label: 'busy', times: 2, answers: [{ status: 503 }, { status: 502 }] });
		await sandbox.control('POST', '/script', { path: 'hookInfo', phone: PHONE, times: 'forever', answers: [{ status: 404 }] });
		await sandbox.control('POST', '/inbound', { phone: PHONE, text: 'Hi' });
		expect((await sandbox.call('POST', '/sendMessage', { phone: PHONE, body: 'Hello' })).status).toBe(503);
		expect((await control('/script')).scripts).toEqual([
			{ path: 'send*', label: 'busy', left: 3 },
			{ path: 'hookInfo', phone: PHONE, left: null },
		]);
		await sandbox.control('DELETE', '/script');
		expect((await control('/script')).scripts).toEqual([]);
		expect((await send()).status).toBe(200);
		expect((await control('/calls?path=send*')).calls.map(({ path }: { path: string }) => path)).toEqual(['sendMessage', 'sendTemplate']);
	});
});

it('templates are returned parsed, and can be searched', async () => {
	const { found, templates } = await control('/templates/read?search=QUICK&limit=1');
	expect(found).toBe(1);
	expect(templates).toMatchObject([
		{ name: 'stock_quick_replies', language: 'ru', status: 'approved', body: expect.stringContaining('{{2}}'), buttons: [{ type: 'QUICK_REPLY' }, {}] },
	]);
	expect((await control('/templates/read?limit=3')).templates).toHaveLength(3);
	expect((await control('/webhooks')).flags).toMatchObject({ ackNotificationsOn: false, guaranteedHooks: true });
});
