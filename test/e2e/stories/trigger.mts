import assert from 'node:assert/strict';
import { join } from 'node:path';
import { request } from 'undici';
import { OWNER } from '../../../harness/environment.mts';
import { N8nApi } from '../../../harness/n8n/api.mts';
import { saveCredential } from '../../../harness/n8n/credential.mts';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import { startN8n, type N8nServer } from '../../../harness/n8n/server.mts';
import type { Column, LogRow } from '../../../harness/n8n/table.mts';
import { activate, deactivate, saveWorkflow, withCredential, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import { installPackage, PACKAGE_NAME } from '../../../harness/package/install.mts';
import type { PackedPackage } from '../../../harness/package/pack.mts';
import { Sandbox } from '../../../harness/sandbox-program.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { openGate, type Gate } from '../fakes/gate.mts';
import { signalN8n } from '../n8n/signal-n8n.mts';
import type { Steps } from '../steps.mts';

const TIMEOUT_MS = 300_000;
const FOREIGN_URL = 'https://app.1msg.io/service/inbox';
const OTHER_URL = 'https://erp.example.com/whatsapp';
const NAMESPACE = '5a4db0c5_0000_4aaa_8bbb_5a4db0c50001';

/** Fates of the storm's messages, in turn; every status is reported twice, out of order. */
const FATES = [
	{ statuses: ['sent', 'delivered'], highest: 'delivered', rank: 3 },
	{ statuses: ['sent', 'delivered', 'read'], highest: 'read', rank: 4 },
	{ statuses: ['sent', 'failed'], highest: 'failed', rank: 2 },
	{ statuses: ['sent', 'failed', 'delivered'], highest: 'delivered', rank: 3 },
] as const;
const MESSAGES = 400;
const HOOKS = 2000;
/** Well inside the storm. */
const KILL_AFTER = 600;
/** Messages stay as they are; hooks come in batches of fifty, twice, and are retried within the second until answered, whatever the circuit breaker would say. */
const STORM = {
	sentAfterMs: 3_600_000, deliveredAfterMs: 3_600_000,
	duplicateStatuses: true, hookBatch: 50, hookConcurrency: 5, hookRetryMs: 200, hookRetryMaxMs: 1000, hookTimeoutMs: 60_000, breakerOpenAt: 0,
};
const DEEP = 100_000;
/** Above n8n's limit. */
const OVERSIZED = 17 * 1024 * 1024;
const ROWS_PER_PAGE = 100;

const LOG_COLUMNS: Column[] = [
	{ name: 'messageId', type: 'string' },
	{ name: 'status', type: 'string' },
	{ name: 'rank', type: 'number' },
];

const LISTEN = workflow('trigger-listens', {}, []);
const FAILING = workflow('trigger-fails-twice', { respond: 'whenFinished' }, [
	{ type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, parameters: { url: '={{ $json.raw.ask }}', options: {} } },
]);

interface Webhook {
	url: string;
	attempts: number;
	/** Number of entries. */
	delivered: number;
	/** Pending POSTs and entries. */
	pending: number;
}

export interface TriggerStoryOptions {
	/** The story's own: n8n's user folder and the logs. */
	folder: string;
	n8n: InstalledN8n;
	packed: PackedPackage;
}

/** The trigger trusts nobody, costs nothing unasked and loses nothing: in its own real n8n. */
export async function triggerStory({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, options: TriggerStoryOptions): Promise<void> {
	const userFolder = join(options.folder, 'n8n');
	let server: N8nServer | undefined;
	let sandbox: Sandbox | undefined;
	let gate: Gate | undefined;
	const start = (port: number, name: string) => startN8n(options.n8n, { userFolder, log: join(options.folder, name), port });
	try {
		const { channel, api, add, listening } = await mustStep('a channel and an n8n of their own start, and a trigger listens', async () => {
			await installPackage(userFolder, options.packed);
			const channel = (sandbox = await Sandbox.start({ port: 0, log: join(options.folder, 'sandbox.log') }));
			server = await start(0, 'n8n.log');
			const api = new N8nApi(server.url);
			await api.signIn(OWNER);
			const { channelId, token, baseUrl } = channel;
			const credential = await saveCredential(api, { channelId, apiToken: token, baseUrl });
			const add = async (file: WorkflowFile) => {
				const id = await saveWorkflow(api, withCredential(file, credential));
				await activate(api, id, file.name);
				return { id, name: file.name };
			};
			return { channel, api, add, listening: await add(LISTEN) };
		});
		const { channelId } = channel;
		const executions = async () => await executionsOf(api, listening.id);
		const startsNothing = async (work: () => Promise<void>) => {
			const before = await executions();
			await work();
			assert.equal(await executions(), before);
		};
		const body = (id: string, status: string) => JSON.stringify({ instanceId: channelId, hooks: [hook(id, status)] });
		const { url, secret } = await mustStep('it registered one URL with a secret beside the foreign one', async () => {
			const urls = await channel.webhookUrls();
			assert.equal(urls.length, 2, urls.join(' '));
			assert.ok(urls.includes(FOREIGN_URL));
			return ours(urls, server);
		});

		const forged: Record<string, string> = {
			'no secret': '',
			'an empty secret': '?secret=',
			'a wrong secret': `?secret=${'x'.repeat(secret.length)}`,
			'the beginning of the secret': `?secret=${secret.slice(0, -1)}`,
			'more than the secret': `?secret=${secret}x`,
			'the secret twice': `?secret=${secret}&secret=${secret}`,
			'the secret in an object': `?secret[a]=${secret}`,
		};
		for (const [name, query] of Object.entries(forged)) {
			await step(`a hook with ${name} is answered 401 and starts nothing`, async () => {
				await startsNothing(async () => assert.equal(await post(url + query, body('wamid.FORGED', 'read')), 401));
			});
		}

		const signed = `${url}?secret=${secret}`;
		await step('a hook of another channel starts nothing, even with the secret', async () => {
			const other = JSON.stringify({ instanceId: 'OTH000000009', hooks: [hook('wamid.OTHER', 'read')] });
			await startsNothing(async () => assert.equal(await post(signed, other), 200));
		});

		const broken: Record<string, string> = {
			'that is half a JSON': body('wamid.HALF', 'read').slice(0, -20),
			[`nested ${DEEP} levels deep`]: `{"hooks":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`,
			[`of objects nested ${DEEP} levels deep`]: `{"hooks":[${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}]}`,
			'of 17 MB': JSON.stringify({ instanceId: channelId, hooks: [{ ...hook('wamid.BIG', 'read'), filler: 'x'.repeat(OVERSIZED) }] }),
			'that is no object': '"read"',
		};
		for (const [name, text] of Object.entries(broken)) {
			await step(`a body ${name} starts nothing, with the secret and without, and n8n stays up`, async () => {
				await startsNothing(async () => {
					assert.notEqual(await post(url, text), 200);
					await post(signed, text);
				});
				await server?.program.mustRun();
				assert.equal((await request(`${server?.url}/healthz`)).statusCode, 200);
			});
		}

		await step('statuses that are not wanted, late or repeated start nothing; all others one execution per POST', async () => {
			const told = ['sent', 'delivered', 'delivered', 'sent', 'read', 'delivered', 'read'];
			const before = await executions();
			const started = async () => (await executions()) - before;
			const counts: number[] = [];
			for (const status of told) {
				assert.equal(await post(signed, body('wamid.ONE', status)), 200);
				counts.push(await started());
			}
			assert.deepEqual(counts, [0, 1, 1, 1, 2, 2, 2]);
			const many = ['wamid.ONE', 'wamid.TWO', 'wamid.THREE', 'wamid.TWO'].map((id) => hook(id, 'delivered'));
			assert.equal(await post(signed, JSON.stringify({ instanceId: channelId, hooks: many })), 200);
			assert.equal(await started(), 3);
		});

		await step('deactivated, the URL leaves the list and is answered 404', async () => {
			await deactivate(api, listening.id, listening.name);
			assert.deepEqual(await channel.webhookUrls(), [FOREIGN_URL]);
			assert.equal(await post(signed, body('wamid.GONE', 'read')), 404);
		});

		await step('activated again, it is there once with another secret; the old one is answered 401', async () => {
			await activate(api, listening.id, listening.name);
			const renewed = ours(await channel.webhookUrls(), server);
			assert.equal(renewed.url, url);
			assert.notEqual(renewed.secret, secret);
			await startsNothing(async () => assert.equal(await post(signed, body('wamid.OLD', 'read')), 401));
			const before = await executions();
			assert.equal(await post(`${url}?secret=${renewed.secret}`, body('wamid.NEW', 'read')), 200);
			assert.equal(await executions(), before + 1);
		});
		await deactivate(api, listening.id, listening.name);

		const storm = await mustStep(`${MESSAGES} messages are sent and in the log; a workflow answers 1MSG when it has logged their statuses`, async () => {
			const log = await createLog(api);
			const logging = await add(loggingWorkflow(log.name));
			const registered = ours(await channel.webhookUrls(), server);
			// While n8n migrates its database it returns 200 for everything: 1MSG must not reach it before it is ready.
			const door = (gate = await openGate(server!.port));
			const url = new URL(`${registered.url}?secret=${registered.secret}`);
			url.port = String(door.port);
			await channel.control('POST', 'webhooks', { urls: [FOREIGN_URL, url.href] });
			await channel.control('POST', 'settings', STORM);
			const ids = await Promise.all(Array.from({ length: MESSAGES }, (_, number) => send(channel, String(79_120_000_000 + number))));
			await log.insert(ids.map((messageId) => ({ messageId, rank: 0 })));
			return { log, logging, ids, door, registered, url: url.href };
		});

		await step(`n8n is killed in the middle of a storm of ${HOOKS} hooks, and started again`, async () => {
			const fates = storm.ids.flatMap((id, index) => FATES[index % FATES.length]!.statuses.map((status) => ({ id, status })));
			assert.equal(fates.length * 2, HOOKS);
			await Promise.all(
				shuffled(fates).map(async ({ id, status }) => {
					const code = status === 'failed' ? { code: 131_026 } : {};
					await channel.control('POST', `messages/${encodeURIComponent(id)}/status`, { status, ...code });
				}),
			);
			await waitFor({
				what: `${KILL_AFTER} hooks to be answered`,
				timeoutMs: TIMEOUT_MS,
				pauseMs: 20,
				look: async () => ((await webhookOf(channel, storm.url)).delivered >= KILL_AFTER ? true : undefined),
			});
			await signalN8n(userFolder, 'SIGKILL');
			storm.door.shut();
			await server?.program.stop();
			const { delivered, pending } = await webhookOf(channel, storm.url);
			assert.ok(delivered < HOOKS && pending > 0, 'the storm was over before the kill');
			server = await start(server?.port ?? 0, 'n8n-again.log');
			await storm.door.open();
		});

		await step('1MSG delivers again what was not answered, until every hook is', async () => {
			const done = await waitFor({
				what: 'every hook to be answered',
				timeoutMs: TIMEOUT_MS,
				look: async () => {
					await server?.program.mustRun();
					const found = await webhookOf(channel, storm.url);
					return found.pending === 0 ? found : undefined;
				},
			});
			assert.equal(done.delivered, HOOKS);
			assert.ok(done.attempts > HOOKS / STORM.hookBatch, 'nothing was delivered again');
		});

		await step('the log holds each message once, with its highest status', async () => {
			const rows = await storm.log.rows();
			const expected = storm.ids.map((messageId, index) => {
				const { highest, rank } = FATES[index % FATES.length]!;
				return { messageId, status: highest, rank };
			});
			const found = rows.map(({ messageId, status, rank }) => ({ messageId, status, rank }));
			const order = (a: { messageId: string | null }, b: { messageId: string | null }) => (a.messageId ?? '').localeCompare(b.messageId ?? '');
			assert.deepEqual(found.sort(order), expected.sort(order));
		});

		await step('killed and started again, n8n takes its own URL out of the list, and no other', async () => {
			const { url, secret } = storm.registered;
			await channel.control('POST', 'webhooks', { urls: [FOREIGN_URL, `${url}?secret=${secret}`, OTHER_URL] });
			await api.signIn(OWNER);
			await deactivate(api, storm.logging.id, storm.logging.name);
			assert.deepEqual(await channel.webhookUrls(), [FOREIGN_URL, OTHER_URL]);
		});

		await step('a run that fails is not answered 200, so 1MSG delivers again until one finishes well', async () => {
			const failing = await add(FAILING);
			const { url, secret } = ours(await channel.webhookUrls(), server);
			const ask = `${channel.baseUrl}/${channelId}/status`;
			await channel.control('POST', 'script', { path: 'status', times: 2, answers: [{ status: 500 }] });
			const hooks = JSON.stringify({ instanceId: channelId, hooks: [{ ...hook('wamid.AGAIN', 'read'), ask: `${ask}?token=${channel.token}` }] });
			const statuses: number[] = [];
			for (let time = 0; time < 3; time++) statuses.push(await post(`${url}?secret=${secret}`, hooks));
			assert.deepEqual(statuses, [500, 500, 200]);
			assert.equal(await executionsOf(api, failing.id), 3);
		});
	} finally {
		gate?.shut();
		await Promise.all([server?.program.stop(), sandbox?.program.stop()]);
	}
}

/** A workflow from the trigger through the given nodes. */
function workflow(name: string, parameters: Record<string, unknown>, then: Array<{ type: string; typeVersion: number; parameters: Record<string, unknown> }>): WorkflowFile {
	const trigger = { type: `${PACKAGE_NAME}.oneMsgTrigger`, typeVersion: 1, parameters, webhookId: name };
	const nodes = [trigger, ...then].map((node, index) => ({ ...node, id: `${name}-${index}`, name: `Node ${index}`, position: [200 * index, 0] }));
	const connections = Object.fromEntries(then.map((_, index) => [`Node ${index}`, { main: [[{ node: `Node ${index + 1}`, type: 'main', index: 0 }]] }]));
	return { name, nodes, connections, settings: { executionOrder: 'v1' } };
}

/** Logs every status, then answers 1MSG: an atomic update that only raises a row's status, so that hooks may overlap and repeat. */
function loggingWorkflow(table: string): WorkflowFile {
	const filters = {
		conditions: [
			{ keyName: 'messageId', condition: 'eq', keyValue: '={{ $json.messageId }}' },
			{ keyName: 'rank', condition: 'lt', keyValue: '={{ $json.rank }}' },
		],
	};
	const value = { status: '={{ $json.status }}', rank: '={{ $json.rank }}' };
	const schema = LOG_COLUMNS.map(({ name, type }) => ({ id: name, displayName: name, required: false, defaultMatch: false, display: true, type }));
	return workflow('trigger-logs', { statuses: ['sent', 'delivered', 'read', 'failed'], respond: 'whenFinished' }, [
		{
			type: 'n8n-nodes-base.dataTable',
			typeVersion: 1,
			parameters: {
				resource: 'row', operation: 'update', dataTableId: { __rl: true, mode: 'name', value: table },
				matchType: 'allConditions', filters, columns: { mappingMode: 'defineBelow', value, schema }, options: {},
			},
		},
	]);
}

/** An entry of `hooks[]`. */
function hook(id: string, status: string): Record<string, unknown> {
	return { id, type: 'message', status, timestamp: '1754400000', recipient_id: '79123456789' };
}

/** Posts a text; returns the status, 0 if the connection was closed. */
async function post(url: string, text: string): Promise<number> {
	try {
		const answer = await request(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: text, headersTimeout: TIMEOUT_MS });
		await answer.body.dump();
		return answer.statusCode;
	} catch (error) {
		if (error instanceof Error && /ECONNRESET|EPIPE|UND_ERR_SOCKET/.test(`${(error as { code?: string }).code}`)) return 0;
		throw error;
	}
}

/** This n8n's only URL on a channel's list, with the secret split off. */
function ours(urls: string[], server: N8nServer | undefined): { url: string; secret: string } {
	const found = urls.filter((url) => server !== undefined && url.startsWith(`${server.url}/webhook/`));
	assert.equal(found.length, 1, urls.join(' '));
	const { origin, pathname, searchParams } = new URL(found[0]!);
	const secret = searchParams.get('secret') ?? '';
	assert.ok(secret.length >= 20);
	return { url: origin + pathname, secret };
}

async function webhookOf(channel: Sandbox, url: string): Promise<Webhook> {
	const { webhooks } = await channel.control<{ webhooks: Webhook[] }>('GET', 'webhooks');
	const found = webhooks.find((webhook) => webhook.url === url);
	assert.ok(found, 'the webhook left the list');
	return found;
}

/** A workflow's number of executions, once none is running. */
async function executionsOf(api: N8nApi, workflowId: string): Promise<number> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	let before: string | undefined;
	return await waitFor({
		what: 'the executions to end',
		timeoutMs: TIMEOUT_MS,
		pauseMs: 20,
		// n8n builds the list from two queries, so an execution that is ending may be missing from both.
		look: async () => {
			const { results } = await api.call<{ results: Array<{ id: string; status: string }> }>('GET', `/executions?filter=${filter}&limit=100`);
			const now = results.map(({ id, status }) => `${id} ${status}`).join();
			const isSettled = now === before && !/ (new|running)/.test(now);
			before = now;
			return isSettled ? results.length : undefined;
		},
	});
}

