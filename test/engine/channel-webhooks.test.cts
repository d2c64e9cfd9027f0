import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { PACKAGE_FOLDER } from '../support/line.cjs';
import { runNode } from '../support/run-node.cjs';
import { startTriggerHost } from '../support/trigger-host.cjs';

const channel = useChannel();
const INBOX = 'https://app.1msg.io/service/inbox';
const HIDDEN = 'kept-away-7f3a';
const TRIGGER = 'https://n8n.example/webhook/5b1c/1msg';
const SIGNED = `${TRIGGER}?secret=${HIDDEN}`;

const run = async (operation: string, options: INodeParameters = {}, items?: IDataObject[]) => {
	const result = await runNode({ parameters: { resource: 'channel', operation, options }, credential: channel.credential, onError: 'continueErrorOutput', items });
	expect(result.saved).not.toContain(HIDDEN);
	return result;
};
const get = async (options?: INodeParameters) => (await run('getWebhooks', options)).items[0]!.json;
const repair = async (options?: INodeParameters) => (await run('repairWebhooks', options)).items[0]!.json;
const refusal = async (operation: string) => (await run(operation)).errors[0]!.json.error as IDataObject;
const setList = async (urls: string[], disabled: string[] = []) => await channel.sandbox.control('POST', '/webhooks', { urls, disabled });
const list = async () => ((await channel.sandbox.control('GET', '/webhooks')).body.webhooks as Array<{ url: string; enabled: boolean }>);
const urls = async () => (await list()).map(({ url }) => url);
const posts = async (path: string) => (await channel.calls(path)).filter(({ method }) => method === 'POST');
const CRM = 'https://crm.example/in';
const SHOP = 'https://shop.example/in';
const DISABLED_ROW = { circuitState: 'disabled', reason: 'http_404', fails: 4, trips: 3, disabledAt: 1_796_000_000_000, firstFailAt: 1_795_973_000_000 };
/** An answer of contract 2.0 (1msg-contract-2.md, section 1.3): the inbox, ours, and others, in these states. */
const answer = (states: IDataObject[], urls = [INBOX, SIGNED, CRM, SHOP].slice(0, states.length)) => {
	const rows: IDataObject[] = urls.map((url, index) => ({ url, ...states[index] }));
	const disabledWebhooks = rows.filter(({ circuitState }) => circuitState === 'disabled').map(({ url }) => url);
	return { status: 200, body: { webhookUrl: urls, haveDisabledWebhooks: disabledWebhooks.length > 0, ...(rows.find(({ circuitState }) => circuitState === 'disabled') ?? rows[0]), url: undefined, webhookStatuses: rows, disabledWebhooks } };
};
/** Serves the states of the next reads, the last ones forever; the sandbox takes the writes. */
const serve = async (...reads: IDataObject[][]) => {
	await setList((answer(reads[0]!).body.webhookUrl));
	const answers = reads.map((states) => answer(states));
	const last = answers.pop()!;
	if (answers.length > 0) await channel.script({ path: 'webhook', method: 'GET', answers });
	await channel.script({ path: 'webhook', method: 'GET', times: 'forever', answers: [last] });
};
const switchOn = async () => await channel.sandbox.call('POST', '/settings', { ackNotificationsOn: true });

