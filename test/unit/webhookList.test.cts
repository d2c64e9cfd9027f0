import fc from 'fast-check';
import { masked, readWebhookEntries, readWebhookList, whyUnreachable } from '../../nodes/core/webhooks/list';
import { findListProblems, reportWebhooks } from '../../nodes/core/webhooks/problems';
import { readWebhooks } from '../../nodes/core/webhooks/states';

const A = 'https://a.example/hook';
const B = 'https://b.example/hook';
const told = (webhookStatuses: unknown) => readWebhooks({ webhookUrl: [A, B], webhookStatuses })!.map(({ state, isDisabled }) => [state, isDisabled]);
const up = ['enabled', false];
const down = ['disabled', true];
const untold = [null, null];

describe('states', () => {
	test.each<[string, unknown, unknown[]]>([
		['a map of words', { [A]: 'Enabled', [B]: ' DISABLED ' }, [up, down]],
		['a map of booleans', { [A]: true, [B]: false }, [up, down]],
		['a map of numbers', { [A]: 1, [B]: 0 }, [up, down]],
		['a map of objects', { [A]: { enabled: true }, [B]: { isDisabled: true } }, [up, down]],
		['a map that writes the URLs a little differently', { [`${A}/`]: 'enabled', [` ${B} `]: 'disabled' }, [up, down]],
		['a list of objects, in any order', [{ url: B, status: 'disabled' }, { webhookUrl: A, state: 'active' }], [['active', false], down]],
		['a list of objects with flags', [{ url: A, active: true }, { url: B, enabled: false }], [up, down]],
		['a list of words beside the list of URLs', ['enabled', 'disabled'], [up, down]],
		['a list of booleans beside the list of URLs', [true, false], [up, down]],
		['a state for some', { [B]: 'disabled' }, [untold, down]],
		['other words', { [A]: 'degraded', [B]: 'Inactive' }, [['degraded', null], ['inactive', true]]],
		['one setting for all, which is no state', true, [untold, untold]],
		['nothing', undefined, [untold, untold]],
		['null', null, [untold, untold]],
		['something else', 'whatever', [untold, untold]],
		['entries of wrong types', [null, [], { url: {}, status: {} }], [untold, untold]],
	])('told as %s', (_, given, expected) => expect(told(given)).toEqual(expected));

	test('an answer without a list is rejected', () => {
		for (const json of [null, undefined, 'x', [], { webhookUrl: 7 }, { webhookUrl: [7] }]) expect(readWebhooks(json)).toBeUndefined();
		expect(readWebhooks({})).toEqual([]);
	});

	test('any answer can be parsed, and every text in the list becomes a URL', () => {
		fc.assert(
			fc.property(fc.array(fc.string()), fc.anything(), (urls, webhookStatuses) => {
				const kept = urls.map((url) => url.trim()).filter((url) => url !== '');
				expect(readWebhooks({ webhookUrl: urls, webhookStatuses })!.map(({ url }) => url)).toEqual(kept);
				reportWebhooks(readWebhooks({ webhookUrl: urls, webhookStatuses })!);
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
	const reports = (...urls: string[]) => reportWebhooks(urls.map((url) => ({ url, state: null, isDisabled: null })));

	test('one URL can have several problems', () => {
		const [report] = reportWebhooks([{ url: 'http://n8n.example/webhook-test/x/1msg?secret=s', state: 'disabled', isDisabled: true }]);
		expect(report!.problem).toMatch(/disabled it.*plain http.*WEBHOOK_URL.*test URL/);
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
		expect(findListProblems(reports(A), null)).toEqual([]);
		expect(findListProblems(reports(A), true)).toEqual([]);
		expect(findListProblems(reports(A), false)).toHaveLength(1);
		expect(findListProblems([], false)).toHaveLength(2);
	});
});
