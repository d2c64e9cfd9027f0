import type { IDataObject, IExecuteFunctions, IHttpRequestOptions, IRequestOptions } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { startProxy } from '../support/proxy.mts';
import { startRecorder, type Recorder } from '../support/recorder.mts';
import { executing } from '../support/requests.cjs';
import { stockArrival } from '../support/stock-arrival.cjs';

/** A domain that only these tests' proxy resolves, with its subdomains. */
const HOST = 'channel.example';
const CREDENTIAL = 'oneMsgChannelApi';
const PROXY_SETTINGS = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

const channel = useChannel();
const stops: Array<() => Promise<void>> = [];
const environment = { ...process.env };

beforeEach(() => {
	for (const name of PROXY_SETTINGS) delete process.env[name];
});

afterEach(async () => {
	for (const name of PROXY_SETTINGS) {
		delete process.env[name];
		if (environment[name] !== undefined) process.env[name] = environment[name];
	}
	await Promise.all(stops.splice(0).map(async (stop) => await stop()));
});

const VERSION_2: IRequestOptions = { gzip: true, rejectUnauthorized: true, json: true };
const VERSION_3: IRequestOptions = { gzip: true, rejectUnauthorized: true, json: false, encoding: null, useStream: true, resolveWithFullResponse: true };
const ALL_REDIRECTS = { followRedirect: true, followAllRedirects: true, maxRedirects: 21 };
/** Options each version of n8n's HTTP Request node passes to n8n's helper, besides the address. */
const LEGACY: Record<string, IRequestOptions> = {
	'version 2': VERSION_2,
	'version 2, all redirects': { ...VERSION_2, ...ALL_REDIRECTS },
	'version 3': { ...VERSION_3, followRedirect: false, sendCredentialsOnCrossOriginRedirect: true },
	'version 3 to 4.3, all redirects': { ...VERSION_3, ...ALL_REDIRECTS, sendCredentialsOnCrossOriginRedirect: true },
	'version 4.4, all redirects': { ...VERSION_3, ...ALL_REDIRECTS, sendCredentialsOnCrossOriginRedirect: false },
};
type Ask = (context: IExecuteFunctions, method: 'GET' | 'POST', url: string, more?: IDataObject) => Promise<unknown>;
/** Everything in n8n that signs a request with a credential: that node's versions, and callers that pass `url`, such as AI agent tools. */
const ASKERS: Array<[string, Ask]> = [
	...Object.entries(LEGACY).map(([name, options]): [string, Ask] => [
		name,
		async (context, method, uri, more) => await context.helpers.requestWithAuthentication.call(context, CREDENTIAL, { method, uri, headers: {}, timeout: 5000, ...options, ...more }),
	]),
	[
		'a request by `url`',
		async (context, method, url, more) => await context.helpers.httpRequestWithAuthentication.call(context, CREDENTIAL, { method, url, maxRedirects: 21, ...more } as IHttpRequestOptions),
	],
];

