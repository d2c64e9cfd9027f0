import fc from 'fast-check';
import { readChannel } from '../../nodes/core/channel/channel';
import { KeyedMutex } from '../../nodes/core/keyedMutex';
import { isSameEndpoint, readWebhookList, whyUnreachable } from '../../nodes/core/webhooks/list';

const jwt = (payload: unknown) => `head.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.signature`;
const root = (fields: object) => {
	const channel = readChannel({ apiToken: 'a-token', ...fields });
	return channel.ok ? channel.value.root : channel.problem.code;
};

test.each([
	[{ channelId: 'ABC123456789' }, 'https://api.1msg.io/ABC123456789'],
	[{ channelId: ' instanceABC123456789 ', baseUrl: 'https://gw.example/' }, 'https://gw.example/ABC123456789'],
	[{ channelId: 'ABC123456789', baseUrl: 'https://gw.example/1msg/' }, 'https://gw.example/1msg/ABC123456789'],
	[{ channelId: 'ABC123456789', baseUrl: 'https://gw.example/1msg/ABC123456789' }, 'https://gw.example/1msg/ABC123456789'],
	[{ channelId: 'ABC123456789', baseUrl: 'https://gw.example//evil.example/' }, 'https://gw.example/evil.example/ABC123456789'],
	[{ baseUrl: 'https://api.1msg.io/ABC123456789/' }, 'https://api.1msg.io/ABC123456789'],
	[{ baseUrl: 'http://[::1]:8321', channelId: '123456' }, 'http://[::1]:8321/123456'],
	[{ apiToken: jwt({ instanceId: 'instance123456' }) }, 'https://api.1msg.io/123456'],
	[{ apiToken: `Bearer ${jwt({ instanceId: 123456 })}` }, 'https://api.1msg.io/123456'],
	[{ apiToken: jwt({ instanceId: '123456' }), channelId: 'XYZ000000001' }, 'https://api.1msg.io/XYZ000000001'],
	[{ apiToken: jwt({}) }, 'channel-id-missing'],
	[{ apiToken: 'a.b.c' }, 'channel-id-missing'],
	[{ channelId: 'a/../b' }, 'channel-id-missing'],
	[{ apiToken: 'two words', channelId: '123456' }, 'token-missing'],
	[{ channelId: '123456', baseUrl: 'javascript:alert(1)' }, 'invalid-base-url'],
])('%j leads to %s', (fields, expected) => expect(root(fields)).toBe(expected));

test('never throws', () => {
	fc.assert(fc.property(fc.anything(), fc.anything(), fc.anything(), (channelId, apiToken, baseUrl) => void readChannel({ channelId, apiToken, baseUrl })), { numRuns: 2000 });
});

test('webhook lists are read in every form, and endpoints compared by origin and path', () => {
	expect(readWebhookList({ webhookUrl: 'https://a.example/x?y=1,2, https://b.example' })).toEqual(['https://a.example/x?y=1,2', 'https://b.example']);
	expect(readWebhookList({ webhookUrl: null })).toEqual([]);
	expect(readWebhookList('x')).toBeUndefined();
	expect(isSameEndpoint(' https://A.example/x/?secret=1', 'https://a.example/x')).toBe(true);
	expect(isSameEndpoint('https://a.example/x', 'https://a.example/xy')).toBe(false);
	expect(isSameEndpoint('nonsense', 'nonsense')).toBe(false);
});

test.each([['https://n8n.example/webhook/x', true], ['http://n8n.example/x', false], ['https://localhost/x', false], ['https://127.0.0.1/x', false], ['https://10.1.2.3/x', false], ['https://n8n/x', false], ['https://[::1]/x', false], ['https://172.20.0.1/x', false], ['https://172.40.0.1/x', true]])(
	'%s can be reached from the internet: %s',
	(url, reachable) => expect(whyUnreachable(url) === null).toBe(reachable),
);

test('work under one key runs in sequence, even after a failure', async () => {
	const lock = new KeyedMutex();
	const order: string[] = [];
	const work = (name: string, fails = false) => async () => {
		order.push(`${name} begins`);
		await Promise.resolve();
		order.push(`${name} ends`);
		if (fails) throw new Error(name);
	};
	await Promise.allSettled([lock.run('a', work('1', true)), lock.run('a', work('2')), lock.run('a', work('3'))]);
	expect(order).toEqual(['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends']);
});
