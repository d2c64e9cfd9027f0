import { createServer, type Server, type Socket } from 'node:net';
import { arrival, runNode } from '../support/run-node.cjs';
import { useChannel } from '../support/channel.cjs';

const channel = useChannel();

async function sendTo(phone: string, options = {}) {
	return await runNode({
		parameters: arrival({ phone, options: { timeout: 1, ...options } }),
		credential: channel.credential,
		onError: 'continueErrorOutput',
	});
}

let customers = 0;

/** A new customer each time: a pair limit spaces messages to the same customer. */
async function answeredWith(answer: object) {
	await channel.script({ answers: [answer as never] });
	return await sendTo(`+1202555${2000 + ++customers}`, { retryFor: 0 });
}

test.each([
	['queued', '+1 202 555 0105', { outcome: 'queued', messageId: null, jobId: expect.stringMatching(/\S/) }],
	['an answer that never comes', '+1 202 555 0106', { outcome: 'unknown', messageId: null, reason: 'no answer within 1 seconds' }],
	['500 as HTML', '+1 202 555 0107', { outcome: 'unknown', reason: expect.stringContaining('HTTP 500') }],
	['a connection cut after the message was taken', '+1 202 555 0115', { outcome: 'unknown', reason: expect.stringContaining('connection was lost') }],
	['an empty body', '+1 202 555 0116', { outcome: 'unknown', reason: 'HTTP 200 with an empty body' }],
	['half a JSON', '+1 202 555 0117', { outcome: 'unknown', reason: expect.stringContaining('not complete JSON') }],
	['a connection cut before anything was taken', '+1 202 555 0120', { outcome: 'unknown', reason: expect.stringContaining('connection was lost') }],
])('%s is an item on the success output that nothing retries', async (_, phone, expected) => {
	const { items, errors } = await sendTo(phone);
	expect(errors).toEqual([]);
	expect(items).toHaveLength(1);
	expect(items[0]!.json).toMatchObject(expected);
	expect(items[0]!.json.messageId).toBeNull();
	expect(items[0]!.json).not.toHaveProperty('error');
	// Read from the left: the reason comes next to the result.
	const why = expected.outcome === 'unknown' ? ['outcome', 'reason', 'messageId'] : ['outcome', 'messageId', 'phone'];
	expect(Object.keys(items[0]!.json).slice(0, 3)).toEqual(why);
});

test.each([
	['sent:false in a 200', '+1 202 555 0110', { code: 'wrong-file', httpCode: 200, action: 'fixData' }],
	['400', '+1 202 555 0111', { httpCode: 400 }],
	['403 as text', '+1 202 555 0112', { httpCode: 403, action: 'alertPerson' }],
	['404', '+1 202 555 0118', { code: 'channel-not-found', httpCode: 404, action: 'alertPerson' }],
	['422', '+1 202 555 0119', { httpCode: 422 }],
	['131056 in a 200', '+1 202 555 0114', { code: '131056', action: 'retryLater', retryable: true, retryAfter: 6 }],
	['429', '+1 202 555 0104', { code: 'rate-limited', httpCode: 429, action: 'retryLater', retryable: true, retryAfter: 1 }],
])('%s is an error item with what to do next', async (_, phone, expected) => {
	const { items, errors } = await sendTo(phone, { retryFor: 0 });
	expect(items).toEqual([]);
	expect(errors).toHaveLength(1);
	const error = errors[0]!.json.error as Record<string, unknown>;
	expect(error).toMatchObject({ itemIndex: 0, ...expected });
	expect(Object.keys(error).sort()).toEqual(['action', 'code', 'description', 'httpCode', 'itemIndex', 'message', 'retryAfter', 'retryable']);
	expect(String(error.message)).toMatch(/\S{3}/);
	expect(String(error.description)).toMatch(/\S{3}/);
});