describe.each(ASKERS)('%s', (_, ask) => {
	test('asks the channel, with the token once', async () => {
		const context = await executing(channel.credential);
		await ask(context, 'GET', `${channel.sandbox.baseUrl}/{channel}/status`, { headers: { authorization: 'Bearer of-the-workflow' } });
		await ask(context, 'POST', `${channel.sandbox.baseUrl}/%7Bchannel%7D/sendTemplate`, { body: stockArrival('79123456789') as never });
		expect(await channel.messages('79123456789')).toHaveLength(1);
		for (const path of ['status', 'sendTemplate']) {
			expect(await channel.calls(path)).toEqual([expect.objectContaining({ tokenIn: 'header', tokenOk: true })]);
		}
	});

	test.each([301, 302, 303, 307, 308])('follows no redirect, by %d, to whatever origin', async (status) => {
		const other = await elsewhere();
		const context = await executing(channel.credential);
		for (const method of ['GET', 'POST'] as const) {
			for (const location of [`${other.url}/x`, `${channel.sandbox.baseUrl}/${channel.sandbox.channelId}/me`]) {
				await channel.script({ path: 'status', answers: [{ status, headers: { location }, body: 'Moved' }] });
				await expect(ask(context, method, `${channel.sandbox.baseUrl}/{channel}/status`)).rejects.toThrow(String(status));
			}
		}
		expect(other.requests).toEqual([]);
		expect(await channel.calls('me')).toEqual([]);
	});

	test('is refused in words where the request goes to another origin, and nothing is sent', async () => {
		const other = await elsewhere();
		const context = await executing(channel.credential);
		const { origin, port } = new URL(channel.sandbox.baseUrl);
		for (const url of [`${other.url}/{channel}/status`, `http://localhost:${port}/{channel}/status`, `${origin}@${new URL(other.url).host}/`]) {
			await expect(ask(context, 'GET', url)).rejects.toThrow(`only sent to ${origin}, not to ${new URL(url.replaceAll(/[{}]/g, '')).origin}`);
		}
		expect(other.requests).toEqual([]);
		expect(await channel.calls('')).toEqual([]);
	});

	test('returns a redirect unchanged if no answer is an error', async () => {
		const other = await elsewhere();
		const context = await executing(channel.credential);
		await channel.script({ path: 'status', answers: [{ status: 302, headers: { location: `${other.url}/x` }, body: 'Moved' }] });
		const full = { simple: false, resolveWithFullResponse: true, ignoreHttpStatusErrors: true, returnFullResponse: true };
		await expect(ask(context, 'GET', `${channel.sandbox.baseUrl}/{channel}/status`, full)).resolves.toMatchObject({ statusCode: 302, headers: { location: `${other.url}/x` } });
		expect(other.requests).toEqual([]);
	});

	test.each([
		['a Host header', `http://${HOST}/{channel}/status`, { headers: { Host: 'evil.example' } }],
		['two slashes', `http://${HOST}//evil.example/{channel}/status`, {}],
		['a redirect to a subdomain', `http://${HOST}/{channel}/me`, {}],
	])('goes through a proxy to the channel alone, whatever %s would make of it', async (_, url, more) => {
		const other = await elsewhere();
		const sandbox = Number(new URL(channel.sandbox.baseUrl).port);
		const proxy = await startProxy({ hosts: { [`${HOST}:80`]: sandbox, 'evil.example:80': other.port, [`sub.${HOST}:80`]: other.port } });
		stops.push(proxy.stop);
		process.env.HTTP_PROXY = proxy.url;
		await channel.script({ path: 'me', answers: [{ status: 302, headers: { location: `http://sub.${HOST}/x` }, body: 'Moved' }] });
		const context = await executing({ ...channel.credential, baseUrl: `http://${HOST}` });
		await ask(context, 'GET', url, more).catch(() => undefined);
		expect(proxy.asked.map(({ target }) => new URL(target).host)).toEqual([HOST]);
		expect(other.requests).toEqual([]);
	});
});

describe('pagination', () => {
	const pages = async (next: string) => {
		const context = await executing(channel.credential);
		const start = { method: 'GET' as const, uri: `${channel.sandbox.baseUrl}/{channel}/status`, headers: {}, ...VERSION_3, ...ALL_REDIRECTS };
		return await context.helpers.requestWithAuthenticationPaginated.call(context, start, 0, { continue: true as never, request: { url: next }, requestInterval: 0, maxRequests: 2 }, CREDENTIAL);
	};

	test('asks page after page of the channel', async () => {
		await expect(pages(`${channel.sandbox.baseUrl}/{channel}/status`)).resolves.toHaveLength(2);
		expect(await channel.calls('status')).toMatchObject([{ tokenOk: true }, { tokenOk: true }]);
	});

	test('is refused in words where the next page is of another origin', async () => {
		const other = await elsewhere();
		await expect(pages(`${other.url}/{channel}/status`)).rejects.toThrow(`not to ${other.url}`);
		expect(other.requests).toEqual([]);
	});
});

test('fields of the credential that came as numbers are read as texts', async () => {
	const context = await executing({ channelId: 123456, apiToken: 987654, baseUrl: channel.sandbox.baseUrl, testRecipient: 12025550100 } as never);
	await expect(context.helpers.requestWithAuthentication.call(context, CREDENTIAL, { method: 'GET', uri: `${channel.sandbox.baseUrl}/{channel}/status` })).rejects.toThrow();
	expect(await channel.calls('')).toMatchObject([{ tokenIn: 'header', tokenOk: false }]);
});

/** A third-party server for one test. */
async function elsewhere(): Promise<Recorder> {
	const recorder = await startRecorder();
	stops.push(recorder.stop);
	return recorder;
}
