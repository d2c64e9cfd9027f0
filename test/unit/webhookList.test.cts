import fc from 'fast-check';
import { masked, readWebhookEntries, readWebhookList, whyUnreachable } from '../../nodes/core/webhooks/list';
import { findListProblems, isHealthyList, reportWebhooks } from '../../nodes/core/webhooks/problems';
import { readWebhooks, type Webhook } from '../../nodes/core/webhooks/states';

const A = 'https://a.example/hook';
const B = 'https://b.example/hook';
const OURS = 'https://n8n.example/webhook/ab12/1msg?secret=s';
const DISABLED_AT = 1_796_000_000_000;
const FAILING_SINCE = 1_795_973_000_000;
const read = (answer: object) => readWebhooks({ webhookUrl: [A, B], ...answer })!;
const states = (answer: object) => read(answer).webhooks.map(({ state }) => state);
const webhook = (url: string, more: Partial<Webhook> = {}): Webhook => ({ url, state: 'ok', word: null, since: null, reason: null, ...more });

describe('states as contract 2.0 tells them', () => {
	test('each URL has the state of its row, since when, and why', () => {
		const rows = [
			{ url: B, circuitState: 'disabled', reason: 'http_404', fails: 4, trips: 3, disabledAt: DISABLED_AT, firstFailAt: FAILING_SINCE },
			{ url: A, circuitState: 'open', reason: 'timeout_or_network', fails: 3, trips: 1, firstFailAt: FAILING_SINCE },
		];
		const summary = { haveDisabledWebhooks: true, circuitState: 'disabled', reason: 'http_404', disabledAt: DISABLED_AT };
		expect(read({ webhookStatuses: rows, disabledWebhooks: [B], ...summary })).toEqual({
			isUnnamedDown: false,
			webhooks: [
				{ url: A, state: 'open', word: null, since: '2026-11-29T17:23:20.000Z', reason: 'timeout_or_network' },
				{ url: B, state: 'disabled', word: null, since: '2026-11-30T00:53:20.000Z', reason: 'http_404' },
			],
		});
	});

	test.each(['ok', 'degraded', 'open', 'half_open', 'disabled'])('%s is known, however it is spelled', (state) => {
		for (const circuitState of [state, ` ${state.toUpperCase()} `, state.replace('_', '-'), state.replace('_', ' ')]) {
			expect(states({ webhookStatuses: [{ url: A, circuitState }] })).toEqual([state, 'unknown']);
		}
	});

	test.each<[string, unknown, string]>([
		['a word nobody knows', 'sleeping', 'sleeping'],
		['a number as text', '7', '7'],
		['an object', { state: 'open' }, 'unreadable'],
		['a list', ['disabled'], 'unreadable'],
		['a text with a URL', 'see https://a.example/?key=hidden', 'see_https://a.example/?key=[hidden]'],
	])('%s is unknown, and kept as its word', (_, circuitState, word) => {
		expect(read({ webhookStatuses: [{ url: A, circuitState, reason: 'http_500', disabledAt: 1 }] }).webhooks[0]).toEqual(webhook(A, { state: 'unknown', word }));
	});

	test.each<[string, unknown, unknown, unknown]>([
		['seconds', { disabledAt: DISABLED_AT / 1000 }, '2026-11-30T00:53:20.000Z', null],
		['numbers as text', { disabledAt: String(DISABLED_AT), reason: 500 }, '2026-11-30T00:53:20.000Z', '500'],
		['other types', { disabledAt: { at: 1 }, reason: ['http_404'] }, null, null],
		['a negative time', { disabledAt: -5 }, null, null],
		['only the first failure, which is no time of being disabled', { firstFailAt: FAILING_SINCE }, null, null],
	])('time and reason as %s', (_, fields, since, reason) => {
		expect(read({ webhookStatuses: [{ url: A, circuitState: 'disabled', ...(fields as object) }] }).webhooks[0]).toMatchObject({ state: 'disabled', since, reason });
	});

	test('a URL without a row is looked for among the disabled ones: as texts, as objects, or alone', () => {
		for (const disabledWebhooks of [[B], B, [{ url: B, circuitState: 'disabled' }], { url: B }, [null, 7, { url: 7 }, B]]) expect(states({ disabledWebhooks })).toEqual(['unknown', 'disabled']);
		expect(states({ disabledWebhooks: [A, B], webhookStatuses: [{ url: A, circuitState: 'ok' }] })).toEqual(['ok', 'disabled']);
	});

	test('the summary is about a single URL; of several it says that one is down, not which', () => {
		const summary = { circuitState: 'disabled', reason: 'http_404', disabledAt: DISABLED_AT };
		expect(readWebhooks({ webhookUrl: A, ...summary })).toMatchObject({ isUnnamedDown: false, webhooks: [{ state: 'disabled', since: '2026-11-30T00:53:20.000Z', reason: 'http_404' }] });
		for (const flags of [summary, { circuitState: 'open' }, { haveDisabledWebhooks: true }, { haveDisabledWebhooks: '1' }]) {
			expect(read(flags)).toMatchObject({ isUnnamedDown: true, webhooks: [{ state: 'unknown' }, { state: 'unknown' }] });
		}
		expect(read({ haveDisabledWebhooks: true, webhookStatuses: [{ url: A, circuitState: 'open' }] }).isUnnamedDown).toBe(true);
		expect(read({ haveDisabledWebhooks: false, circuitState: 'ok' }).isUnnamedDown).toBe(false);
	});

	test('a row for a URL that is not listed is nobody\'s state, but is not swallowed', () => {
		expect(read({ webhookStatuses: [{ url: OURS, circuitState: 'disabled' }, { url: A, circuitState: 'ok' }] })).toMatchObject({ isUnnamedDown: true, webhooks: [{ state: 'ok' }, { state: 'unknown' }] });
		expect(read({ webhookStatuses: [{ url: OURS, circuitState: 'ok' }] }).isUnnamedDown).toBe(false);
	});

	test('of two rows for one URL the worse one counts', () => {
		const rows = ['ok', 'half_open', 'degraded'].map((circuitState) => ({ url: A, circuitState }));
		expect(states({ webhookStatuses: rows })).toEqual(['half_open', 'unknown']);
	});

	test('no list is an empty one, unless there are states of URLs that it would lose', () => {
		for (const none of [{ webhookUrl: null }, {}]) {
			expect(readWebhooks({ ...none, haveDisabledWebhooks: false, webhookStatuses: [], disabledWebhooks: [] })).toEqual({ webhooks: [], isUnnamedDown: false });
			expect(readWebhooks({ ...none, webhookStatuses: [{ url: A, circuitState: 'ok' }] })).toBeUndefined();
			expect(readWebhooks({ ...none, disabledWebhooks: [A] })).toBeUndefined();
		}
	});
});