describe('Get Webhooks', () => {
	test('a correct list is healthy', async () => {
		await setList([INBOX, SIGNED]);
		await switchOn();
		expect(await get()).toStrictEqual({
			channelId: channel.sandbox.channelId, isHealthy: true, problems: [], used: 2, free: 3, ackNotificationsOn: true,
			webhooks: [
				{ url: INBOX, isTrigger: false, state: 'ok', isDisabled: false, since: null, reason: null, problem: null },
				{ url: `${TRIGGER}?secret=[hidden]`, isTrigger: true, state: 'ok', isDisabled: false, since: null, reason: null, problem: null },
			],
		});
		expect(await posts('webhook')).toEqual([]);
	});

	test('one item per input item, paired', async () => {
		const { items } = await run('getWebhooks', {}, [{}, {}]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});

	test.each(['map', 'booleans', 'array'])('a disabled URL is found in states told as %s', async (webhookStatuses) => {
		await channel.settings({ webhookStatuses });
		await setList([INBOX, SIGNED], [SIGNED]);
		const { webhooks, isHealthy, problems } = await get();
		expect(webhooks).toMatchObject([{ isDisabled: false, problem: null }, { state: 'disabled', isDisabled: true, problem: expect.stringContaining('Repair Webhooks') }]);
		expect(isHealthy).toBe(false);
		expect(problems).toEqual(expect.arrayContaining([expect.stringMatching(/^https:\/\/n8n\.example\/webhook\/5b1c\/1msg\?secret=\[hidden\]: .*disabled/)]));
	});

	test('a channel without states is not reported to have disabled URLs', async () => {
		await channel.settings({ webhookStatuses: 'none' });
		await setList([INBOX], [INBOX]);
		await switchOn();
		expect(await get()).toMatchObject({ isHealthy: true, webhooks: [{ state: 'unknown', isDisabled: null, problem: null }] });
	});

	test('the states of contract 2.0 are told for each URL: since when, why, and what to do', async () => {
		await serve([{ circuitState: 'open', reason: 'timeout_or_network', fails: 3, firstFailAt: 1_795_973_000_000 }, DISABLED_ROW, { circuitState: 'degraded', reason: 'http_503' }, { circuitState: 'ok' }]);
		await switchOn();
		const { webhooks, isHealthy, problems } = await get();
		expect(isHealthy).toBe(false);
		expect(webhooks).toMatchObject([
			{ url: INBOX, isTrigger: false, state: 'open', isDisabled: false, since: '2026-11-29T17:23:20.000Z', reason: expect.stringContaining('in time'), problem: expect.stringContaining('Repair Webhooks') },
			{ url: `${TRIGGER}?secret=[hidden]`, isTrigger: true, state: 'disabled', isDisabled: true, since: '2026-11-30T00:53:20.000Z', reason: expect.stringContaining('HTTP 404'), problem: expect.stringMatching(/Activate its workflow.*Repair Webhooks.*Get Message Status/) },
			{ url: CRM, state: 'degraded', isDisabled: false, since: null, reason: expect.stringContaining('HTTP 503'), problem: expect.stringContaining('still makes them all') },
			{ url: SHOP, state: 'ok', isDisabled: false, since: null, reason: null, problem: null },
		]);
		expect(problems).toHaveLength(3);
	});

	test.each<[string, IDataObject, IDataObject, boolean]>([
		['ours is disabled', { circuitState: 'disabled' }, { circuitState: 'ok' }, false],
		['ours is open', { circuitState: 'open' }, { circuitState: 'ok' }, false],
		['ours is half open', { circuitState: 'half_open' }, { circuitState: 'ok' }, false],
		['ours is degraded', { circuitState: 'degraded' }, { circuitState: 'ok' }, true],
		['ours is in a state nobody knows', { circuitState: 'sleeping' }, { circuitState: 'ok' }, false],
		["somebody else's is disabled", { circuitState: 'ok' }, { circuitState: 'disabled' }, true],
	])('%s: it is said, and counts for ours', async (_, ours, theirs, isHealthy) => {
		await serve([theirs, ours]);
		await switchOn();
		expect(await get()).toMatchObject({ isHealthy, problems: [expect.stringMatching(/1MSG|calls/)] });
	});

	test.each<[string, IDataObject]>([
		['a summary of several URLs', { circuitState: 'disabled', reason: 'http_404' }],
		['a flag', { haveDisabledWebhooks: true }],
		['a row for a URL that is not listed', { webhookStatuses: [{ url: `${TRIGGER}?secret=other`, circuitState: 'disabled' }] }],
	])('a URL that is down by %s alone is not healthy', async (_, more) => {
		await channel.script({ path: 'webhook', method: 'GET', answers: [{ status: 200, body: { webhookUrl: [INBOX, SIGNED], ...more } }] });
		await switchOn();
		expect(await get()).toMatchObject({ isHealthy: false, webhooks: [{ state: 'unknown' }, { state: 'unknown' }], problems: [expect.stringContaining('not which')] });
	});

	test.each<[string, unknown]>([['null', null], ['an empty text', '']])('a list of %s is empty', async (_, webhookUrl) => {
		await channel.script({ path: 'webhook', method: 'GET', answers: [{ status: 200, body: { webhookUrl, haveDisabledWebhooks: false, webhookStatuses: [] } as IDataObject }] });
		expect(await get()).toMatchObject({ used: 0, isHealthy: false });
	});

	test('words of the service are shown without the token and the secrets in its URLs', async () => {
		await serve([{ circuitState: `no ${channel.sandbox.token}` }, { circuitState: 'open', reason: `called ${SIGNED} with ${channel.sandbox.token}` }]);
		const { items } = await run('getWebhooks');
		expect(JSON.stringify(items)).not.toContain(channel.sandbox.token);
		expect(items[0]!.json.webhooks).toMatchObject([{ state: 'unknown' }, { state: 'open', reason: expect.stringContaining('[hidden]') }]);
	});

	test.each([
		['http://localhost:5678/webhook/x/1msg?secret=s', 'this machine itself'],
		['https://192.168.1.20/webhook/x', 'private address'],
		['https://n8n/webhook/x', 'only on a local network'],
		['http://n8n.example/webhook/x', 'plain http'],
	])('%s is said not to be reachable, in words that name WEBHOOK_URL', async (url, why) => {
		await setList([url]);
		const { webhooks } = await get();
		expect(webhooks).toMatchObject([{ problem: expect.stringContaining(why) }]);
		expect(webhooks).toMatchObject([{ problem: expect.stringContaining('WEBHOOK_URL') }]);
	});

	test('a duplicate URL, with a trailing slash or an old secret, is reported', async () => {
		await setList([INBOX, `${INBOX}/`, SIGNED, `${TRIGGER}?secret=older`, 'https://crm.example/in']);
		const twice = expect.stringContaining('more than once');
		expect((await get()).webhooks).toMatchObject([{ problem: twice }, { problem: twice }, { problem: twice }, { problem: twice }, { problem: null }]);
	});

	test('five URLs fill the list; a leftover test URL is named', async () => {
		await setList([INBOX, 'https://a.example/', 'https://b.example/', 'https://c.example/', `${TRIGGER.replace('webhook', 'webhook-test')}?secret=x`]);
		await switchOn();
		expect(await get()).toMatchObject({ used: 5, free: 0, problems: [expect.stringContaining('test URL')] });
	});

	test('status events that are off are a problem of the channel', async () => {
		expect(await get()).toMatchObject({ ackNotificationsOn: false, isHealthy: false, problems: [expect.stringContaining('ackNotificationsOn is off')] });
	});

	test('an empty list is an item too', async () => {
		await setList([]);
		expect(await get()).toMatchObject({ used: 0, webhooks: [], isHealthy: false, problems: expect.arrayContaining([expect.stringContaining('calls no URL')]) });
	});

	test.each(['auto', 'array', 'comma'])('the list is read in its %s form', async (webhookShape) => {
		await channel.settings({ webhookShape });
		await setList([INBOX, SIGNED]);
		expect(await get()).toMatchObject({ used: 2 });
	});

	test('a channel without settings still shows its list', async () => {
		await channel.script({ path: 'settings', answers: [{ status: 404, body: { message: 'unknown method' } }] });
		expect(await get()).toMatchObject({ ackNotificationsOn: null, isHealthy: true, used: 1 });
	});

	test('without Simplify the service\'s own answers are added, without the secrets in its URLs', async () => {
		await setList([SIGNED, `https://user:${HIDDEN}@crm.example/in?key=${HIDDEN}`]);
		expect((await get({ simplify: false })).response).toMatchObject({
			webhook: { webhookUrl: [`${TRIGGER}?secret=[hidden]`, 'https://[hidden]@crm.example/in?key=[hidden]'] },
			settings: { ackNotificationsOn: false },
		});
	});
});

describe('Repair Webhooks', () => {
	test('disabled URLs are enabled by the same list, and nothing else is touched', async () => {
		await setList([INBOX, SIGNED, 'https://crm.example/in'], [INBOX, SIGNED]);
		expect(await repair()).toStrictEqual({
			channelId: channel.sandbox.channelId, submitted: true, repaired: [INBOX, `${TRIGGER}?secret=[hidden]`], stillDisabled: [], stillOpen: [], advice: expect.stringContaining('Get Message Status'),
			webhooks: [INBOX, `${TRIGGER}?secret=[hidden]`, 'https://crm.example/in'].map((url) => expect.objectContaining({ url, isDisabled: false })),
		});
		expect((await list()).map(({ url, enabled }) => [url, enabled])).toEqual([[INBOX, true], [SIGNED, true], ['https://crm.example/in', true]]);
		expect(await posts('settings')).toEqual([]);
		expect(await posts('webhook')).toHaveLength(1);
	});

	test('with nothing disabled nothing is written, and an empty list is left alone', async () => {
		expect(await repair()).toMatchObject({ submitted: false, repaired: [], stillDisabled: [], stillOpen: [], advice: null });
		await setList([]);
		expect(await repair()).toMatchObject({ submitted: false, repaired: [], webhooks: [] });
		expect([...(await posts('webhook')), ...(await posts('settings'))]).toEqual([]);
	});

	test('for many items the list is submitted once', async () => {
		await setList([INBOX], [INBOX]);
		const { items } = await run('repairWebhooks', {}, [{}, {}, {}]);
		expect(items.map(({ json }) => json.submitted)).toEqual([true, false, false]);
		expect(await posts('webhook')).toHaveLength(1);
	});

	test('without states the list is submitted once, since any URL may be disabled', async () => {
		await channel.settings({ webhookStatuses: 'none' });
		await setList([INBOX, SIGNED], [SIGNED]);
		expect(await repair()).toMatchObject({ submitted: true, repaired: [], stillDisabled: [] });
		expect(await posts('webhook')).toHaveLength(1);
		expect((await list()).every(({ enabled }) => enabled)).toBe(true);
	});

	test('a concurrent write by another program loses nothing', async () => {
		const other = 'https://other.example/hook';
		await setList([INBOX, SIGNED], [SIGNED]);
		const states = { webhookUrl: [INBOX, SIGNED], webhookStatuses: { [SIGNED]: 'disabled' } };
		await channel.script({ path: 'webhook', method: 'GET', answers: [{ status: 200, body: states }] });
		// The first submission is answered, but the next read shows the other program's write.
		await channel.script({ path: 'webhook', method: 'POST', answers: [{ status: 200, body: { set: false } }] });
		await setList([INBOX, other, SIGNED], [SIGNED]);
		expect(await repair()).toMatchObject({ submitted: true, repaired: [`${TRIGGER}?secret=[hidden]`], stillDisabled: [] });
		expect(await urls()).toEqual([INBOX, other, SIGNED]);
		expect((await list()).every(({ enabled }) => enabled)).toBe(true);
	});

	test('an activation in the same n8n waits for its turn', async () => {
		await setList([INBOX], [INBOX]);
		const trigger = await startTriggerHost({ credential: channel.credential, publicHost: 'https://n8n.example' });
		// The repair holds the list from before the activation until its answer arrives.
		await channel.script({ path: 'webhook', method: 'GET', answers: [{ normal: true, delayMs: 1500 }] });
		const repairing = repair();
		await new Promise((resolve) => setTimeout(resolve, 500));
		await trigger.create();
		expect(await repairing).toMatchObject({ repaired: [INBOX] });
		expect(await urls()).toEqual([INBOX, expect.stringContaining(trigger.url())]);
		await trigger.stop();
	});

	const OK = { circuitState: 'ok' };
	const OPEN = { circuitState: 'open', reason: 'http_404' };
	const HALF_OPEN = { circuitState: 'half_open' };
	const HIDDEN_URL = `${TRIGGER}?secret=[hidden]`;

	test.each<[string, IDataObject, IDataObject, IDataObject]>([
		['disabled, then ok', DISABLED_ROW, OK, { repaired: [HIDDEN_URL], stillDisabled: [], stillOpen: [] }],
		['open, then ok', OPEN, OK, { repaired: [HIDDEN_URL], stillDisabled: [], stillOpen: [] }],
		['open, then degraded', OPEN, { circuitState: 'degraded' }, { repaired: [HIDDEN_URL], stillDisabled: [], stillOpen: [] }],
		['half open, then ok', HALF_OPEN, OK, { repaired: [HIDDEN_URL], stillDisabled: [], stillOpen: [] }],
		['open, then half open', OPEN, HALF_OPEN, { repaired: [], stillDisabled: [], stillOpen: [HIDDEN_URL] }],
		['open, then disabled', OPEN, DISABLED_ROW, { repaired: [], stillDisabled: [HIDDEN_URL], stillOpen: [] }],
		['disabled, then a word nobody knows', DISABLED_ROW, { circuitState: 'sleeping' }, { repaired: [], stillDisabled: [], stillOpen: [], webhooks: [{ state: 'ok' }, { state: 'unknown', isDisabled: null }, {}] }],
	])('%s: the whole list is submitted, and what changed is said as it is read back', async (_, before, after, expected) => {
		await serve([OK, before, OK], [OK, after, OK]);
		await channel.script({ path: 'webhook', method: 'POST', times: 'forever', answers: [{ status: 200, body: { set: false } }] });
		expect(await repair()).toMatchObject({ submitted: true, advice: expect.stringContaining('Get Message Status'), ...expected });
		for (const { body } of await posts('webhook')) expect(JSON.parse(body as string)).toEqual({ webhookUrl: [INBOX, SIGNED, CRM] });
		expect(await posts('settings')).toEqual([]);
	});

	test('a URL that goes down while another is repaired is named', async () => {
		await serve([DISABLED_ROW, OK], [OK, OPEN]);
		expect(await repair()).toMatchObject({ submitted: true, repaired: [INBOX], stillDisabled: [], stillOpen: [HIDDEN_URL] });
	});

	test.each<[string, IDataObject]>([['set: true', { set: true }], ['set: false', { set: false, message: 'unchanged' }], ['nothing', {}]])('an answer of %s repairs nothing by itself', async (_, body) => {
		await serve([OK, DISABLED_ROW]);
		await channel.script({ path: 'webhook', method: 'POST', times: 'forever', answers: [{ status: 200, body }] });
		expect(await repair()).toMatchObject({ submitted: true, repaired: [], stillDisabled: [HIDDEN_URL] });
	});

	test('what works, or fails without being skipped, is left alone', async () => {
		await serve([OK, { circuitState: 'degraded', reason: 'http_500' }]);
		expect(await repair()).toMatchObject({ submitted: false, repaired: [], stillDisabled: [], stillOpen: [], advice: null });
		expect(await posts('webhook')).toEqual([]);
	});

	test('a URL that is down and not named is reason enough', async () => {
		await channel.script({ path: 'webhook', method: 'GET', answers: [{ status: 200, body: { ...answer([OK, OK]).body, haveDisabledWebhooks: true } as IDataObject }] });
		await setList([INBOX, SIGNED]);
		expect(await repair()).toMatchObject({ submitted: true, repaired: [] });
		expect(await posts('webhook')).toHaveLength(1);
	});

	test('states of URLs without a list are no list: nothing is written', async () => {
		await channel.script({ path: 'webhook', method: 'GET', times: 'forever', answers: [{ status: 200, body: { webhookUrl: null, webhookStatuses: [{ url: SIGNED, ...DISABLED_ROW }] } as unknown as IDataObject }] });
		expect(await refusal('repairWebhooks')).toMatchObject({ code: 'webhook-list-unreadable' });
		expect([...(await posts('webhook')), ...(await posts('settings'))]).toEqual([]);
	});

	test('a URL that 1MSG keeps disabled is named, after two submissions', async () => {
		const body = { webhookUrl: [INBOX, SIGNED], webhookStatuses: [{ url: SIGNED, status: 'Disabled' }, { url: INBOX, enabled: true }] };
		await channel.script({ path: 'webhook', method: 'GET', times: 'forever', answers: [{ status: 200, body }] });
		expect(await repair()).toMatchObject({ submitted: true, repaired: [], stillDisabled: [`${TRIGGER}?secret=[hidden]`] });
		expect(await posts('webhook')).toHaveLength(2);
	});
});

describe.each(['getWebhooks', 'repairWebhooks'])('%s, when the service fails', (operation) => {
	const bad = { status: 400, body: { error: 'not now' } };
	test.each<[string, IDataObject, IDataObject]>([
		['the list cannot be read', { path: 'webhook', method: 'GET', times: 'forever', answers: [bad] }, { httpCode: 400 }],
		['the list is something else', { path: 'webhook', method: 'GET', answers: [{ status: 200, body: '<html>' }] }, { code: 'webhook-list-unreadable', action: 'alertPerson' }],
		['the token is rejected', { path: 'webhook', method: 'GET', answers: [{ status: 401, body: { error: `Wrong token "${HIDDEN}"` } }] }, { code: 'token-rejected', action: 'alertPerson' }],
	])('%s: an error of the item, and nothing is written', async (_, script, expected) => {
		await setList([INBOX, SIGNED], [SIGNED]);
		await channel.script(script);
		expect(await refusal(operation)).toMatchObject(expected);
		expect([...(await posts('webhook')), ...(await posts('settings'))]).toEqual([]);
		expect(await urls()).toEqual([INBOX, SIGNED]);
	});

	test('a throttled or failed query is retried', async () => {
		await channel.script({ path: 'webhook', method: 'GET', answers: [{ status: 429, body: { error: 'Too many requests' } }, { status: 500, body: 'no' }] });
		expect((await run(operation)).items).toHaveLength(1);
	});

	test('a bad option makes no request', async () => {
		expect((await run(operation, { timeout: -1 })).errors[0]!.json.error).toMatchObject({ code: 'invalid-option' });
		expect(await channel.calls('webhook')).toEqual([]);
	});
});

test('settings that cannot be read are an error of Get Webhooks', async () => {
	await channel.script({ path: 'settings', method: 'GET', answers: [{ status: 403, body: 'trial' }] });
	expect(await refusal('getWebhooks')).toMatchObject({ httpCode: 403 });
});

test.each<[string, IDataObject, IDataObject]>([
	['refused', { status: 400, body: { error: 'No more than 5' } }, { httpCode: 400, message: expect.stringContaining('No more than 5') }],
	['not answered well', { status: 500, body: 'no' }, { code: 'service-unavailable', retryable: true }],
	['cut off', { then: 'cutBefore' }, { code: 'service-unavailable', retryable: true }],
])('a repair whose submission is %s is an error, made once, and the list stays', async (_, answer, expected) => {
	await setList([INBOX, SIGNED], [SIGNED]);
	await channel.script({ path: 'webhook', method: 'POST', answers: [answer] });
	expect(await refusal('repairWebhooks')).toMatchObject(expected);
	expect(await posts('webhook')).toHaveLength(1);
	expect(await urls()).toEqual([INBOX, SIGNED]);
});

test('a repair that cannot be read back is an error', async () => {
	await setList([INBOX, SIGNED], [SIGNED]);
	await channel.script({ path: 'webhook', method: 'GET', answers: [{ normal: true }, { status: 403, body: 'trial' }] });
	expect(await refusal('repairWebhooks')).toMatchObject({ httpCode: 403 });
	expect(await urls()).toEqual([INBOX, SIGNED]);
});

test.each(['getWebhooks', 'repairWebhooks'])('%s returns what its schema says, no more and no less', async (operation) => {
	const file = join(PACKAGE_FOLDER, 'dist', 'nodes', 'OneMsg', '__schema__', 'v1.0.0', 'channel', `${operation}.json`);
	const { properties } = JSON.parse(readFileSync(file, 'utf8'));
	const item = await (operation === 'getWebhooks' ? get() : repair());
	expect(Object.keys(item).sort()).toEqual(Object.keys(properties).sort());
	expect(Object.keys((item.webhooks as IDataObject[])[0]!).sort()).toEqual(Object.keys(properties.webhooks.items.properties).sort());
});
