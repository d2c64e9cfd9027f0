import type { IDataObject } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { ack, ALL_STATUSES, FOREIGN, post, useTriggers } from '../support/triggers.cjs';

const channel = useChannel();
const { host, list, setList, ours, active } = useTriggers(channel);
const OTHERS = [FOREIGN, 'https://other.example/hook?token=theirs'];
const IGNORED = { status: 200, body: { set: true } };
const rejection = async (work: Promise<unknown>): Promise<{ name: string; message: string; description: string }> =>
	await work.then(() => { throw new Error('It went well'); }, (error) => error);

/** Scripts the n-th next call of an endpoint; earlier ones are normal. */
async function fault(method: string, path: string, nth: number, answer: IDataObject, times: number | 'forever' = 1) {
	const usual = Array.from({ length: nth - 1 }, () => ({ normal: true }));
	if (usual.length > 0) await channel.script({ method, path, answers: usual });
	await channel.script({ method, path, times, answers: [answer] });
}

describe('many at once', () => {
	test('20 activations against one channel: the free slots are filled, the others fail naming the five, the list is true', async () => {
		const triggers = await Promise.all(Array.from({ length: 20 }, async () => await host()));
		const results = await Promise.allSettled(triggers.map(async (trigger) => await trigger.activate()));
		const registered = triggers.filter((_, index) => results[index]!.status === 'fulfilled');
		expect(registered).toHaveLength(4);
		const now = await list();
		expect(now).toHaveLength(5);
		expect(now[0]).toBe(FOREIGN);
		for (const trigger of registered) {
			const [url] = await ours(trigger);
			expect(await trigger.checkExists()).toBe(true);
			expect(await post(url!, { ack: [ack('delivered')] })).toBe(200);
		}
		for (const [index, result] of results.entries()) {
			if (result.status === 'fulfilled') continue;
			for (const url of now) expect(result.reason.message).toContain(url.split('?')[0]);
			expect(await ours(triggers[index]!)).toEqual([]);
			expect(triggers[index]!.staticData()).toEqual({});
		}
	});

	test('one trigger created 20 times at once is registered once, with a secret that holds', async () => {
		const trigger = await host({ parameters: ALL_STATUSES });
		await Promise.all(Array.from({ length: 20 }, async () => await trigger.create()));
		expect(await list()).toEqual([FOREIGN, ...(await ours(trigger))]);
		expect(await trigger.checkExists()).toBe(true);
		expect(await post((await ours(trigger))[0]!, { ack: [ack('delivered')] })).toBe(200);
		expect(trigger.executions).toHaveLength(1);
	});

	test('activations and deactivations at once leave the others and the ones that stay', async () => {
		const leaving = await Promise.all([1, 2].map(async () => await active()));
		const coming = await Promise.all([1, 2].map(async () => await host()));
		await Promise.all([...leaving.map(async ({ trigger }) => await trigger.deactivate()), ...coming.map(async (trigger) => await trigger.activate())]);
		const urls = await Promise.all(coming.map(async (trigger) => (await ours(trigger))[0]!));
		expect((await list()).sort()).toEqual([FOREIGN, ...urls].sort());
	});
});

describe('another program writes the list too', () => {
	test('its writing takes ours away before we read back: written once more, with its new URL kept', async () => {
		const trigger = await host();
		await fault('POST', 'webhook', 1, IGNORED);
		await setList(OTHERS);
		await trigger.activate();
		expect(await list()).toEqual([...OTHERS, ...(await ours(trigger))]);
		expect(await trigger.checkExists()).toBe(true);
	});

	test('its writing takes ours away each time: activation says so, and leaves the list as the other program wants it', async () => {
		const trigger = await host();
		await setList(OTHERS);
		await fault('POST', 'webhook', 1, IGNORED, 2);
		const error = await rejection(trigger.activate());
		expect(error).toMatchObject({ name: 'NodeApiError', message: expect.stringContaining('another program') });
		expect(await list()).toEqual(OTHERS);
	});

	test('its writing brings ours back while we take it away: taken away once more', async () => {
		await setList(OTHERS);
		const { trigger } = await active();
		await fault('POST', 'webhook', 1, IGNORED);
		await trigger.deactivate();
		expect(await list()).toEqual(OTHERS);
	});

	test('it replaced the whole list since: deactivation finds nothing of ours and changes nothing', async () => {
		const { trigger } = await active();
		await setList(['https://other.example/hook']);
		expect(await trigger.checkExists()).toBe(false);
		await trigger.deactivate();
		expect(await list()).toEqual(['https://other.example/hook']);
	});
});

