import { type Sandbox, startSandbox } from '../support/sandbox.cts';
import { stockArrival } from '../support/stock-arrival.cts';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const MESSAGES = 100_000;
const CALLERS = 50;

it('100,000 messages are accepted, kept apart, delivered and found', async () => {
	await sandbox.control('POST', '/settings', { sentAfterMs: 0, deliveredAfterMs: 1 });
	const ids = new Set<string>();
	let next = 0;
	const caller = async () => {
		while (next < MESSAGES) {
			const phone = String(12_030_000_000 + next++);
			const { body } = await sandbox.call('POST', '/sendTemplate', stockArrival(phone));
			ids.add(body.id);
		}
	};
	await Promise.all(Array.from({ length: CALLERS }, caller));
	expect(ids.size).toBe(MESSAGES);
	expect([...ids].some((id) => id.endsWith('='))).toBe(true);
	expect((await sandbox.control('GET', '/counts')).body).toMatchObject({ messages: MESSAGES, recipients: MESSAGES, maxPerRecipient: 1 });

	const last = (await sandbox.control('GET', `/messages?offset=${MESSAGES - 1}`)).body;
	expect(last).toMatchObject({ total: MESSAGES, messages: [{ kind: 'template', statuses: expect.any(Array) }] });
	expect(ids.has(last.messages[0].id)).toBe(true);
	const history = (await sandbox.call('GET', `/messages?lastMessageNumber=${MESSAGES - 2}`)).body.messages;
	expect(history).toHaveLength(2);
	const { hooks } = (await sandbox.call('GET', `/hookInfo?messageId=${encodeURIComponent([...ids][0] ?? '')}`)).body;
	expect(hooks).toHaveLength(2);
}, 300_000);
