import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import { saveCredential } from '../../../harness/n8n/credential.mts';
import { activate, deactivate, saveWorkflow, withCredential, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import { PACKAGE_NAME } from '../../../harness/package/install.mts';
import { freePort } from '../../../harness/process/ports.mts';
import { selfSigned } from '../../support/certificate.mts';
import { startFront, type Front, type FrontOptions } from '../../support/front.mts';
import { startProxy, type Proxy } from '../../support/proxy.mts';
import { startAlone, type Alone, type AloneOptions } from '../n8n/alone.mts';
import type { Steps } from '../steps.mts';

/** Unassigned and unrouted, but public to n8n: only this story's proxy leads there. */
const PUBLIC = '240.0.0.1';
/** Private, and not on the administrator's allow list. */
const PRIVATE = '127.0.0.2';
const PREFIX = '/gateway/whatsapp';
const TIMEOUT_MS = 60_000;
const PHONE = '79123456789';

const SEND = workflow('networks-send', {
	type: `${PACKAGE_NAME}.oneMsg`,
	parameters: {
		resource: 'message', operation: 'sendStockArrivalTemplate', template: { __rl: true, mode: 'name', value: 'stock_arrival|en' },
		phone: PHONE, customerName: 'Alexey', orderReference: '10482', productName: 'Oak shelf', nextStep: 'We ship it tomorrow', options: { retryFor: 0 },
	},
	onError: 'continueRegularOutput',
});
const LISTEN: WorkflowFile = {
	name: 'networks-listen',
	nodes: [{ position: [0, 0], id: 'networks-listen', name: 'Status', type: `${PACKAGE_NAME}.oneMsgTrigger`, typeVersion: 1, webhookId: 'networks-listen', parameters: {} } as never],
	connections: {},
	settings: {},
};

/** The workflow's response: the node's item. */
interface Told {
	outcome?: string;
	error?: { message: string; description: string; code: string };
}

/** Real-world networks, combined: n8n behind a proxy, with SSRF protection, and with a trusted certificate of the environment. */
export async function networksStory({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, options: AloneOptions): Promise<void> {
	const stops: Array<() => Promise<void>> = [];
	try {
		const trusted = await selfSigned(['127.0.0.1']);
		const hosts: Record<string, number> = {};
		const port6 = await freePort(0);
		const { environment, proxy } = await mustStep('an n8n starts behind a proxy, with SSRF protection and a certificate of the environment', async () => {
			const proxy = await startProxy({ hosts });
			stops.push(proxy.stop);
			await mkdir(options.folder, { recursive: true });
			const certificates = join(options.folder, 'environment.pem');
			await writeFile(certificates, trusted.cert);
			const environment = await startAlone({ ...options, settings: settings(proxy, certificates, port6) });
			stops.push(environment.stop);
			hosts[`${PUBLIC}:80`] = Number(new URL(environment.sandbox.baseUrl).port);
			return { environment, proxy };
		});
		const { api, sandbox, credential } = environment;
		await mustStep('a workflow that sends is in service', async () => {
			await activate(api, await saveWorkflow(api, withCredential(SEND, credential)), SEND.name);
		});
		const listening = await saveWorkflow(api, withCredential(LISTEN, credential));
		const front = async (options: FrontOptions) => {
			const started = await startFront(sandbox.baseUrl, options);
			stops.push(started.stop);
			return started;
		};
		const works = async (baseUrl: string) => {
			await sandbox.control('POST', 'clear', { all: true });
			assert.deepEqual(await testCredential(environment, baseUrl), { status: 'OK', message: 'Connection successful!' });
			assert.equal((await fire(environment, baseUrl)).outcome, 'accepted');
			assert.equal((await sandbox.messagesTo(PHONE)).length, 1);
			await activate(api, listening, LISTEN.name);
			assert.equal((await sandbox.webhookUrls()).length, 2);
			await deactivate(api, listening, LISTEN.name);
			assert.equal((await sandbox.webhookUrls()).length, 1);
		};
		const isUnreachable = async (baseUrl: string, reached: Front, words: RegExp) => {
			await sandbox.control('POST', 'clear', { all: true });
			const { error } = await fire(environment, baseUrl);
			assert.equal(error?.code, 'channel-unreachable');
			assert.match(error.message, words);
			const tested = await testCredential(environment, baseUrl);
			assert.equal(tested.status, 'Error', tested.message);
			assert.deepEqual(reached.requests, []);
			assert.deepEqual(await sandbox.calls(), []);
		};

		await step('a public address passes, through the proxy; the token is in no place but the Authorization header', async () => {
			await works(`http://${PUBLIC}`);
			const channelUrl = `http://${PUBLIC}/${sandbox.channelId}/`;
			assert.deepEqual(proxy.asked.filter(({ kind, target }) => kind !== 'request' || !target.startsWith(channelUrl)), []);
			assert.ok(proxy.asked.some(({ target }) => target === `${channelUrl}sendTemplate`));
			for (const { target, headers: { authorization, ...others } } of proxy.asked) {
				assert.equal(authorization, `Bearer ${sandbox.token}`);
				assert.ok(!JSON.stringify([target, others]).includes(sandbox.token));
			}
		});
		await step('a private address is refused in words, and nothing is sent', async () => {
			const refused = await front({ host: PRIVATE });
			await isUnreachable(refused.url, refused, /this n8n does not allow requests to that address \(N8N_SSRF_/);
		});
		await step('a channel behind the certificate of the environment works', async () => {
			await works((await front({ certificate: trusted })).url);
		});
		await step('a channel behind a certificate that nobody trusts is unreachable, in words, and nothing is sent', async () => {
			const untrusted = await front({ certificate: await selfSigned(['127.0.0.1']) });
			await isUnreachable(untrusted.url, untrusted, /its certificate is self-signed/);
		});
		await step('a base URL under a path keeps it before every request', async () => {
			const gateway = await front({ prefix: PREFIX });
			await works(`${gateway.url}${PREFIX}/`);
			assert.deepEqual(gateway.requests.filter(({ path }) => !path.startsWith(`${PREFIX}/${sandbox.channelId}/`)), []);
		});
		await step('a channel over IPv6 works', async () => {
			const over6 = await front({ host: '::1', port: port6 });
			await works(over6.url);
			assert.ok(over6.requests.length > 2);
		});
	} finally {
		for (const stop of stops.reverse()) await stop();
	}
}

function settings(proxy: Proxy, certificates: string, port6: number): Record<string, string> {
	// n8n 2.41 matches an IPv6 address in NO_PROXY by port only.
	const direct = `127.0.0.1,localhost,${PRIVATE},*:${port6}`;
	return {
		HTTP_PROXY: proxy.url,
		HTTPS_PROXY: proxy.url,
		NO_PROXY: direct,
		no_proxy: direct,
		NODE_EXTRA_CA_CERTS: certificates,
		N8N_SSRF_PROTECTION_ENABLED: 'true',
		N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.1/32,::1/128',
	};
}

/** A webhook that runs the node and returns its items. */
function workflow(path: string, node: Record<string, unknown>): WorkflowFile {
	const common = { typeVersion: 1, position: [0, 0] };
	const nodes = [
		{
			...common, id: `${path}-event`, name: 'Event', type: 'n8n-nodes-base.webhook', typeVersion: 2, webhookId: path,
			parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
		},
		{ ...common, id: `${path}-send`, name: 'Send', ...node } as never,
	];
	return { name: path, nodes, connections: { Event: { main: [[{ node: 'Send', type: 'main', index: 0 }]] } }, settings: { executionOrder: 'v1' } };
}

/** Sends an arrival through a channel at this base URL. */
async function fire({ api, url, sandbox }: Alone, baseUrl: string): Promise<Told> {
	await saveCredential(api, { channelId: sandbox.channelId, apiToken: sandbox.token, baseUrl });
	const { statusCode, body } = await request(`${url}/webhook/${SEND.name}`, { method: 'POST', headersTimeout: TIMEOUT_MS });
	const text = await body.text();
	if (statusCode !== 200) throw new Error(`The workflow answered ${statusCode}: ${text.slice(0, 600)}`);
	return JSON.parse(text) as Told;
}

/** n8n's result of testing the credential with this base URL. */
async function testCredential({ api, sandbox, credential }: Alone, baseUrl: string): Promise<{ status: string; message: string }> {
	const data = { channelId: sandbox.channelId, apiToken: sandbox.token, baseUrl };
	return await api.call('POST', '/credentials/test', { credentials: { ...credential, type: 'oneMsgChannelApi', data } });
}
