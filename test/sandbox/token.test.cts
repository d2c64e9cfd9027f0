import { type Sandbox, startSandbox } from '../support/sandbox.cts';
import { stockArrival } from '../support/stock-arrival.cts';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ channelId: 'SBX000000042', token: 'tok/en=1' });
});
afterAll(() => sandbox.stop());

const FORM = { authorization: '', 'content-type': 'application/x-www-form-urlencoded' };

it('is taken from the header with or without Bearer, the query, a JSON body and a form body', async () => {
	const ok = [
		await sandbox.call('GET', '/status'),
		await sandbox.call('GET', '/status', undefined, { authorization: 'tok/en=1' }),
		await sandbox.call('GET', `/status?token=${encodeURIComponent('tok/en=1')}`, undefined, { authorization: '' }),
		await sandbox.call('POST', '/readMessage', { messageId: 'x', token: 'tok/en=1' }, { authorization: '' }),
		await sandbox.call('POST', '/readMessage', `messageId=x&token=${encodeURIComponent('tok/en=1')}`, FORM),
	];
	expect(ok.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
});

it('is looked for in body, query and header: the first one found decides, even if wrong', async () => {
	expect((await sandbox.call('GET', '/status?token=old')).status).toBe(401);
	expect((await sandbox.call('POST', '/readMessage', { messageId: 'x', token: 'old' })).status).toBe(401);
	const inQuery = `/readMessage?token=${encodeURIComponent('tok/en=1')}`;
	expect((await sandbox.call('POST', inQuery, { messageId: 'x', token: 'old' })).status).toBe(401);
	expect((await sandbox.call('POST', '/readMessage?token=old', { messageId: 'x', token: 'tok/en=1' })).status).toBe(200);
	expect((await sandbox.call('POST', inQuery, { messageId: 'x' }, { authorization: 'Bearer old' })).status).toBe(200);
});

it('that is wrong or missing is rejected in the service\'s words', async () => {
	expect(await sandbox.call('GET', '/status', undefined, { authorization: 'Bearer nope' })).toMatchObject({
		status: 401,
		body: { error: 'Wrong token "nope" for channel "SBX000000042". Please provide token as a GET parameter.' },
	});
	expect((await sandbox.call('GET', '/status', undefined, { authorization: '' })).status).toBe(401);
});

it('never shows up in the call log', async () => {
	await sandbox.call('POST', '/sendTemplate', stockArrival('12025550100', { token: 'tok/en=1' }));
	const { body, text } = await sandbox.control('GET', '/calls');
	expect(text).not.toContain('tok/en=1');
	expect(text).not.toContain('nope');
	expect(body.calls.at(-1)).toMatchObject({ path: 'sendTemplate', tokenIn: 'body', tokenOk: true, status: 200, contentType: 'application/json' });
	expect((await sandbox.control('GET', '/messages')).text).not.toContain('tok/en=1');
});

it('does not help with an unknown channel or path', async () => {
	expect(await sandbox.call('GET', '/nowhere')).toMatchObject({ status: 404, body: { message: expect.any(String) } });
	expect((await sandbox.call('DELETE', '/status')).status).toBe(404);
	expect((await sandbox.call('GET', '/../SBX000000043/status')).body).toEqual({ message: 'Channel SBX000000043 not found' });
});
