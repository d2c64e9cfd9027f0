import fc from 'fast-check';
import { signRequest, type SignableRequest } from '../../nodes/core/channel/signRequest';

const CHANNEL = 'ABC123456789';
const ORIGIN = 'https://gw.example';
const fields = { channelId: CHANNEL, apiToken: 'Bearer a-token', baseUrl: `${ORIGIN}/1msg` };
const sign = (request: SignableRequest) => signRequest(fields, request);
/** Parts of addresses, and what turns them into others. */
const PARTS = [
	'https:', 'http:', 'HTTPS:', 'blob:', 'data:', '//', '/', '\\', '@', ':', ':443', ':444', '.', '..', '?', '#', ' ', '\t', '\n', '\0', '%2f', '%40', '。',
	'gw.example', 'GW.EXAMPLE', 'ｇｗ.example', 'evil.example', 'gw.example.evil.example', '[::1]', 'user:pass@', '{channel}', '%7Bchannel%7D', CHANNEL, '1msg', 'status',
];
const REDIRECTS_OFF = { disableFollowRedirect: true, followRedirect: false, followAllRedirects: false, maxRedirects: 0 };

describe('the token', () => {
	test('travels once, in the header, whatever login the request brought', () => {
		const request = { url: `${ORIGIN}/x`, headers: { authorization: 'old', AUTHORIZATION: 'older', Accept: 'text/plain' }, auth: { bearer: 'b', user: 'u', pass: 'p' } };
		expect(sign(request)).toMatchObject({ url: `${ORIGIN}/x`, auth: undefined });
		expect(sign(request).headers).toEqual({ Accept: 'text/plain', Authorization: 'Bearer a-token' });
		expect(sign({ uri: 'https://user:pass@gw.example/x' }).url).toBe(`${ORIGIN}/x`);
	});

	test.each([
		'https://evil.example/ABC123456789/status',
		'http://gw.example/x',
		'https://gw.example:444/x',
		'https://gw.example./x',
		'https://api.gw.example/x',
		'https://gw.example@evil.example/',
		'https://gw.example:443@evil.example/',
		'https://evil.example\\@gw.example/',
		'//evil.example/x',
		'/\\evil.example/x',
		'\\\\evil.example',
		' https://evil.example',
		'ht\ntps://evil.example',
		'https:\\\\evil.example/x',
		'https://{channel}/status',
		'wss://gw.example/x',
		'blob:https://gw.example/x',
		'data:text/plain,https://gw.example/',
		'file:///etc/passwd',
	])('never travels to %j', (url) => {
		for (const request of [{ url }, { uri: url }, { url, uri: ORIGIN }, { url, baseURL: ORIGIN }]) {
			expect(() => sign(request)).toThrow(/^The token of this credential is only sent to https:\/\/gw\.example, not to [a-z]+:\/\/[^@]*\. Check the URL/);
		}
		if (URL.canParse(url)) expect(() => sign({ uri: new URL(url) })).toThrow('only sent to https://gw.example');
	});

	test.each(['https://', 'http://[::1', 'https://gw.example:99999/x', 'https://exa mple/'])('and not to %j, which is no address', (url) => {
		expect(() => sign({ uri: url })).toThrow("The request's URL is not a web address. Start it with https://gw.example");
	});

	test('never travels to the base URL of another origin', () => {
		expect(() => sign({ url: '/status', baseURL: 'https://evil.example' })).toThrow('not to https://evil.example');
	});

	test('stands in no error, where the URL repeats it', () => {
		for (const url of ['https://evil.example/?token=a-token', 'https://a-token@evil.example', 'http://[?token=a-token']) {
			expect(() => sign({ url })).toThrow(expect.objectContaining({ message: expect.not.stringContaining('a-token') }));
		}
	});
});

describe('the address', () => {
	test.each([
		['https://GW.example:443/x?y=1&z=https://evil.example#a', 'https://gw.example/x?y=1&z=https://evil.example#a'],
		['https://gw.example/{channel}/status', `https://gw.example/${CHANNEL}/status`],
		['https://gw.example/%7Bchannel%7D/status', `https://gw.example/${CHANNEL}/status`],
		['https://gw.example/%7bCHANNEL%7d/a?id={channel}', `https://gw.example/${CHANNEL}/a?id=${CHANNEL}`],
		['https://gw.example/{channel}/../status', 'https://gw.example/status'],
		['https://gw.example//evil.example/x', 'https://gw.example/evil.example/x'],
		['https://gw.example/\\evil.example/x', 'https://gw.example/evil.example/x'],
		['https://gw.example\\@evil.example/', 'https://gw.example/@evil.example/'],
		['https://gw.example/.//evil.example/x', 'https://gw.example/evil.example/x'],
	])('of %s is %s', (uri, whole) => {
		expect(sign({ uri }).url).toBe(whole);
		expect(sign({ uri: new URL(uri) }).url).toBe(whole);
	});

	test('is in `url` alone, and of two it is the one that n8n takes', () => {
		expect(sign({ uri: `${ORIGIN}/a` })).toEqual({ ...REDIRECTS_OFF, url: `${ORIGIN}/a`, uri: undefined, baseURL: undefined, auth: undefined, headers: { Authorization: 'Bearer a-token' } });
		expect(sign({ url: `${ORIGIN}/a`, uri: `${ORIGIN}/b` })).toMatchObject({ url: `${ORIGIN}/a`, uri: undefined });
		expect(sign({ url: `${ORIGIN}/a`, uri: 'https://evil.example' })).toMatchObject({ url: `${ORIGIN}/a`, uri: undefined });
	});

	test('of a path that starts with the channel is below the Base URL, wherever that has a prefix', () => {
		for (const baseURL of [undefined, ORIGIN, `${ORIGIN}/1msg`, `${ORIGIN}/1msg/${CHANNEL}/`]) {
			expect(sign({ url: '/{channel}/status', baseURL })).toMatchObject({ url: `${ORIGIN}/1msg/${CHANNEL}/status`, baseURL: undefined });
		}
	});
});