test.each([
	['accepted', { sent: true, id: 'wamid.1', error: { code: 131031 } }, { outcome: 'accepted', messageId: 'wamid.1' }],
	['queued', { sent: false, jobId: '8812', error: { code: 131031 }, message: '(#131031) Account locked' }, { outcome: 'queued', jobId: '8812' }],
	['unknown', { error: { code: 131031 } }, { outcome: 'unknown', reason: expect.stringContaining('neither accepts nor refuses') }],
])('an error in a 2xx that is %s does not make it a refusal', async (_, body, expected) => {
	const { items, errors } = await answeredWith({ status: 200, body });
	expect(errors).toEqual([]);
	expect(items[0]!.json).toMatchObject(expected);
});

test('a refusal that stops the workflow is a NodeApiError with HTTP code, message and advice', async () => {
	const { error } = await runNode({ parameters: arrival({ phone: '+12025550110' }), credential: channel.credential });
	expect(error.name).toBe('NodeApiError');
	expect(error.message).toMatch(/wrong file/i);
	expect(error.description).toMatch(/\S{3}/);
	expect(error.context).toMatchObject({ itemIndex: 0, data: { code: 'wrong-file' } });
});

test.each([
	['WhatsApp\'s number in a Graph error', { status: 200, body: { sent: false, error: { code: 132001, message: 'Template name does not exist in the translation' } } }, '132001'],
	['WhatsApp\'s number in a text', { status: 400, body: { error: '(#132000) Number of parameters does not match' } }, '132000'],
	['a text alone', { status: 400, body: { message: 'Dialog window is closed' } }, '131047'],
	['an error of the service behind the service', { status: 400, body: { response: { error: 'Pair rate limit hit' } } }, '131056'],
	['WhatsApp\'s number in a list of errors', { status: 422, body: { errors: [{ code: 131008, title: 'Required parameter is missing' }] } }, '131008'],
	['WhatsApp\'s number at the top', { status: 200, body: { sent: false, code: 131026, message: 'Message undeliverable' } }, '131026'],
	['WhatsApp\'s answer inside a text', { status: 400, body: { error: '400 - {"error":{"code":100,"message":"(#100) Invalid parameter","error_data":{"details":"buttons: button at index 0"}}}' } }, '100'],
	['WhatsApp\'s answer as plain text', { status: 400, body: '400 - {"error":{"code":131030,"message":"Not on the list"}}' }, '131030'],
	['an error inside details', { status: 200, body: { sent: false, detail: { error: '(#131050) No' } } }, '131050'],
	['a template that the channel does not know', { status: 400, body: { message: 'Template stock_arrival was not found' } }, '132001'],
	['sent as a text', { status: 200, body: { sent: 'false', message: 'wrong file' } }, 'wrong-file'],
	['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' }, body: '' }, 'redirected'],
	['words nobody knows', { status: 200, body: { sent: false, message: 'Kaboom' } }, 'refused'],
])('%s is recognised', async (_, answer, code) => {
	const { errors } = await answeredWith(answer);
	expect(errors[0]!.json.error).toMatchObject({ code });
});

test.each([
	['accepted without an ID', { status: 200, body: { sent: true } }, { outcome: 'accepted', messageId: null }],
	['accepted with a status of 201', { status: 201, body: { sent: true, id: 'gBGG1' } }, { outcome: 'accepted', messageId: 'gBGG1' }],
	['a job with sent:true', { status: 200, body: { sent: true, id: 'w', jobId: 7 } }, { outcome: 'accepted', messageId: 'w' }],
	['a job as a number', { status: 200, body: { sent: false, jobId: 7 } }, { outcome: 'queued', jobId: '7' }],
	['an error in a 200 that does not say sent:false', { status: 200, body: { response: { error: 'upstream' } } }, { outcome: 'unknown' }],
	['sent:true in a 500', { status: 500, body: { sent: true, id: 'w' } }, { outcome: 'unknown' }],
	['a list', { status: 200, body: [1] }, { outcome: 'unknown' }],
	['null', { status: 200, body: 'null' }, { outcome: 'unknown' }],
	['502', { status: 502, body: '<h1>Bad gateway</h1>' }, { outcome: 'unknown', reason: 'HTTP 502 from the service: Bad gateway' }],
])('%s', async (_, answer, expected) => {
	const { items, errors } = await answeredWith(answer);
	expect(errors).toEqual([]);
	expect(items[0]!.json).toMatchObject(expected);
});