describe('ours is listed, and its calls are skipped', () => {
	const states = async (rows: IDataObject[], more: IDataObject = {}) => {
		const webhookUrl = await list();
		await channel.script({ path: 'webhook', method: 'GET', answers: [{ body: { webhookUrl, ...more, webhookStatuses: rows.map((row, index) => ({ url: webhookUrl[index], ...row })) } }] });
	};
	const OK = { circuitState: 'ok' };

	test.each<[string, IDataObject[], IDataObject]>([
		['disabled', [OK, { circuitState: 'disabled', reason: 'http_404' }], { haveDisabledWebhooks: true }],
		['open', [OK, { circuitState: 'open', reason: 'http_401' }], {}],
		['half open', [OK, { circuitState: 'half_open' }], {}],
		['disabled, in an older form', [{ status: 'enabled' }, { status: 'disabled' }], {}],
		['in a state nobody knows', [OK, { circuitState: 'sleeping' }], {}],
		['perhaps the one that is disabled', [], { haveDisabledWebhooks: true }],
	])('%s: activation submits the list again, ours with a new secret, and it is heard', async (_, rows, more) => {
		const { trigger, url } = await active();
		await states(rows, more);
		await trigger.activate();
		const [now, ...rest] = await ours(trigger);
		expect(rest).toEqual([]);
		expect(now).not.toBe(url);
		expect(await list()).toEqual([FOREIGN, now]);
		expect(await post(now!, { ack: [ack('delivered')] })).toBe(200);
		expect(trigger.executions).toHaveLength(1);
	});

	test.each<[string, IDataObject[], IDataObject]>([
		['it works', [OK, OK], {}],
		['it fails now and then', [OK, { circuitState: 'degraded' }], {}],
		["somebody else's is disabled", [{ circuitState: 'disabled' }, OK], { haveDisabledWebhooks: true }],
		['no states are told', [], {}],
	])('%s: activation leaves the list alone', async (_, rows, more) => {
		const { trigger, url } = await active();
		const before = (await channel.calls('webhook')).filter(({ method }) => method === 'POST').length;
		await states(rows, more);
		await trigger.activate();
		expect(await ours(trigger)).toEqual([url]);
		expect((await channel.calls('webhook')).filter(({ method }) => method === 'POST')).toHaveLength(before);
	});

	test('states of URLs without a list: activation fails, and nothing is written', async () => {
		const trigger = await host();
		await setList(OTHERS);
		await fault('GET', 'webhook', 1, { body: { webhookUrl: null, webhookStatuses: OTHERS.map((url) => ({ url, ...OK })) } });
		expect(await rejection(trigger.create())).toMatchObject({ message: expect.stringContaining('could not be read') });
		expect(await list()).toEqual(OTHERS);
	});
});

const HALF = 'half an answer';
const FAULTS: Array<[string, IDataObject]> = [
	['500', { status: 500, body: 'no' }],
	['401', { status: 401, body: { error: 'Wrong token' } }],
	['429', { status: 429, body: { error: 'Too many requests' } }],
	['a cut connection, nothing done', { then: 'cutBefore' }],
	['a cut connection, all done', { then: 'cutAfter' }],
	[HALF, { normal: true, then: 'half' }],
];
/** Every fault but half an answer must fail: half an answer to the write is harmless, as the list is read back. */
const failed = async (work: Promise<unknown>, fault: string): Promise<boolean> => {
	const error = await work.then(() => undefined, (reason: Error) => reason);
	if (fault !== HALF) expect(error?.message).toMatch(/\S{3}/);
	return error !== undefined;
};
const each = (steps: Array<[string, string, number]>) => steps.flatMap((step) => FAULTS.map(([name, answer]) => [...step, name, answer] as const));

