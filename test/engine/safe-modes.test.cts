import { useChannel } from '../support/channel.cjs';
import { installOnceStore } from '../support/once-store.cjs';
import { arrival, runNode } from '../support/run-node.cjs';

const channel = useChannel();
const store = installOnceStore();
beforeEach(() => store.clear());

let order = 0;
/** Where a node has its safe modes: as options, in every version, or as fields of version 2. */
type Place = 'options of version 1' | 'options of version 2' | 'fields of version 2';
const PLACES: Place[] = ['options of version 1', 'options of version 2', 'fields of version 2'];
const send = async (options: object, item: object = {}, credential: object = {}, place: Place = PLACES[0]!) =>
	await runNode({
		parameters: arrival({ orderReference: `safe-${++order}`, ...(place === 'fields of version 2' ? options : { options: options as never }) }),
		version: place === 'options of version 1' ? 1 : 2,
		items: [item] as never,
		credential: { ...channel.credential, ...credential } as never,
		onError: 'continueErrorOutput',
	});
const requests = async () => await channel.calls('sendTemplate');

const YES: unknown[] = [true, 1, 'true', ' Yes ', 'ON', 'yes'];
const NO: unknown[] = [false, 0, 'false', ' no', 'Off'];
const NEITHER: unknown[] = ['', '  ', null, undefined, 'maybe', 2, [], {}, [true]];
const show = (value: unknown) => JSON.stringify(value) ?? 'undefined';

describe.each(PLACES)('Dry Run by expression, among the %s', (place) => {
	const dryRun = async (value: unknown) => await send({ dryRun: '={{ $json.dry }}' }, value === undefined ? {} : { dry: value }, {}, place);

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

test.each<[string, Place]>([
	['sendOnce', PLACES[0]!], ['sendOnce', PLACES[1]!], ['sendOnce', PLACES[2]!],
	['sendAgain', PLACES[0]!], ['sendAgain', PLACES[1]!], ['simplify', PLACES[0]!], ['simplify', PLACES[1]!],
])('%s among the %s takes texts and numbers, and nothing that says neither', async (name, place) => {
	for (const value of [...YES, ...NO]) expect((await send({ [name]: '={{ $json.given }}' }, { given: value }, {}, place)).items[0]!.json.outcome).toBe('accepted');
	const before = (await requests()).length;
	for (const value of NEITHER) {
		const { errors } = await send({ [name]: '={{ $json.given }}' }, value === undefined ? {} : { given: value }, {}, place);
		expect([show(value), errors[0]!.json.error]).toEqual([show(value), expect.objectContaining({ code: 'invalid-option' })]);
	}
	expect(await requests()).toHaveLength(before);
});

test('Send Once as a text holds', async () => {
	const parameters = arrival({ orderReference: 'once-as-text', options: { sendOnce: '={{ "yes" }}' } });
	const outcome = async () => (await runNode({ parameters, credential: channel.credential })).items[0]!.json.outcome;
	expect([await outcome(), await outcome()]).toEqual(['accepted', 'skipped']);
});

describe.each(PLACES)('Opted In among the %s', (place) => {
	test.each(['', '  ', null])('empty (%j) is a no', async (value) => {
		expect((await send({ optedIn: '={{ $json.given }}' }, { given: value }, {}, place)).errors[0]!.json.error).toMatchObject({ code: 'no-opt-in' });
		expect(await requests()).toHaveLength(0);
	});
});

describe('version 2, field and option at once', () => {
	const both = async (parameters: object, options: object) =>
		await runNode({
			parameters: arrival({ orderReference: `both-${++order}`, ...parameters, options: options as never }),
			version: 2,
			credential: channel.credential,
			onError: 'continueErrorOutput',
		});
	const outcomeOf = async (parameters: object, options: object) => {
		const { items, errors } = await both(parameters, options);
		return items[0]?.json.outcome ?? (errors[0]!.json.error as { code: string }).code;
	};

	test.each([
		[{ dryRun: true }, { dryRun: false }, 'rehearsed'],
		[{ dryRun: false }, { dryRun: true }, 'rehearsed'],
		[{ dryRun: false }, { dryRun: '={{ undefined }}' }, 'invalid-option'],
		[{ dryRun: '={{ undefined }}' }, { dryRun: true }, 'invalid-option'],
		[{ dryRun: false }, { dryRun: [] }, 'invalid-option'],
		[{ optedIn: true }, { optedIn: false }, 'no-opt-in'],
		[{ optedIn: false }, { optedIn: true }, 'no-opt-in'],
		[{ optedIn: true }, { optedIn: '' }, 'no-opt-in'],
		[{ optedIn: true }, { optedIn: null }, 'no-opt-in'],
		[{ optedIn: true }, { optedIn: 'maybe' }, 'invalid-option'],
		[{ waitUntil: '={{ "" }}' }, {}, 'invalid-option'],
		[{ waitUntil: '={{ "soon" }}' }, {}, 'invalid-option'],
		[{ waitUntil: '={{ "soon" }}' }, { waitUntil: 'none' }, 'accepted'],
		[{}, {}, 'accepted'],
	])('%j beside the option %j: %s', async (parameters, options, outcome) => {
		expect(await outcomeOf(parameters, options)).toBe(outcome);
		expect(await requests()).toHaveLength(outcome === 'accepted' ? 1 : 0);
	});

	test.each([
		[{ sendOnce: true }, {}],
		[{ sendOnce: true }, { sendOnce: false }],
		[{ sendOnce: false }, { sendOnce: true }],
		[{ sendOnce: false }, { sendAgain: false, sendOnce: 'yes' }],
	])('%j beside the option %j sends once', async (fields, options) => {
		const parameters = { orderReference: `once-${++order}`, ...fields };
		expect([await outcomeOf(parameters, options), await outcomeOf(parameters, options)]).toEqual(['accepted', 'skipped']);
	});

	test.each([
		[{ sendOnce: true }, {}],
		[{ sendOnce: '={{ true }}' }, {}],
		[{ sendOnce: false }, { sendOnce: true }],
		[{ sendOnce: false }, {}],
	])('Send Again counts with %j beside the option %j, and records the message', async (fields, options) => {
		const parameters = { orderReference: `again-${++order}`, ...fields };
		const again = async () => await outcomeOf(parameters, { ...options, sendAgain: true });
		expect([await again(), await again(), await outcomeOf({ ...parameters, sendOnce: true }, {})]).toEqual(['accepted', 'accepted', 'skipped']);
	});

	test('an expression is asked for each item', async () => {
		const { items, errors } = await runNode({
			parameters: arrival({ orderReference: '={{ $json.order }}', optedIn: '={{ $json.agreed }}', dryRun: '={{ $json.dry }}' }),
			items: [{ order: 1, agreed: true, dry: false }, { order: 2, agreed: 'no', dry: false }, { order: 3, agreed: 1, dry: 'yes' }, { order: 4, agreed: true, dry: false }],
			version: 2, credential: channel.credential, onError: 'continueErrorOutput',
		});
		expect(items.map(({ json }) => json.outcome)).toEqual(['accepted', 'rehearsed', 'accepted']);
		expect(errors.map(({ json }) => (json.error as { code: string }).code)).toEqual(['no-opt-in']);
	});

	test.each([
		['final', { waitUntil: 'none' }, undefined],
		['none', { waitUntil: 'final', waitTimeout: 1 }, true],
	])('Wait Until: %s beside the option %j: the option wins', async (waitUntil, options, timedOut) => {
		expect((await both({ waitUntil, waitTimeout: 1 }, options)).items[0]!.json.timedOut).toBe(timedOut);
	});
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
