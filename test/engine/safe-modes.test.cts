import { useChannel } from '../support/channel.cjs';
import { installOnceStore } from '../support/once-store.cjs';
import { arrival, runNode } from '../support/run-node.cjs';

const channel = useChannel();
const store = installOnceStore();
beforeEach(() => store.clear());

let order = 0;
const send = async (options: object, item: object = {}, credential: object = {}) =>
	await runNode({
		parameters: arrival({ orderReference: `safe-${++order}`, options: options as never }),
		items: [item] as never,
		credential: { ...channel.credential, ...credential } as never,
		onError: 'continueErrorOutput',
	});
const requests = async () => await channel.calls('sendTemplate');

const YES: unknown[] = [true, 1, 'true', ' Yes ', 'ON', 'yes'];
const NO: unknown[] = [false, 0, 'false', ' no', 'Off'];
const NEITHER: unknown[] = ['', '  ', null, undefined, 'maybe', 2, [], {}, [true]];
const show = (value: unknown) => JSON.stringify(value) ?? 'undefined';

describe('Dry Run by expression', () => {
	const dryRun = async (value: unknown) => await send({ dryRun: '={{ $json.dry }}' }, value === undefined ? {} : { dry: value });

	test.each(YES.map((value) => [show(value), value]))('%s rehearses', async (_, value) => {
		expect((await dryRun(value)).items[0]!.json.outcome).toBe('rehearsed');
		expect(await requests()).toHaveLength(0);
	});

	test.each(NO.map((value) => [show(value), value]))('%s sends', async (_, value) => {
		expect((await dryRun(value)).items[0]!.json.outcome).toBe('accepted');
	});

	test.each(NEITHER.map((value) => [show(value), value]))('%s is an error, and nothing is sent', async (_, value) => {
		expect((await dryRun(value)).errors[0]!.json.error).toMatchObject({ code: 'invalid-option', message: expect.stringContaining('Dry Run'), description: expect.stringContaining('Nothing was sent') });
		expect(await requests()).toHaveLength(0);
	});
});

test.each(['sendOnce', 'sendAgain', 'simplify'])('%s takes texts and numbers, and nothing that says neither', async (name) => {
	for (const value of [...YES, ...NO]) expect((await send({ [name]: '={{ $json.given }}' }, { given: value })).items[0]!.json.outcome).toBe('accepted');
	const before = (await requests()).length;
	for (const value of NEITHER) {
		const { errors } = await send({ [name]: '={{ $json.given }}' }, value === undefined ? {} : { given: value });
		expect([show(value), errors[0]!.json.error]).toEqual([show(value), expect.objectContaining({ code: 'invalid-option' })]);
	}
	expect(await requests()).toHaveLength(before);
});

test('Send Once as a text holds', async () => {
	const parameters = arrival({ orderReference: 'once-as-text', options: { sendOnce: '={{ "yes" }}' } });
	const outcome = async () => (await runNode({ parameters, credential: channel.credential })).items[0]!.json.outcome;
	expect([await outcome(), await outcome()]).toEqual(['accepted', 'skipped']);
});

test.each(['', '  ', null])('an empty Opted In (%j) is a no', async (value) => {
	expect((await send({ optedIn: '={{ $json.given }}' }, { given: value })).errors[0]!.json.error).toMatchObject({ code: 'no-opt-in' });
	expect(await requests()).toHaveLength(0);
});

describe('Test Recipient', () => {
	test.each([12025550177, '+1 202 555 0177'])('%p gets the message instead of the customer', async (testRecipient) => {
		const { items } = await send({}, {}, { testRecipient });
		expect(items[0]!.json).toMatchObject({ phone: '12025550177', redirectedFrom: '79123456789', contactKey: '12025550177' });
		expect((await channel.messages()).map(({ phone }) => phone)).toEqual(['12025550177']);
	});

	test.each([true, {}, ['+12025550177'], 'nobody'])('%p is an error, and nobody is messaged', async (testRecipient) => {
		expect((await send({}, {}, { testRecipient })).errors[0]!.json.error).toMatchObject({ code: 'invalid-phone', message: expect.stringContaining('Test Recipient') });
		expect(await requests()).toHaveLength(0);
	});

	test.each([{}, { sendOnceKey: 'event-7' }])('a rehearsal with it and Send Once (%j) does not stand for the real message', async (key) => {
		const parameters = arrival({ orderReference: 'rehearsed-first', options: { sendOnce: true, ...key } });
		const run = async (testRecipient: string) => (await runNode({ parameters, credential: { ...channel.credential, testRecipient } })).items[0]!.json.outcome;
		expect([await run('+12025550177'), await run('+12025550177'), await run(''), await run('')]).toEqual(['accepted', 'skipped', 'accepted', 'skipped']);
		expect((await channel.messages('79123456789'))).toHaveLength(1);
	});
});