describe('states as before contract 2.0', () => {
	const up = 'ok';
	const down = 'disabled';
	const untold = 'unknown';
	test.each<[string, unknown, string[]]>([
		['a map of words', { [A]: 'Enabled', [B]: ' DISABLED ' }, [up, down]],
		['a map of booleans', { [A]: true, [B]: false }, [up, down]],
		['a map of numbers', { [A]: 1, [B]: 0 }, [up, down]],
		['a map of objects', { [A]: { enabled: true }, [B]: { isDisabled: true } }, [up, down]],
		['a map that writes the URLs a little differently', { [`${A}/`]: 'enabled', [` ${B} `]: 'disabled' }, [up, down]],
		['a list of objects, in any order', [{ url: B, status: 'disabled' }, { webhookUrl: A, state: 'active' }], [up, down]],
		['a list of objects with flags', [{ url: A, active: true }, { url: B, enabled: false }], [up, down]],
		['a list of words beside the list of URLs', ['enabled', 'disabled'], [up, down]],
		['a list of booleans beside the list of URLs', [true, false], [up, down]],
		['a state for some', { [B]: 'disabled' }, [untold, down]],
		['other words', { [A]: 'resting', [B]: 'Inactive' }, [untold, down]],
		['one setting for all, which is no state', true, [untold, untold]],
		['nothing', undefined, [untold, untold]],
		['null', null, [untold, untold]],
		['something else', 'whatever', [untold, untold]],
		['entries of wrong types', [null, [], { url: {}, status: {} }], [untold, untold]],
	])('told as %s', (_, webhookStatuses, expected) => expect(states({ webhookStatuses })).toEqual(expected));

	test('an answer without a list is rejected', () => {
		for (const json of [null, undefined, 'x', [], { webhookUrl: 7 }, { webhookUrl: [7] }]) expect(readWebhooks(json)).toBeUndefined();
		expect(readWebhooks({})).toEqual({ webhooks: [], isUnnamedDown: false });
	});
});