/** Sends the template to a phone; returns the message ID. */
async function send(channel: Sandbox, phone: string): Promise<string> {
	const parameters = ['Alexey', '10482', 'Oak shelf', 'It ships tomorrow'].map((text) => ({ type: 'text', text }));
	const answer = await request(`${channel.baseUrl}/${channel.channelId}/sendTemplate`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', authorization: `Bearer ${channel.token}` },
		body: JSON.stringify({
			phone, template: 'stock_arrival', namespace: NAMESPACE,
			language: { policy: 'deterministic', code: 'en' }, params: [{ type: 'body', parameters }],
		}),
	});
	const { id } = (await answer.body.json()) as { id?: string };
	assert.ok(id, `the channel answered ${answer.statusCode}`);
	return id;
}

/** The workflow's log, empty. */
async function createLog(api: N8nApi) {
	const { id: project } = await api.call<{ id: string }>('GET', '/projects/personal');
	const tables = `/projects/${project}/data-tables`;
	const name = 'storm_log';
	const { id } = await api.call<{ id: string }>('POST', tables, { name, columns: LOG_COLUMNS });
	return {
		name,
		/** Adds rows as the sending workflow does on acceptance. */
		insert: async (data: Array<Partial<LogRow>>) => await api.call('POST', `${tables}/${id}/insert`, { data }),
		rows: async (): Promise<LogRow[]> => {
			await api.signIn(OWNER);
			const rows: LogRow[] = [];
			for (;;) {
				const { count, data } = await api.call<{ count: number; data: LogRow[] }>('GET', `${tables}/${id}/rows?take=${ROWS_PER_PAGE}&skip=${rows.length}&sortBy=id:asc`);
				rows.push(...data);
				if (data.length === 0 || rows.length >= count) return rows;
			}
		},
	};
}

/** A fixed shuffle. */
function shuffled<T>(list: readonly T[]): T[] {
	const keyed = list.map((value, index) => ({ value, key: Math.sin(index + 1) * 10_000 - Math.floor(Math.sin(index + 1) * 10_000) }));
	return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
}
