import { type Sandbox, startSandbox } from '../support/sandbox.cts';
import { stockArrival } from '../support/stock-arrival.cts';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox();
	await sandbox.control('POST', '/settings', { sentAfterMs: 5, deliveredAfterMs: 20, readAfterMs: 40 });
});
afterAll(() => sandbox.stop());

const send = (phone: string) => sandbox.call('POST', '/sendTemplate', stockArrival(phone));

async function sentTo(phone: string) {
	return (await sandbox.control('GET', `/messages?phone=${phone}`)).body.messages;
}

async function statusesOf(phone: string, count: number) {
	for (let tries = 0; tries < 200; tries++) {
		const [message] = await sentTo(phone);
		if (message?.statuses.length >= count) break;
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
	await new Promise((resolve) => setTimeout(resolve, 60));
	const [message] = await sentTo(phone);
	return message.statuses.map(({ status, code }: { status: string; code?: number }) => (code ? `${status} ${code}` : status));
}

describe('a number that is accepted', () => {
	it.each([
		['12025550100', ['sent', 'delivered']],
		['12025550101', ['sent', 'failed 131026']],
		['12025550102', ['sent', 'failed 131050']],
		['12025550103', ['sent', 'failed 130472']],
		['12025550109', ['sent']],
		['12025550113', ['sent', 'failed 131049']],
		['12025550121', ['sent', 'delivered', 'read']],
		['12025550122', ['sent', 'undelivered 131026']],
		['12025550177', ['sent', 'delivered']],
	])('%s becomes %j', async (phone, statuses) => {
		const { status, body } = await send(phone);
		expect(status).toBe(200);
		expect(body).toEqual({
			sent: true,
			id: expect.stringMatching(/^wamid\./),
			message: `Sent to ${phone}@c.us`,
			description: 'Message has been sent to the provider',
		});
		expect(await statusesOf(phone, statuses.length)).toEqual(statuses);
	});

	it('12025550108 answers after three seconds', async () => {
		const before = Date.now();
		const { body } = await send('12025550108');
		expect(body.sent).toBe(true);
		expect(Date.now() - before).toBeGreaterThanOrEqual(2990);
	});

	it('12025550106 never answers, but is delivered', async () => {
		const answer = send('12025550106').then(() => 'answered', () => 'lost');
		expect(await statusesOf('12025550106', 2)).toEqual(['sent', 'delivered']);
		expect(await Promise.race([answer, Promise.resolve('waiting')])).toBe('waiting');
	});

	it('12025550115 cuts the connection after it was accepted', async () => {
		await expect(send('12025550115')).rejects.toThrow();
		expect(await sentTo('12025550115')).toHaveLength(1);
	});

	it('12025550116 answers with an empty body', async () => {
		expect(await send('12025550116')).toMatchObject({ status: 200, text: '' });
		expect(await sentTo('12025550116')).toHaveLength(1);
	});

	it('12025550117 answers with truncated JSON', async () => {
		const { status, text } = await send('12025550117');
		expect(status).toBe(200);
		expect(text).toMatch(/^\{"sent":true/);
		expect(() => JSON.parse(text)).toThrow();
		expect(await sentTo('12025550117')).toHaveLength(1);
	});

	it('is refused like any other when the request is wrong', async () => {
		const { status, body } = await sandbox.call('POST', '/sendTemplate', stockArrival('12025550116', { template: 'nope' }));
		expect(status).toBe(400);
		expect(body.error.code).toBe(132001);
	});
});

describe('a number that is not accepted', () => {
	it.each([
		['12025550104', 429, { error: 'Too many requests' }],
		['12025550105', 200, { sent: false, jobId: expect.stringMatching(/^\d+$/), message: expect.any(String) }],
		['12025550107', 500, expect.stringContaining('<html>')],
		['12025550110', 200, { sent: false, message: 'wrong file' }],
		['12025550111', 400, { error: expect.any(String) }],
		['12025550112', 403, expect.stringContaining('Forbidden')],
		['12025550114', 200, expect.objectContaining({ sent: false, error: expect.objectContaining({ code: 131056 }) })],
		['12025550118', 404, { message: expect.any(String) }],
		['12025550119', 422, { error: expect.any(String) }],
	])('%s answers %i', async (phone, status, body) => {
		expect(await send(phone)).toMatchObject({ status, body });
		expect(await sentTo(phone)).toEqual([]);
	});

	it('12025550104 sends Retry-After', async () => {
		expect((await send('12025550104')).headers['retry-after']).toBe('1');
	});

	it('12025550107 answers in HTML and 12025550112 in plain text', async () => {
		expect((await send('12025550107')).headers['content-type']).toMatch('text/html');
		expect((await send('12025550112')).headers['content-type']).toMatch('text/plain');
	});

	it('12025550120 cuts the connection first', async () => {
		await expect(send('12025550120')).rejects.toThrow();
		expect(await sentTo('12025550120')).toEqual([]);
	});
});

it('the index lists every magic phone', async () => {
	const { body } = await sandbox.control('GET', '/');
	expect(Object.keys(body.magicPhones)).toHaveLength(28);
});