describe('any answer', () => {
	test('can be parsed, and every text in the list becomes a URL', () => {
		const circuit = { webhookStatuses: fc.anything(), disabledWebhooks: fc.anything(), haveDisabledWebhooks: fc.anything(), circuitState: fc.anything(), reason: fc.anything(), disabledAt: fc.anything(), firstFailAt: fc.anything() };
		fc.assert(
			fc.property(fc.array(fc.string()), fc.record(circuit, { requiredKeys: [] }), fc.anything(), (urls, rest, anything) => {
				const kept = urls.map((url) => url.trim()).filter((url) => url !== '');
				const found = readWebhooks({ ...rest, webhookUrl: urls })!;
				expect(found.webhooks.map(({ url }) => url)).toEqual(kept);
				findListProblems(found, null);
				readWebhooks(anything);
				readWebhooks({ ...rest, webhookUrl: anything });
			}),
		);
	});

	test('is never healthy while ours is down in its row, whatever stands around it', () => {
		const fields = { reason: fc.anything(), fails: fc.anything(), trips: fc.anything(), disabledAt: fc.anything(), firstFailAt: fc.anything(), status: fc.anything(), state: fc.anything(), enabled: fc.anything() };
		const own = fc.tuple(fc.record(fields, { requiredKeys: [] }), fc.constantFrom('disabled', 'open', 'half_open', 'Half-Open', ' OPEN')).map(([row, circuitState]) => ({ ...row, url: OURS, circuitState }));
		const rest = fc.record({ disabledWebhooks: fc.anything(), haveDisabledWebhooks: fc.anything(), circuitState: fc.anything(), more: fc.anything() }, { requiredKeys: [] });
		const urls = fc.shuffledSubarray([A, B, 'https://crm.example/in?key=1']);
		fc.assert(
			fc.property(own, fc.array(fc.anything()), fc.array(fc.anything()), urls, rest, (row, before, after, others, more) => {
				const answer = { ...more, webhookUrl: [...others, OURS], webhookStatuses: [...before, row, ...after] };
				expect(isHealthyList(readWebhooks(answer)!, true)).toBe(false);
				expect(isHealthyList(readWebhooks({ ...answer, webhookStatuses: { [OURS]: row } })!, true)).toBe(false);
			}),
		);
	});
});

test('entries keep their repeats, the list does not', () => {
	expect(readWebhookEntries({ webhookUrl: `${A},${B}, ${A}` })).toEqual([A, B, A]);
	expect(readWebhookList({ webhookUrl: `${A},${B}, ${A}` })).toEqual([A, B]);
});

