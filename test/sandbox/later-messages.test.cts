import { LaterMessages } from '../../demo/later-messages.mts';
import { type Sandbox, startSandbox } from '../support/sandbox.cts';
import { stockArrival } from '../support/stock-arrival.cts';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox();
	await sandbox.control('POST', '/settings', { sentAfterMs: 3_600_000, deliveredAfterMs: 3_600_000 });
});
afterAll(() => sandbox.stop());

const later = () => LaterMessages.start({ control: async (method, path, body) => (await sandbox.control(method, `/${path}`, body)).body });
const send = async (phone: string): Promise<string> => (await sandbox.call('POST', '/sendTemplate', stockArrival(phone))).body.id;
const happens = (id: string, body: object) => sandbox.control('POST', `/messages/${encodeURIComponent(id)}/status`, body);

test('each later message is reported once, and so is its final status', async () => {
	await send('12025550149');
	const watched = await later();
	expect(await watched.look()).toEqual([]);
	const [good, bad] = [await send('12025550150'), await send('12025550151')];
	expect(await watched.look()).toEqual(['accepted   12025550150, stock_arrival|en', 'accepted   12025550151, stock_arrival|en']);
	await happens(good, { status: 'sent' });
	expect(await watched.look()).toEqual([]);
	await happens(bad, { status: 'failed', code: 131026 });
	await happens(good, { status: 'delivered' });
	expect(await watched.look()).toEqual(['delivered  12025550150, stock_arrival|en', 'failed     12025550151, stock_arrival|en, 131026']);
	await happens(good, { status: 'read' });
	expect(await watched.look()).toEqual([]);
});

test('what a customer writes, and an order that is confirmed, is reported once', async () => {
	await sandbox.control('POST', '/inbound', { phone: '12025550150', text: 'Before' });
	await sandbox.control('POST', '/settings', { confirmUrl: `${sandbox.baseUrl}/_sandbox/nothing` });
	const id = await send('12025550150');
	const watched = await later();
	await sandbox.control('POST', '/inbound', { phone: '12025550150', text: 'Ship it\u001b[2J' });
	expect(await watched.look()).toEqual(['wrote      12025550150: "Ship it\\u001b[2J"']);
	await sandbox.control('POST', `/orders/${encodeURIComponent(id)}/confirm`, {});
	expect(await watched.look()).toEqual([]);
	await sandbox.control('POST', '/settings', { confirmUrl: `${sandbox.baseUrl}/_sandbox/chats/1/read` });
	await sandbox.control('POST', `/orders/${encodeURIComponent(id)}/confirm`, {});
	expect(await watched.look()).toEqual(['confirmed  12025550150, order 10482']);
	expect(await watched.look()).toEqual([]);
});

test('a burst is truncated to some lines and a count', async () => {
	const watched = await later();
	for (let number = 0; number < 30; number++) await send(`120255501${50 + number}`);
	const lines = await watched.look();
	expect(lines).toHaveLength(21);
	expect(lines.at(-1)).toBe('and 10 more on the phone page');
	expect(await watched.look()).toEqual([]);
});

test('tracking continues after the sandbox is cleared', async () => {
	const watched = await later();
	await send('12025550150');
	await watched.look();
	await sandbox.control('POST', '/clear', {});
	expect(await watched.look()).toEqual([]);
	await send('12025550152');
	expect(await watched.look()).toEqual(['accepted   12025550152, stock_arrival|en']);
});
