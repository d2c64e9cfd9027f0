import tls from 'node:tls';
import type { CredentialFields } from '../support/additional-data.cjs';
import { selfSigned, type Certificate } from '../support/certificate.mts';
import { useChannel } from '../support/channel.cjs';
import { startFront, type Front, type FrontOptions } from '../support/front.mts';
import { openEditor } from '../support/load-options.cjs';
import { startProxy, type Proxy, type ProxyOptions } from '../support/proxy.mts';
import { arrival, runNode } from '../support/run-node.cjs';
import { FOREIGN, useTriggers } from '../support/triggers.cjs';

/** A host that only these tests' proxy resolves: a request that arrives went through it. */
const HOST = 'channel.example';
const DAY_MS = 86_400_000;
const PROXY_SETTINGS = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

const channel = useChannel();
const { host: startTrigger, list } = useTriggers(channel);
const stops: Array<() => Promise<void>> = [];
const environment = { ...process.env };
const trusted = tls.getCACertificates('default');

beforeEach(() => {
	for (const name of PROXY_SETTINGS) delete process.env[name];
});

afterEach(async () => {
	for (const name of PROXY_SETTINGS) {
		delete process.env[name];
		if (environment[name] !== undefined) process.env[name] = environment[name];
	}
	tls.setDefaultCACertificates(trusted);
	await Promise.all(stops.splice(0).map(async (stop) => await stop()));
});

describe('an HTTP proxy', () => {
	test('gets every request to a channel without TLS, with the token in its Authorization header only', async () => {
		const proxy = await proxyTo({ [`${HOST}:80`]: sandboxPort() });
		process.env.HTTP_PROXY = proxy.url;
		const { items } = await send(`http://${HOST}`);
		expect(items[0]?.json).toMatchObject({ outcome: 'accepted', phone: '79123456789' });
		const { channelId } = channel.credential;
		expect(proxy.asked.map(({ kind, target }) => `${kind} ${target.split('?')[0]}`)).toEqual([
			`request http://${HOST}/${channelId}/templates`,
			`request http://${HOST}/${channelId}/sendTemplate`,
		]);
		for (const { target, headers: { authorization, ...others } } of proxy.asked) {
			expect(authorization).toBe(`Bearer ${channel.sandbox.token}`);
			expect(JSON.stringify([target, others])).not.toContain(channel.sandbox.token);
		}
	});

	test('opens a tunnel to a channel with TLS and sees its name only, never the token', async () => {
		const certificate = trust(await selfSigned([HOST]));
		const front = await frontOf({ certificate });
		const proxy = await proxyTo({ [`${HOST}:443`]: front.port });
		process.env.HTTPS_PROXY = proxy.url;
		const { items } = await send(`https://${HOST}`);
		expect(items[0]?.json).toMatchObject({ outcome: 'accepted' });
		expect(front.requests.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill(`Bearer ${channel.sandbox.token}`));
		expect(new Set(proxy.asked.map(({ kind, target }) => `${kind} ${target}`))).toEqual(new Set([`tunnel ${HOST}:443`]));
		expect(JSON.stringify(proxy.asked)).not.toContain(channel.sandbox.token);
	});

	test('is bypassed for hosts in NO_PROXY', async () => {
		const proxy = await proxyTo({});
		Object.assign(process.env, { HTTP_PROXY: proxy.url, NO_PROXY: 'localhost,127.0.0.1' });
		const { items } = await send(channel.sandbox.baseUrl);
		expect(items[0]?.json).toMatchObject({ outcome: 'accepted' });
		expect(proxy.asked).toEqual([]);
	});

	test('carries the trigger\'s registration and the template list of the editor', async () => {
		const proxy = await proxyTo({ [`${HOST}:80`]: sandboxPort() });
		process.env.HTTP_PROXY = proxy.url;
		await worksInEditorAndTrigger(`http://${HOST}`);
	});

	test('that wants a login gets it from the proxy URL, and the login stands in nothing that n8n saves', async () => {
		const proxy = await proxyTo({ [`${HOST}:80`]: sandboxPort() }, 'clerk:pass-the-proxy');
		process.env.HTTP_PROXY = proxy.url.replace('//', '//clerk:pass-the-proxy@');
		const { items, saved } = await send(`http://${HOST}`);
		expect(items[0]?.json).toMatchObject({ outcome: 'accepted' });
		expect(saved).not.toContain('pass-the-proxy');
	});

	test.each([
		['without TLS', 'http', {}],
		['with TLS', 'https', { certificate: true }],
	])('that wants a login nobody gave (%s) is an error, not a success and not unknown, and nothing is sent', async (_, scheme, { certificate }: { certificate?: boolean }) => {
		const front = await frontOf({ certificate: certificate ? trust(await selfSigned([HOST])) : undefined });
		const proxy = await proxyTo({ [`${HOST}:80`]: front.port, [`${HOST}:443`]: front.port }, 'clerk:pass-the-proxy');
		Object.assign(process.env, { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url });
		const { items, errors } = await sendBlind(`${scheme}://${HOST}`);
		expect(items).toEqual([]);
		expect(errors[0]?.json.error).toMatchObject({ code: 'proxy-login', httpCode: 407, action: 'alertPerson' });
		expect(front.requests).toEqual([]);
	});

	test('that is down makes the channel unreachable, and nothing bypasses it', async () => {
		const proxy = await proxyTo({});
		await proxy.stop();
		stops.pop();
		process.env.HTTP_PROXY = proxy.url;
		const { items, errors } = await sendBlind(channel.sandbox.baseUrl);
		expect(items).toEqual([]);
		expect(errors[0]?.json.error).toMatchObject({ code: 'channel-unreachable', retryable: true, message: expect.stringContaining('ECONNREFUSED') });
		expect(await channel.messages()).toEqual([]);
	});
});