describe('whether 1MSG can reach a URL', () => {
	test.each([
		'https://n8n.example/webhook/x', 'https://10.example.com/x', 'https://192.168.example.com/x', 'https://fd00.example/x', 'https://172.32.0.1/x',
		'https://100.63.0.1/x', 'https://100.128.0.1/x', 'https://8.8.8.8/x', 'https://[2001:db8::1]/x', 'https://notlocalhost.example/x', 'https://n8n.example./x',
	])('%s: yes', (url) => expect(whyUnreachable(url)).toBeNull());

	test.each([
		['http://n8n.example/x', 'plain http'],
		['https://localhost/x', 'this machine itself'],
		['https://N8N.LocalHost/x', 'this machine itself'],
		['https://127.8.8.8/x', 'this machine itself'],
		['https://0.0.0.0/x', 'this machine itself'],
		['https://[::1]/x', 'this machine itself'],
		['https://[::]/x', 'this machine itself'],
		['https://[::ffff:127.0.0.1]/x', 'this machine itself'],
		['https://10.0.0.7/x', 'private'],
		['https://172.16.0.1/x', 'private'],
		['https://192.168.178.20/x', 'private'],
		['https://169.254.1.1/x', 'private'],
		['https://100.64.0.1/x', 'private'],
		['https://[fd12:3456::1]/x', 'private'],
		['https://[fe80::1]/x', 'private'],
		['https://n8n:5678/x', 'local network'],
		['https://nas.local/x', 'local network'],
		['https://n8n.internal./x', 'local network'],
		['https://pi.home.arpa/x', 'local network'],
		['not a URL', 'not a web address'],
		['', 'not a web address'],
	])('%s: no', (url, why) => expect(whyUnreachable(url)).toContain(why));
});

test.each([
	['https://n8n.example/webhook/x/1msg?secret=abc', 'https://n8n.example/webhook/x/1msg?secret=[hidden]'],
	['https://crm.example/in?a=1&key=abc#part', 'https://crm.example/in?a=[hidden]&key=[hidden]#part'],
	['https://crm.example/in?abc', 'https://crm.example/in?[hidden]'],
	['https://user:pass@crm.example/in', 'https://[hidden]@crm.example/in'],
	['https://crm.example/in/@me', 'https://crm.example/in/@me'],
	['https://a.example/?x=1,https://b.example/?y=2', 'https://a.example/?x=[hidden],https://b.example/?y=[hidden]'],
	['{"webhookUrl":"https://a.example/?x=1","other":2}', '{"webhookUrl":"https://a.example/?x=[hidden]","other":2}'],
])('%s is shown as %s', (url, expected) => expect(masked(url)).toBe(expected));