test('what else the caller asked for stays, and the request itself is not touched', () => {
	const request = { uri: `${ORIGIN}/x`, method: 'POST', qs: { a: 1 }, body: { b: 2 }, proxy: 'http://proxy.example', rejectUnauthorized: false, headers: { accept: 'text/plain' } };
	const copy = structuredClone(request);
	expect(sign(request)).toMatchObject({ ...request, uri: undefined, url: request.uri, headers: { accept: 'text/plain', Authorization: 'Bearer a-token' } });
	expect(request).toEqual(copy);
});

test('a redirect is not followed, whatever the caller asked for', () => {
	const asked = { disableFollowRedirect: false, followRedirect: true, followAllRedirects: true, maxRedirects: 21 };
	expect(sign({ uri: `${ORIGIN}/x`, ...asked } as SignableRequest)).toMatchObject(REDIRECTS_OFF);
});

test('Host is not the caller\'s: behind an HTTP proxy it leads elsewhere', () => {
	expect(sign({ uri: `${ORIGIN}/x`, headers: { Host: 'evil.example', ' host ': 'evil.example' } }).headers).toEqual({ Authorization: 'Bearer a-token' });
});

test('fields that came as numbers are read as texts, and unusable ones are refused in words', () => {
	const numbers = { channelId: 123456, apiToken: 987654321, baseUrl: ORIGIN, testRecipient: 12025550100 };
	expect(signRequest(numbers, { uri: `${ORIGIN}/{channel}/status` })).toMatchObject({ url: `${ORIGIN}/123456/status`, headers: { Authorization: 'Bearer 987654321' } });
	for (const bad of [{ ...numbers, baseUrl: 5 }, { ...numbers, apiToken: undefined }, { ...numbers, channelId: null }, {}]) {
		expect(() => signRequest(bad, { uri: `${ORIGIN}/x` })).toThrow(/credential/);
	}
});

test('whatever the request is: refused, or to the Base URL\'s origin with the token once', () => {
	const part = fc.constantFrom(...PARTS);
	const parts = fc.array(part, { maxLength: 8 }).map((all) => all.join(''));
	const nearby = fc.tuple(fc.constantFrom(ORIGIN, `${ORIGIN}/1msg/`, `/${CHANNEL}/`), parts).map((all) => all.join(''));
	const address = fc.oneof(parts, nearby, fc.webUrl(), fc.string());
	const given = fc.option(fc.oneof(address, address.filter((text) => URL.canParse(text)).map((text) => new URL(text)), fc.anything()), { nil: undefined });
	const headers = fc.dictionary(fc.constantFrom('authorization', 'Authorization', ' AUTHORIZATION', 'Host', 'HOST ', 'accept', '__proto__'), fc.string());
	let signed = 0;
	fc.assert(
		fc.property(given, given, given, headers, (url, uri, baseURL, headers) => {
			let request: Record<string, unknown>;
			try {
				request = { ...sign({ url, uri, baseURL, headers }) };
			} catch (error) {
				return expect(error).toBeInstanceOf(Error);
			}
			signed++;
			// Like n8n's two request helpers: `url` before `uri`, relative to `baseURL`.
			expect(request).toMatchObject({ uri: undefined, baseURL: undefined, auth: undefined, ...REDIRECTS_OFF });
			const { origin, username, password, pathname } = new URL(request.url as string);
			expect({ origin, username, password }).toEqual({ origin: ORIGIN, username: '', password: '' });
			// Like an HTTP proxy's client.
			expect(new URL(pathname, ORIGIN).origin).toBe(ORIGIN);
			const names = Object.keys(request.headers as object).map((name) => name.trim().toLowerCase());
			expect(names.filter((name) => name === 'authorization' || name === 'host')).toEqual(['authorization']);
			expect((request.headers as Record<string, unknown>).Authorization).toBe('Bearer a-token');
		}),
		{ numRuns: 5000 },
	);
	expect(signed).toBeGreaterThan(200);
});