test('a 401 that echoes the token reaches nobody with it, and is sent once', async () => {
	const body = { error: `Wrong token "${channel.sandbox.token}" for channel "x". Please provide token as a GET parameter.` };
	await channel.script({ answers: [{ status: 401, body }] });
	const { errors, saved } = await sendTo('+12025550100', { retryFor: 0 });
	expect(errors[0]!.json.error).toMatchObject({ code: 'token-rejected', httpCode: 401, retryable: false });
	expect(saved).not.toContain(channel.sandbox.token);
	expect(await channel.calls('sendTemplate')).toHaveLength(1);
});

test('the token stands in no item and no error, whatever the service echoes', async () => {
	const echo = `token "${channel.sandbox.token}"`;
	await channel.script({ answers: [{ status: 200, body: { sent: false, message: echo } }, { status: 500, body: echo }, { status: 200, body: { sent: true, id: 'w', description: echo } }] });
	const { saved, items, errors } = await runNode({
		parameters: arrival({ phone: '={{ $json.phone }}', options: { simplify: false, maxConcurrency: 1 } }),
		credential: channel.credential,
		items: [{ phone: '+12025550150' }, { phone: '+12025550151' }, { phone: '+12025550152' }],
		onError: 'continueErrorOutput',
	});
	expect([items.length, errors.length]).toEqual([2, 1]);
	expect(saved).not.toContain(channel.sandbox.token);
});

test.each([
	['nothing listens', 'http://127.0.0.1:1'],
	['the host does not exist', 'http://channel.invalid'],
])('%s: the request certainly never left, so it may be sent again', async (_, baseUrl) => {
	const { errors, items } = await runNode({
		parameters: arrival({ options: { retryFor: 0 } }),
		credential: { ...channel.credential, baseUrl },
		onError: 'continueErrorOutput',
	});
	expect(items).toEqual([]);
	expect(errors[0]!.json.error).toMatchObject({ code: 'channel-unreachable', retryable: true, action: 'retryLater', httpCode: null });
});

test('a server that speaks no TLS is unreachable, not unknown', async () => {
	const server = await listen((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
	const { port } = server.address() as { port: number };
	const { errors } = await runNode({
		parameters: arrival({ options: { languageCode: 'en', namespace: 'n', retryFor: 0 } }),
		credential: { ...channel.credential, baseUrl: `https://127.0.0.1:${port}` },
		onError: 'continueErrorOutput',
	});
	server.close();
	expect(errors[0]?.json.error).toMatchObject({ code: 'channel-unreachable' });
});

test('the other items of a batch are unaffected by one customer\'s fate', async () => {
	const phones = ['0100', '0105', '0107', '0110', '0104', '0106', '0121'].map((end) => ({ phone: `+1202555${end}` }));
	const { items, errors } = await runNode({
		parameters: arrival({ phone: '={{ $json.phone }}', options: { timeout: 1, retryFor: 0 } }),
		credential: channel.credential,
		items: phones,
		onError: 'continueErrorOutput',
	});
	expect(items.map(({ json }) => json.outcome)).toEqual(['accepted', 'queued', 'unknown', 'unknown', 'accepted']);
	expect(errors.map(({ json }) => (json.error as { itemIndex: number }).itemIndex)).toEqual([3, 4]);
});

async function listen(onSocket: (socket: Socket) => void): Promise<Server> {
	const server = createServer((socket) => {
		socket.on('error', () => {});
		onSocket(socket);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return server;
}