describe('what is wrong with a list', () => {
	const listOf = (...webhooks: Webhook[]) => ({ webhooks, isUnnamedDown: false });
	const reports = (...urls: string[]) => reportWebhooks(listOf(...urls.map((url) => webhook(url))));
	const problemOf = (url: string, more: Partial<Webhook>) => reportWebhooks(listOf(webhook(url, more)))[0]!.problem;

	test('one URL can have several problems', () => {
		const url = 'http://n8n.example/webhook-test/x/1msg?secret=s';
		expect(problemOf(url, { state: 'disabled' })).toMatch(/disabled it.*Repair Webhooks.*plain http.*WEBHOOK_URL.*test URL/);
	});

	test('each state is said with since when, why and what to do', () => {
		const since = '2026-11-30T00:53:20.000Z';
		expect(problemOf(OURS, { state: 'disabled', since, reason: 'http_404' })).toMatch(/no longer calls it\. Disabled since 2026-11-30T00:53:20\.000Z\. It answered HTTP 404.*Activate its workflow.*Repair Webhooks.*Get Message Status/);
		expect(problemOf(OURS, { state: 'open', since, reason: 'timeout_or_network' })).toMatch(/skips most calls.*Failing since .*in time.*WEBHOOK_URL.*Repair Webhooks/);
		expect(problemOf(OURS, { state: 'half_open', reason: 'http_401' })).toMatch(/waits for the answer.*new secret.*Repair Webhooks/);
		expect(problemOf(OURS, { state: 'degraded', reason: 'http_500' })).toMatch(/still makes them all.*Immediately/);
		expect(problemOf(OURS, { state: 'degraded', reason: 'http_500' })).not.toMatch(/Repair Webhooks|since/);
		expect(problemOf(OURS, { state: 'open', reason: 'tls_expired' })).toContain('1MSG gives the reason "tls_expired".');
		expect(problemOf(OURS, { state: 'unknown', word: 'sleeping' })).toContain('"sleeping"');
		expect(problemOf(OURS, { state: 'unknown' })).toBeNull();
		expect(problemOf(B, { state: 'disabled', reason: 'http_404' })).toMatch(/not a URL of the 1MSG Trigger/);
		expect(problemOf(B, { state: 'disabled', reason: 'http_404' })).not.toMatch(/workflow/);
	});

	test.each<[string, Partial<Webhook>, Partial<Webhook>, boolean]>([
		['both work', {}, {}, true],
		['ours is disabled', { state: 'disabled' }, {}, false],
		['ours is open', { state: 'open' }, {}, false],
		['ours is half open', { state: 'half_open' }, {}, false],
		['ours is degraded, and gets all calls', { state: 'degraded' }, {}, true],
		['ours has a state nobody knows', { state: 'unknown', word: 'sleeping' }, {}, false],
		['the service has no states', { state: 'unknown' }, { state: 'unknown' }, true],
		["somebody else's is disabled", {}, { state: 'disabled' }, true],
		["somebody else's has a state nobody knows", {}, { state: 'unknown', word: 'sleeping' }, true],
	])('%s', (_, ours, theirs, isHealthy) => {
		const list = listOf(webhook(OURS, ours), webhook(B, theirs));
		expect(isHealthyList(list, true)).toBe(isHealthy);
		const isWrong = [ours, theirs].some(({ state = 'ok', word }) => state !== 'ok' && (state !== 'unknown' || word));
		expect(findListProblems(list, true).length > 0).toBe(isWrong);
	});

	test('a URL that is down and not named makes ours unhealthy, unless ours is known to work', () => {
		const unnamed = (more: Partial<Webhook>) => ({ webhooks: [webhook(OURS, more), webhook(B)], isUnnamedDown: true });
		expect(isHealthyList(unnamed({ state: 'unknown' }), true)).toBe(false);
		expect(isHealthyList(unnamed({}), true)).toBe(true);
		expect(findListProblems(unnamed({}), true)).toEqual([expect.stringContaining('not which')]);
	});

	test("what is wrong with the list counts for ours only, and an empty list and missing status events always", () => {
		expect(isHealthyList(listOf(webhook('http://crm.local/in'), webhook(OURS)), null)).toBe(true);
		expect(isHealthyList(listOf(webhook('http://n8n.local/webhook/x/1msg?secret=s')), true)).toBe(false);
		expect(isHealthyList(listOf(webhook(OURS)), false)).toBe(false);
		expect(isHealthyList(listOf(), true)).toBe(false);
	});

	test('a different query is a different receiver, unless only our secret differs', () => {
		expect(reports(`${A}?for=1`, `${A}?for=2`).map(({ problem }) => problem)).toEqual([null, null]);
		expect(reports(`${A}?secret=1`, `${A}/?secret=2`, A).every(({ problem }) => problem?.includes('more than once'))).toBe(true);
		expect(reports('no URL', 'no URL').every(({ problem }) => problem?.includes('more than once'))).toBe(true);
	});

	test('only what the trigger registers counts as its own', () => {
		const urls = ['https://n8n.example/webhook/x/1msg?secret=s', 'https://n8n.example/webhook/x/1msg/?secret=s', 'https://n8n.example/webhook/x/1msg', 'https://n8n.example/webhook/x?secret=s'];
		expect(reports(...urls).map(({ isTrigger }) => isTrigger)).toEqual([true, true, false, false]);
	});

	test('an unreported setting is not a problem', () => {
		expect(findListProblems(listOf(webhook(A)), null)).toEqual([]);
		expect(findListProblems(listOf(webhook(A)), true)).toEqual([]);
		expect(findListProblems(listOf(webhook(A)), false)).toHaveLength(1);
		expect(findListProblems(listOf(), false)).toHaveLength(2);
	});
});