describe('the service fails at a step', () => {
	beforeEach(async () => void (await setList(OTHERS)));

	test.each(each([['GET', 'webhook', 1], ['POST', 'webhook', 1], ['GET', 'webhook', 2], ['GET', 'settings', 1], ['POST', 'settings', 1]]))(
		'create, %s /%s (%i): %s: it fails with nothing of ours left and nothing of others lost, and the next try succeeds',
		async (method, path, nth, name, answer) => {
			const trigger = await host({ parameters: ALL_STATUSES });
			await fault(method, path, nth, answer);
			const isFailed = await failed(trigger.create(), name);
			expect(await list()).toEqual(isFailed ? OTHERS : [...OTHERS, ...(await ours(trigger))]);
			expect(trigger.staticData()).toEqual(isFailed ? {} : expect.objectContaining({ url: trigger.url() }));
			await trigger.activate();
			expect(await list()).toEqual([...OTHERS, ...(await ours(trigger))]);
			expect(await trigger.checkExists()).toBe(true);
		},
	);

	test.each(each([['GET', 'webhook', 1], ['GET', 'settings', 1]]))('checkExists, %s /%s (%i): %s: it fails, and changes nothing', async (method, path, nth, name, answer) => {
		const { trigger } = await active();
		const before = await list();
		await fault(method, path, nth, answer);
		const said = trigger.checkExists();
		if (!(await failed(said, name))) expect(await said).toBe(false);
		expect(await list()).toEqual(before);
		expect(await trigger.checkExists()).toBe(true);
	});

	test.each(each([['GET', 'webhook', 1], ['POST', 'webhook', 1], ['GET', 'webhook', 2]]))(
		'delete, %s /%s (%i): %s: it fails, nothing of others is lost, and the next try ends it',
		async (method, path, nth, name, answer) => {
			const { trigger } = await active();
			await fault(method, path, nth, answer);
			const isFailed = await failed(trigger.deactivate(), name);
			expect(await list()).toEqual(isFailed ? [...OTHERS, ...(await ours(trigger))] : OTHERS);
			await trigger.deactivate();
			expect(await list()).toEqual(OTHERS);
			expect(trigger.staticData()).toEqual({});
		},
	);

	test('create fails after the list was written and cannot undo it: it says so, and delete with the static data of before takes ours away', async () => {
		const trigger = await host({ parameters: ALL_STATUSES });
		await fault('POST', 'settings', 1, { status: 500, body: 'no' });
		await fault('POST', 'webhook', 2, { status: 500, body: 'no' });
		const error = await rejection(trigger.create());
		expect(error.description).toContain(`${trigger.url()} may be left`);
		expect(await ours(trigger)).toHaveLength(1);
		expect(trigger.staticData()).toEqual({});
		await trigger.deactivate();
		expect(await list()).toEqual(OTHERS);
	});

	test.each([['GET'], ['POST']])('a channel without %s /settings can be listened to', async (method) => {
		await channel.script({ path: 'settings', method, times: 'forever', answers: [{ status: 404, body: { error: 'Not found' } }] });
		if (method === 'POST') await channel.script({ path: 'settings', method: 'GET', times: 'forever', answers: [{ body: { ackNotificationsOn: false } }] });
		const { trigger, url } = await active();
		expect(await post(url, { ack: [ack('delivered')] })).toBe(200);
		if (method === 'GET') expect(await trigger.checkExists()).toBe(true);
	});

	test('a credential for another channel: the log says where the URL was left', async () => {
		const { trigger } = await active();
		Object.assign(trigger.staticData(), { channelId: 'OTHER0000001' });
		await trigger.deactivate();
		expect(trigger.log.join('\n')).toContain('registered on the channel OTHER0000001');
	});

	test('another process hears hooks before n8n has saved the secret, and none with another secret', async () => {
		const trigger = await host({ workflowId: 'queue-mode' });
		const secret = 's'.repeat(32);
		await setList([...OTHERS, `${trigger.url()}?secret=${secret}`]);
		expect(await post(`${trigger.url()}?secret=${secret}`, { ack: [ack('delivered')] })).toBe(200);
		for (const given of ['', '?secret=', `?secret=${'t'.repeat(32)}`, '?secret=theirs', `?secret=${secret}&secret=${secret}`]) {
			expect(await post(`${trigger.url()}${given}`, { ack: [ack('read')] })).toBe(401);
		}
		expect(trigger.executions).toHaveLength(1);
	});

	test('a copy of the database under another host takes nothing of production away, activated or deactivated', async () => {
		const production = await host({ workflowId: 'copied', publicHost: 'https://old.example' });
		await production.activate();
		const copy = await host({ workflowId: 'copied', publicHost: 'https://new.example', parameters: ALL_STATUSES });
		Object.assign(copy.staticData(), production.staticData());
		const before = await list();
		await copy.deactivate();
		expect(await list()).toEqual(before);
		Object.assign(copy.staticData(), production.staticData());
		await copy.activate();
		expect(await list()).toEqual([...before, ...(await ours(copy))]);
		await copy.deactivate();
		expect(await list()).toEqual(before);
	});

	test('after a failed create, a call with any other secret than that of the URL that was left is answered 401', async () => {
		const trigger = await host({ parameters: ALL_STATUSES });
		await fault('POST', 'settings', 1, { status: 500, body: 'no' });
		await fault('POST', 'webhook', 2, { status: 500, body: 'no' });
		await rejection(trigger.create());
		expect(await post(`${trigger.url()}?secret=${'a'.repeat(32)}`, { ack: [ack('delivered')] })).toBe(401);
		expect(trigger.executions).toEqual([]);
	});
});

describe('a test run beside the production one', () => {
	test('has a secret of its own, hears for itself, and leaves production alone', async () => {
		const { trigger, url } = await active();
		await trigger.activate('test');
		const [testUrl] = await ours(trigger, 'test');
		const secretOf = (signed: string) => new URL(signed).searchParams.get('secret')!;
		expect(secretOf(testUrl!)).not.toBe(secretOf(url));
		expect(await post(`${trigger.url('test')}?secret=${secretOf(url)}`, { ack: [ack('delivered')] })).toBe(401);
		for (const to of [testUrl!, url]) expect(await post(to, { ack: [ack('delivered')] })).toBe(200);
		expect(trigger.executions).toHaveLength(2);
		await trigger.deactivate('test');
		expect(await post(testUrl!, { ack: [ack('read')] })).toBe(401);
		expect(await post(url, { ack: [ack('delivered')] })).toBe(200);
		expect(trigger.executions).toHaveLength(2);
		expect(await list()).toEqual([FOREIGN, url]);
	});
});