describe('a channel behind a certificate', () => {
	test('that is self-signed works once the administrator trusts it', async () => {
		const front = await frontOf({ certificate: trust(await selfSigned(['127.0.0.1'])) });
		const { items } = await send(front.url);
		expect(items[0]?.json).toMatchObject({ outcome: 'accepted' });
		await worksInEditorAndTrigger(front.url);
	});

	test.each([
		['that nobody trusts', () => selfSigned(['127.0.0.1']), 'its certificate is self-signed'],
		['of another host', async () => trust(await selfSigned(['elsewhere.example'])), 'its certificate is for another host'],
		['that has expired', async () => trust(await selfSigned(['127.0.0.1'], Date.now() - DAY_MS)), 'its certificate has expired'],
		['that is not valid yet', async () => trust(await selfSigned(['127.0.0.1'], Date.now() + DAY_MS)), 'its certificate is not valid yet'],
	])('%s is unreachable, in words, and the token does not leave', async (_, certificate, words) => {
		const front = await frontOf({ certificate: await certificate() });
		const { items, errors } = await sendBlind(front.url);
		expect(items).toEqual([]);
		expect(errors[0]?.json.error).toMatchObject({ code: 'channel-unreachable', message: expect.stringContaining(words) });
		expect(front.requests).toEqual([]);
	});
});

describe('a base URL', () => {
	test.each(['/gateway/whatsapp', '/gateway/whatsapp/'])('under the path %s keeps it before every request', async (path) => {
		const front = await frontOf({ prefix: '/gateway/whatsapp' });
		const { items } = await send(front.url + path);
		expect(items[0]?.json).toMatchObject({ outcome: 'accepted' });
		await worksInEditorAndTrigger(front.url + path);
		const strangers = front.requests.filter(({ path: asked }) => !asked.startsWith(`/gateway/whatsapp/${channel.credential.channelId}/`));
		expect(strangers).toEqual([]);
	});

	test('over IPv6 works', async () => {
		const front = await frontOf({ host: '::1' });
		expect(front.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
		const { items } = await send(front.url);
		expect(items[0]?.json).toMatchObject({ outcome: 'accepted' });
		await worksInEditorAndTrigger(front.url);
		expect(front.requests.length).toBeGreaterThan(2);
	});
});

function at(baseUrl: string): CredentialFields {
	return { ...channel.credential, baseUrl };
}

/** Sends a stock arrival, after reading the template list. */
async function send(baseUrl: string) {
	return await runNode({ parameters: arrival(), credential: at(baseUrl), onError: 'continueErrorOutput' });
}

/** Sends a stock arrival in a single request. */
async function sendBlind(baseUrl: string) {
	const template = { __rl: true, mode: 'name', value: 'stock_arrival' };
	const options = { languageCode: 'en', namespace: 'n', retryFor: 0 };
	return await runNode({ parameters: arrival({ template, options }), credential: at(baseUrl), onError: 'continueErrorOutput' });
}

/** Lists templates in the editor, then registers and removes a trigger. */
async function worksInEditorAndTrigger(baseUrl: string): Promise<void> {
	const editor = await openEditor({ resource: 'message', operation: 'sendTemplate' }, at(baseUrl));
	const { results } = await editor.list('searchTemplates');
	expect(results.map(({ value }) => value)).toContain('stock_arrival|en');
	const trigger = await startTrigger({ credential: at(baseUrl) });
	await trigger.activate();
	expect(await list()).toEqual([FOREIGN, expect.stringContaining(`${trigger.url()}?secret=`)]);
	await trigger.deactivate();
	expect(await list()).toEqual([FOREIGN]);
}

function sandboxPort(): number {
	return Number(new URL(channel.sandbox.baseUrl).port);
}

/** Trusts a certificate, like NODE_EXTRA_CA_CERTS at n8n's start. */
function trust(certificate: Certificate): Certificate {
	tls.setDefaultCACertificates([...trusted, certificate.cert]);
	return certificate;
}

async function frontOf(options: FrontOptions): Promise<Front> {
	const front = await startFront(channel.sandbox.baseUrl, options);
	stops.push(front.stop);
	return front;
}

async function proxyTo(hosts: ProxyOptions['hosts'], login?: string): Promise<Proxy> {
	const proxy = await startProxy({ hosts, login });
	stops.push(proxy.stop);
	return proxy;
}
