import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import { saveWorkflow, type WorkflowFile, type WorkflowNode } from '../../../harness/n8n/workflow.mts';
import { startRecorder } from '../../support/recorder.mts';
import { startAlone, type Alone, type AloneOptions } from '../n8n/alone.mts';
import { runsWell, type Ran } from '../n8n/run-workflow.mts';
import { findSecrets } from '../secrets/secrets.mts';
import type { Steps } from '../steps.mts';

const CREDENTIAL_TYPE = 'oneMsgChannelApi';
const PHONE = '79123456789';
const START = 'Start';
const REDIRECTS = [301, 302, 303, 307, 308];
const TEMPLATE = {
	phone: PHONE, template: 'stock_arrival', namespace: '5a4db0c5_0000_4aaa_8bbb_5a4db0c50001', language: { policy: 'deterministic', code: 'en' },
	params: [{ type: 'body', parameters: ['Anna', '10482', 'Trail shoes', 'It ships tomorrow'].map((text) => ({ type: 'text', text })) }],
};

/** A request of an HTTP Request node with the credential. */
interface Question {
	name: string;
	version: number;
	url: string;
	body?: object;
	options?: Record<string, unknown>;
}

/** The credential in every version of n8n's HTTP Request node: it works, and only the channel gets the token. */
export async function httpRequestStory({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, options: AloneOptions): Promise<void> {
	const { taking, others } = await versionsOf(options.n8n);
	const environment = await mustStep('an n8n starts, with a channel', () => startAlone(options));
	const elsewhere = await startRecorder();
	const { sandbox, api, credential } = environment;
	const here = `${sandbox.baseUrl}/{channel}`;
	const redirects = async (status: number, location: string) => {
		await sandbox.control('DELETE', 'script');
		await sandbox.control('POST', 'script', { path: 'status', times: 'forever', answers: [{ status, headers: { location }, body: { error: 'Moved' } }] });
	};
	try {
		await step(`of its versions ${[...others, ...taking].join(', ')}, all but the first take a service's credential`, async () => {
			assert.deepEqual(others, [1]);
			assert.deepEqual(taking.slice(0, 4), [2, 3, 4, 4.1]);
		});

		await step('each asks the channel and sends to it, with the token in the Authorization header', async () => {
			const ran = await ask(environment, 'Asks', taking.flatMap((version) => [
				{ name: `Status by ${version}`, version, url: `${here}/status` },
				{ name: `Send by ${version}`, version, url: `${here}/sendTemplate`, body: TEMPLATE },
			]));
			for (const version of taking) {
				assert.deepEqual(ran.items(`Status by ${version}`).map(({ accountStatus }) => accountStatus), ['authenticated']);
				assert.deepEqual(ran.items(`Send by ${version}`).map(({ sent }) => sent), [true]);
			}
			assert.equal((await sandbox.messagesTo(PHONE)).length, taking.length);
			const calls = await sandbox.calls();
			assert.deepEqual(calls.filter(({ tokenIn, tokenOk }) => tokenIn !== 'header' || !tokenOk), []);
			assert.equal(calls.length, 2 * taking.length);
		});

		for (const status of REDIRECTS) {
			await step(`none follows a redirect (${status}), however it is set: each says so, and nobody else is asked`, async () => {
				await redirects(status, `${elsewhere.url}/x`);
				const questions = taking.flatMap((version) => redirectSettings(version).flatMap((set, index) => [
					{ name: `Get by ${version}, ${index}`, version, url: `${here}/status`, options: set },
					{ name: `Post by ${version}, ${index}`, version, url: `${here}/status`, options: set, body: {} },
				]));
				const ran = await ask(environment, 'Redirected', questions);
				for (const { name } of questions) assert.match(errorOf(ran, name), new RegExp(`\\b${status}\\b`), name);
				assert.deepEqual(elsewhere.requests, []);
			});
		}

		await step('with Never Error the redirect itself is the item', async () => {
			const answered = (version: number) => (version < 3 ? { ignoreResponseCode: true, fullResponse: true } : { response: { response: { neverError: true, fullResponse: true } } });
			const ran = await ask(environment, 'Never Error', taking.map((version) => ({ name: `Get by ${version}`, version, url: `${here}/status`, options: { ...redirectSettings(version)[1], ...answered(version) } })));
			for (const version of taking) {
				const [item] = ran.items(`Get by ${version}`) as Array<{ statusCode: number; headers: { location: string } }>;
				assert.deepEqual([item?.statusCode, item?.headers.location], [308, `${elsewhere.url}/x`], String(version));
			}
			assert.deepEqual(elsewhere.requests, []);
		});

		await step('the credential test says that the Base URL redirects, and does not follow; a wrong token is said, too', async () => {
			const tested = async (apiToken: string) => {
				const data = { channelId: sandbox.channelId, apiToken, baseUrl: sandbox.baseUrl };
				return await api.call<{ status: string; message: string }>('POST', '/credentials/test', { credentials: { ...credential, type: CREDENTIAL_TYPE, data } });
			};
			// n8n 1.123 has credential test rules, but loses the answer that they check.
			const isOlder = options.n8n.version.startsWith('1.');
			const redirected = await tested(sandbox.token);
			assert.equal(redirected.status, 'Error');
			assert.match(redirected.message, isOlder ? /status code 308$/ : /^The Base URL redirects to another address/);
			assert.deepEqual(elsewhere.requests, []);
			await sandbox.control('DELETE', 'script');
			const rejected = await tested('not-the-token');
			assert.equal(rejected.status, 'Error');
			assert.match(rejected.message, isOlder ? /^Authorization failed/ : /^The token was rejected/);
			assert.equal((await tested(sandbox.token)).status, 'OK');
		});

		await sandbox.control('DELETE', 'script');
		await step('each refuses another origin in words: in its URL, and as the next page of a pagination', async () => {
			const paged = (next: string) => ({
				pagination: { pagination: { paginationMode: 'responseContainsNextURL', nextURL: next, paginationCompleteWhen: 'other', completeExpression: '={{ false }}', limitPagesFetched: true, maxRequests: 2 } },
			});
			const questions = taking.flatMap((version) => [
				{ name: `Other host by ${version}`, version, url: `${elsewhere.url}/{channel}/status` },
				{ name: `Login by ${version}`, version, url: `${sandbox.baseUrl}@${new URL(elsewhere.url).host}/` },
				...(version < 3 ? [] : [{ name: `Pages by ${version}`, version, url: `${here}/status`, options: paged(`={{ $pageCount ? "${elsewhere.url}/x" : "${here}/status" }}`) }]),
			]);
			const ran = await ask(environment, 'Elsewhere', questions);
			for (const { name } of questions) assert.ok(errorOf(ran, name).includes(`only sent to ${sandbox.baseUrl}, not to ${elsewhere.url}.`), `${name}: ${errorOf(ran, name)}`);
			assert.deepEqual(elsewhere.requests, []);
		});
	} finally {
		await environment.stop();
		await elsewhere.stop();
	}
	await step('the token is nowhere in what n8n kept', async () => {
		assert.deepEqual(await findSecrets(options.folder, { tokens: [sandbox.token], secrets: [] }), []);
	});
}

/** The node's versions, by support for a service's credential, according to the installed n8n. */
async function versionsOf({ script }: InstalledN8n): Promise<{ taking: number[]; others: number[] }> {
	interface Described {
		name: string;
		version: number | number[];
		properties: Array<{ name: string; options?: Array<{ value?: unknown }> }>;
	}
	const file = join(script, '..', '..', '..', 'n8n-nodes-base', 'dist', 'types', 'nodes.json');
	const described = (JSON.parse(await readFile(file, 'utf8')) as Described[]).filter(({ name }) => name === 'httpRequest');
	const takes = ({ properties }: Described) => properties.some(({ name, options }) => name === 'authentication' && options?.some(({ value }) => value === 'predefinedCredentialType'));
	const versions = (kind: Described[]) => kind.flatMap(({ version }) => version).sort((a, b) => a - b);
	return { taking: versions(described.filter(takes)), others: versions(described.filter((one) => !takes(one))) };
}

/** Redirect settings: default, follow all, and send credentials along. */
function redirectSettings(version: number): Array<Record<string, unknown>> {
	if (version < 3) return [{}, { followRedirect: true, followAllRedirects: true }];
	const follow = { redirect: { redirect: { followRedirects: true, maxRedirects: 21 } } };
	return [{}, follow, { ...follow, sendCredentialsOnCrossOriginRedirect: true }];
}

/** Runs a workflow with a node per request, continuing on errors. */
async function ask({ api, credential }: Alone, name: string, questions: Question[]): Promise<Ran> {
	const start = { id: 'start', name: START, type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0], parameters: {} };
	const nodes = questions.map((question, index) => ({
		id: `ask-${index}`, name: question.name, type: 'n8n-nodes-base.httpRequest', typeVersion: question.version, position: [0, 0],
		onError: 'continueRegularOutput', credentials: { [CREDENTIAL_TYPE]: credential }, parameters: parametersOf(question),
	}));
	const file: WorkflowFile = {
		name: `HTTP Request: ${name}`,
		nodes: [start, ...nodes] as WorkflowNode[],
		connections: { [START]: { main: [nodes.map((node) => ({ node: node.name, type: 'main', index: 0 }))] } },
		settings: { executionOrder: 'v1' },
	};
	return await runsWell(api, await saveWorkflow(api, file), START);
}

function parametersOf({ version, url, body, options = {} }: Question): Record<string, unknown> {
	const common = { authentication: 'predefinedCredentialType', nodeCredentialType: CREDENTIAL_TYPE, url, options };
	const method = body ? 'POST' : 'GET';
	if (version < 3) return { ...common, requestMethod: method, jsonParameters: true, ...(body && { bodyParametersJson: JSON.stringify(body) }) };
	return { ...common, method, ...(body && { sendBody: true, specifyBody: 'json', jsonBody: JSON.stringify(body) }) };
}

/** A node's error item, as text. */
function errorOf(ran: Ran, name: string): string {
	const items = ran.items(name);
	assert.deepEqual(items.map(({ error }) => error !== undefined), [true], name);
	return JSON.stringify(items[0]?.error);
}
