import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { request } from 'undici';
import { saveCredential } from '../../../harness/n8n/credential.mts';
import { activate, saveWorkflow, withCredential, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import { PACKAGE_NAME } from '../../../harness/package/install.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { startAlone, type AloneOptions } from '../n8n/alone.mts';
import { findIn, findSecrets, leaks, webhookSecrets } from '../secrets/secrets.mts';
import { findsWhatIsPlanted } from '../secrets/secrets-planted.mts';
import type { Steps } from '../steps.mts';

const TIMEOUT_MS = 60_000;
const PHONE = '79123456789';
const CUSTOMER = 'Alexey Whom The Search Must Find';
/** n8n logs everything and saves each step of each run. */
const TALKATIVE = { N8N_LOG_LEVEL: 'debug', N8N_LOG_OUTPUT: 'console,file', EXECUTIONS_DATA_SAVE_ON_PROGRESS: 'true' };

const ARRIVAL = {
	resource: 'message', operation: 'sendStockArrivalTemplate', template: { __rl: true, mode: 'name', value: 'stock_arrival|en' },
	phone: PHONE, customerName: CUSTOMER, orderReference: '10482', productName: 'Oak shelf', nextStep: 'We ship it tomorrow',
	options: { retryFor: 0, timeout: 2, simplify: false },
};
const OPERATIONS: Record<string, Record<string, unknown>> = {
	'send-or-stop': { parameters: ARRIVAL },
	'send-and-go-on': { parameters: ARRIVAL, onError: 'continueRegularOutput' },
	'template-list': { parameters: { resource: 'template', operation: 'getMany', options: { simplify: false } }, onError: 'continueRegularOutput' },
	'channel-status': { parameters: { resource: 'channel', operation: 'getChannelStatus', options: { simplify: false } }, onError: 'continueRegularOutput' },
	'webhook-list': { parameters: { resource: 'channel', operation: 'getWebhooks', options: { simplify: false } }, onError: 'continueRegularOutput' },
	'webhook-repair': { parameters: { resource: 'channel', operation: 'repairWebhooks', options: { simplify: false } }, onError: 'continueRegularOutput' },
};
/** Known exceptions: `trigger` puts the token into a hook itself, for n8n's HTTP Request node; n8n 1.123 saves a copy of static data with each execution. */
const ELSEWHERE = { token: /^trigger\/.*(: execution_data\.data|: its bytes|-wal)$/, secret: /^(install-)?older\/.*: execution_data\.workflowData$/ };
/** They wait for a missing service, for seconds or minutes. */
const PATIENT = ['template-list', 'webhook-list', 'webhook-repair'];
const TRY = workflow('secrets-try', [{ type: `${PACKAGE_NAME}.oneMsgTrigger`, webhookId: 'secrets-try', parameters: {} }]);
const LISTEN = workflow('secrets-listen', [{ type: `${PACKAGE_NAME}.oneMsgTrigger`, webhookId: 'secrets-listen', parameters: {} }]);

/** No secret leaks: n8n logs everything and meets a channel that echoes the token. */
export async function secretsStory({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, options: AloneOptions): Promise<void> {
	await step('the search finds a secret in whatever form it is planted', () => findsWhatIsPlanted(join(options.folder, 'planted')));

	const environment = await mustStep('an n8n that logs everything starts, with a channel', () => startAlone({ ...options, settings: TALKATIVE }));
	const { api, sandbox, credential } = environment;
	const { token } = sandbox;
	const answers: string[] = [];
	const secrets: string[] = [];
	try {
		await mustStep('each operation has a workflow, and a trigger listens', async () => {
			for (const [name, node] of Object.entries(OPERATIONS)) {
				const file = workflow(`secrets-${name}`, [webhook(`secrets-${name}`), { type: `${PACKAGE_NAME}.oneMsg`, ...node }]);
				await activate(api, await saveWorkflow(api, withCredential(file, credential)), file.name);
			}
			await activate(api, await saveWorkflow(api, withCredential(LISTEN, credential)), LISTEN.name);
			await saveWorkflow(api, withCredential(TRY, credential));
		});
		const fire = async (name: string) => {
			const { statusCode, body } = await request(`${environment.url}/webhook/secrets-${name}`, { method: 'POST', headersTimeout: TIMEOUT_MS });
			answers.push(await body.text());
			return statusCode;
		};
		const echo = { error: `Wrong token "${token}". Please provide token as a GET parameter, ?token=${token}` };
		const hook = JSON.stringify({ instanceId: sandbox.channelId, hooks: [{ id: 'w', type: 'message', status: 'delivered', timestamp: '1754400000', recipient_id: PHONE }] });
		/** Our new URL on the channel's list; its secret is searched for from now on. */
		const registered = async (before: string[] = []) => {
			const url = (await sandbox.webhookUrls()).find((one) => one.startsWith(environment.url) && !before.includes(one)) ?? '';
			const secret = new URL(url).searchParams.get('secret') ?? '';
			assert.match(secret, /^[\w-]{32}$/);
			secrets.push(secret);
			return url;
		};
		const hasRun = async ({ name }: WorkflowFile) =>
			await waitFor({
				what: `${name} to run`,
				timeoutMs: TIMEOUT_MS,
				look: async () => {
					const { results } = await api.call<{ results: Array<{ workflowName: string; status: string }> }>('GET', '/executions?limit=100');
					return results.some(({ workflowName, status }) => workflowName === name && status === 'success') ? true : undefined;
				},
			});
		const scripted = async (path: string, ...given: object[]) => await sandbox.control('POST', 'script', { path, answers: given });

		await step('every operation runs well, and shows the answers of the service', async () => {
			for (const name of Object.keys(OPERATIONS)) assert.equal(await fire(name), 200, name);
			assert.ok(answers.every((answer) => answer.includes('"response"')), answers.join('\n'));
		});
		await step('sends meet answers that echo the token: refused, in doubt, and taken', async () => {
			const echoes = [{ status: 401, body: echo }, { status: 500, body: echo }, { status: 200, body: { sent: false, message: echo.error } }, { status: 200, body: { sent: true, id: 'w', message: echo.error } }];
			for (const answer of echoes) {
				for (const name of ['send-or-stop', 'send-and-go-on']) {
					await scripted('sendTemplate', answer);
					await fire(name);
				}
			}
		});
		await step('questions meet answers that echo the token', async () => {
			for (const [name, path] of [['template-list', 'templates'], ['channel-status', 'status'], ['webhook-list', 'webhook'], ['webhook-repair', 'webhook']] as const) {
				await scripted(path, { status: 401, body: echo });
				await fire(name);
			}
		});
		await step('the editor and the credential test meet a token that is rejected', async () => {
			await scripted('templates', { status: 401, body: echo });
			answers.push(await said(api.call('POST', '/dynamic-node-parameters/resource-locator-results', editorQuestion(credential))));
			assert.match(answers.at(-1) ?? '', /rejected/i);
			// n8n retries after a 401.
			await scripted('status', { status: 401, body: echo }, { status: 401, body: echo });
			const data = { channelId: sandbox.channelId, apiToken: token, baseUrl: sandbox.baseUrl };
			answers.push(await said(api.call('POST', '/credentials/test', { credentials: { ...credential, type: 'oneMsgChannelApi', data } })));
			assert.match(answers.at(-1) ?? '', /The token was rejected/);
		});
		await step('a service that is gone, and a base URL that is none', async () => {
			for (const [baseUrl, names] of [
				['http://127.0.0.1:1', Object.keys(OPERATIONS).filter((name) => !PATIENT.includes(name))],
				[`nowhere?token=${token}`, Object.keys(OPERATIONS)],
			] as const) {
				await saveCredential(api, { channelId: sandbox.channelId, apiToken: token, baseUrl });
				await Promise.all(names.map(fire));
			}
			await saveCredential(api, { channelId: sandbox.channelId, apiToken: token, baseUrl: sandbox.baseUrl });
		});
		await step('hooks arrive with the secret, with half of it, and with a body that is none', async () => {
			const url = await registered();
			for (const [to, body] of [[url, hook], [url.slice(0, -16), hook], [url, '{"hooks":'], [url, '[]']] as const) answers.push(await post(to, body));
			await hasRun(LISTEN);
		});
		await step('somebody listens for a test event, and one arrives', async () => {
			const before = await sandbox.webhookUrls();
			const id = await saveWorkflow(api, withCredential(TRY, credential));
			answers.push(await said(api.call('POST', `/workflows/${id}/run`, { triggerToStartFrom: { name: 'Node 0' } })));
			assert.match(answers.at(-1) ?? '', /"waitingForWebhook":true/);
			answers.push(await post(await registered(before), hook));
			await hasRun(TRY);
		});
	} finally {
		await environment.stop();
	}
	await step('no answer of n8n held the token or the webhook secret', async () => {
		assert.deepEqual(findIn('answers', answers.join('\n'), { tokens: [token], secrets }), []);
	});
	await step('the search reads what n8n kept: the customer, the webhook secret in static data', async () => {
		const found = await findSecrets(join(options.folder, 'n8n'), { tokens: [CUSTOMER], secrets });
		assert.ok(found.some(({ where }) => where.endsWith('execution_data.data')));
		assert.deepEqual(await webhookSecrets(options.folder), secrets.slice(0, 1));
		assert.ok(found.some(({ what, where }) => what === 'secret' && where.endsWith('workflow_entity.staticData')));
	});
	await step('the token is nowhere, the webhook secret in static data only: database, executions, event log, logs', async () => {
		assert.deepEqual(leaks(await findSecrets(options.folder, { tokens: [token], secrets })), []);
	});
}

/** The remains of all stories, one folder each: no token anywhere, webhook secrets only in static data. */
export async function searchStories({ step }: Pick<Steps, 'step'>, folder: string): Promise<void> {
	await step('after all stories the token is nowhere, and webhook secrets are in static data only', async () => {
		const secrets = await webhookSecrets(folder);
		const tokens = await tokensUnder(folder);
		assert.ok(tokens.length > 0, 'There was no channel.');
		assert.deepEqual(leaks(await findSecrets(folder, { tokens, secrets })).filter(({ what, where }) => !ELSEWHERE[what].test(where)), []);
	});
}

/** Tokens of the channels with logs under a folder: a sandbox prints it first. */
async function tokensUnder(folder: string): Promise<string[]> {
	const logs = (await readdir(folder, { recursive: true })).filter((path) => basename(path) === 'sandbox.log');
	const texts = await Promise.all(logs.map((log) => readFile(join(folder, log), 'utf8')));
	return [...new Set(texts.flatMap((text) => [...text.matchAll(/"token":"([^"]+)"/g)].map(([, token]) => token!)))];
}

function webhook(path: string): Record<string, unknown> {
	return { type: 'n8n-nodes-base.webhook', typeVersion: 2, webhookId: path, parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} } };
}

/** A chain of nodes. */
function workflow(name: string, nodes: Array<Record<string, unknown>>): WorkflowFile {
	const placed = nodes.map((node, index) => ({ position: [0, 0], typeVersion: 1, id: `${name}-${index}`, name: `Node ${index}`, ...node }) as never);
	const connections = Object.fromEntries(nodes.slice(1).map((_, index) => [`Node ${index}`, { main: [[{ node: `Node ${index + 1}`, type: 'main', index: 0 }]] }]));
	return { name, nodes: placed, connections, settings: { executionOrder: 'v1' } };
}

/** Reads the template list like the editor. */
function editorQuestion(credential: object): object {
	return {
		path: 'parameters.template', methodName: 'searchTemplates', nodeTypeAndVersion: { name: `${PACKAGE_NAME}.oneMsg`, version: 1 },
		currentNodeParameters: { resource: 'message', operation: 'sendTemplate' }, credentials: { oneMsgChannelApi: credential },
	};
}

/** Posts a hook; returns n8n's answer. */
async function post(url: string, body: string): Promise<string> {
	const answer = await request(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
	return await answer.body.text();
}

/** n8n's answer, even a refusal. */
async function said(call: Promise<unknown>): Promise<string> {
	return await call.then(
		(answer) => JSON.stringify(answer),
		(error: unknown) => String(error),
	);
}
