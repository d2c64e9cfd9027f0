import { arrival, runNode } from '../support/run-node.cjs';
import { startSandbox, type Sandbox } from '../support/sandbox.cjs';

/** A channel per test: what the pacer learns in one must not affect the next. */
let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await startSandbox();
});
afterEach(async () => await sandbox.stop());

const answered = async (answers: object[], times?: string) => await sandbox.control('POST', '/script', { answers, ...(times ? { times } : {}) });
const send = async (count: number, options: object) =>
	await runNode({
		parameters: arrival({ phone: '=+1202555{{ $json.end }}', options: options as never }),
		credential: { channelId: sandbox.channelId, apiToken: sandbox.token, baseUrl: sandbox.baseUrl },
		items: Array.from({ length: count }, (_, index) => ({ end: 2000 + index })),
		onError: 'continueErrorOutput',
	});

test.each([['1'], ['-5'], ['soon'], ['0'], ['Sun, 22 Nov 2015 18:00:00 GMT']])('with a Retry-After of %s the message is sent a little later, once', async (retryAfter) => {
	await answered([{ status: 429, headers: { 'retry-after': retryAfter }, body: {} }]);
	const { items } = await send(1, {});
	expect(items[0]!.json.outcome).toBe('accepted');
	expect((await sandbox.control('GET', '/counts')).body).toMatchObject({ messages: 1, refusedForRate: 0 });
	expect((await sandbox.control('GET', '/calls?path=sendTemplate')).body.calls).toHaveLength(2);
});

test('a Retry-After of a week does not hold a message for longer than Retry For', async () => {
	await answered([{ status: 429, headers: { 'retry-after': '604800' }, body: {} }], 'forever');
	const { errors } = await send(1, { retryFor: 2 });
	expect(errors[0]!.json.error).toMatchObject({ code: 'rate-limited', retryable: true, action: 'retryLater', httpCode: 429 });
});

test('a channel that throttles for longer than Retry For gives rate-limited, and nothing is sent', async () => {
	await answered([{ status: 429, body: {} }], 'forever');
	const { errors } = await send(3, { retryFor: 1 });
	expect(errors.map(({ json }) => (json.error as { code: string }).code)).toEqual(['rate-limited', 'rate-limited', 'rate-limited']);
	expect((await sandbox.control('GET', '/counts')).body).toMatchObject({ messages: 0 });
});
