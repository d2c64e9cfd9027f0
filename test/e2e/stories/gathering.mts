import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import { OWNER } from '../../../harness/environment.mts';
import { N8nApi } from '../../../harness/n8n/api.mts';
import { saveCredential } from '../../../harness/n8n/credential.mts';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import { RECOMMENDED, startN8n, type N8nServer } from '../../../harness/n8n/server.mts';
import { activate, deactivate, saveWorkflow, withCredential } from '../../../harness/n8n/workflow.mts';
import { installPackage } from '../../../harness/package/install.mts';
import type { PackedPackage } from '../../../harness/package/pack.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { Sandbox } from '../../../harness/sandbox-program.mts';
import { startRecorder } from '../../support/recorder.mts';
import { eachOnce, Executions, gathers, named, postMany, postStatuses, stormUntilItFails } from '../n8n/hook-storm.mts';
import { ended } from '../n8n/run-workflow.mts';
import { signalN8n } from '../n8n/signal-n8n.mts';
import type { Steps } from '../steps.mts';

const TIMEOUT_MS = 120_000;
const STORM = 300;
/** Few enough for one window. */
const FEW = 10;
/** Answers of a storm before n8n is stopped or killed. */
const STOP_AFTER = 100;
const LOCKED_MS = 5000;
const FLOOD = { posts: 200, events: 100 };

/** As long as it may be, so that a stop comes before its end. */
const LONG = gathers('gathering', 5);
const BRIEF = gathers('gathering-briefly', 1);
const FAILING = gathers('gathering-fails', 1, [{ type: 'n8n-nodes-base.stopAndError', typeVersion: 1, parameters: { errorMessage: 'Nobody can take this' } }]);

/** Tells somebody what it runs for: what n8n saves about its executions is not to be had while its database is locked. */
const tells = (url: string) => gathers('gathering-tells', 1, [{ type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, executeOnce: true, parameters: { url: `=${url}/{{ $('Trigger').all().map((item) => item.json.messageId).join() }}`, options: {} } }]);

export interface GatheringStoryOptions {
	/** The story's own: n8n's user folder and the logs. */
	folder: string;
	n8n: InstalledN8n;
	packed: PackedPackage;
}

/** Many calls, few executions, each event in one of them, whatever happens to n8n meanwhile: in its own real n8n. */
export async function gatheringStory({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, { folder, n8n, packed }: GatheringStoryOptions): Promise<void> {
	const userFolder = join(folder, 'n8n');
	let server: N8nServer | undefined;
	let sandbox: Sandbox | undefined;
	const stops: Array<() => Promise<void>> = [];
	const start = async (port: number, name: string) => (server = await startN8n(n8n, { userFolder, log: join(folder, name), port, env: RECOMMENDED }));
	try {
		const { channelId, api, told, long, brief, failing, deactivateLong, urlOf } = await mustStep('a channel and an n8n of their own start, and triggers gather', async () => {
			await installPackage(userFolder, packed);
			const channel = (sandbox = await Sandbox.start({ port: 0, log: join(folder, 'sandbox.log') }));
			const api = new N8nApi((await start(0, 'n8n.log')).url);
			await api.signIn(OWNER);
			const { channelId, token, baseUrl } = channel;
			const credential = await saveCredential(api, { channelId, apiToken: token, baseUrl });
			const recorder = await startRecorder();
			stops.push(recorder.stop);
			const put = async (file: typeof LONG) => {
				const id = await saveWorkflow(api, withCredential(file, credential));
				await activate(api, id, file.name);
				return id;
			};
			const longId = await put(LONG);
			await put(tells(recorder.url));
			return {
				/** Messages that were told of, in order. */
				told: () => recorder.requests.flatMap(({ path }) => path.slice(1).split(',')),
				channelId, api,
				long: new Executions(api, longId), brief: new Executions(api, await put(BRIEF)), failing: new Executions(api, await put(FAILING)),
				deactivateLong: async (then: () => Promise<void>) => {
					await deactivate(api, longId, LONG.name);
					await then().finally(() => activate(api, longId, LONG.name));
				},
				urlOf: async ({ name }: { name: string }) => (await channel.webhookUrls()).find((url) => url.startsWith(`${server?.url}/webhook/${name}/`)) ?? '',
			};
		});
		const post = async (url: string, messages: readonly string[], status?: string) => await postStatuses(url, channelId, messages, status);
		const postEach = async (url: string, messages: readonly string[], status?: string) => {
			for (const message of messages) assert.equal(await post(url, [message], status), 200);
		};
		/** Once n8n has ended by itself: a second signal would kill it. */
		const restart = async (name: string) => {
			await waitFor({ what: 'n8n to end', timeoutMs: TIMEOUT_MS, look: async () => server?.program.isRunning === false || undefined });
			await server?.program.stop();
			await start(server?.port ?? 0, name);
			await api.signIn(OWNER);
			await long.rest();
		};

		await step(`${STORM} calls at a time: each is answered 200, each event is in exactly one execution, and there are a tenth as many`, async () => {
			const messages = named('storm', STORM);
			assert.deepEqual(await postMany(await urlOf(LONG), channelId, messages), [200]);
			const found = await long.ofAll('storm', messages);
			eachOnce(found.flat(), messages);
			assert.ok(found.length <= STORM / 10, `${found.length} executions`);
		});

		await step(`${FLOOD.posts * FLOOD.events} events in ${FLOOD.posts} calls: each is in exactly one execution`, async () => {
			const url = await urlOf(BRIEF);
			const limit = pLimit(20);
			const messages = named('flood', FLOOD.posts * FLOOD.events);
			const answers = await Promise.all(Array.from({ length: FLOOD.posts }, (_, index) => limit(() => post(url, messages.slice(FLOOD.events * index, FLOOD.events * (index + 1))))));
			assert.deepEqual([...new Set(answers)], [200]);
			eachOnce((await brief.ofAll('flood', messages)).flat(), messages);
		});

		await step('repeated and in another order, across windows: each status is executed once, and none after a higher one', async () => {
			const url = await urlOf(BRIEF);
			const messages = named('repeated', FEW);
			for (const statuses of [['sent', 'delivered'], ['delivered', 'sent'], ['read', 'delivered'], ['sent', 'read']]) {
				for (const status of statuses) await postEach(url, messages, status);
				await pause(400);
			}
			const executed = async (): Promise<Array<[string, string]>> => {
				const all = await Promise.all((await brief.all()).slice(-20).map(async ({ id }) => await ended(api, id)));
				return all.flatMap(({ items }) => items('Trigger').map(({ messageId, status }): [string, string] => [String(messageId), String(status)])).filter(([id]) => messages.includes(id));
			};
			await waitFor({ what: 'the last status', timeoutMs: TIMEOUT_MS, look: async () => (await executed()).length >= 3 * FEW || undefined });
			const all = await executed();
			for (const message of messages) assert.deepEqual(all.filter(([id]) => id === message).map(([, status]) => status), ['sent', 'delivered', 'read']);
		});

		await step('a workflow that fails: each event is in exactly one execution, and later ones are executed all the same', async () => {
			const url = await urlOf(FAILING);
			for (const name of ['fails', 'fails-again']) {
				const messages = named(name, FEW);
				await postEach(url, messages);
				assert.deepEqual((await failing.ofAll(name, messages, 'error')).flat(), messages);
			}
		});

		await step('deactivated while events gather, the workflow executes them, in order', async () => {
			const messages = named('deactivated', FEW);
			await postEach(await urlOf(LONG), messages);
			await deactivateLong(async () => assert.deepEqual((await long.ofAll('deactivated', messages)).flat(), messages));
		});

		await step('while another program locks the database for five seconds, what n8n answered 200 is executed once, and what it refused when it comes again', async () => {
			const url = await urlOf({ name: 'gathering-tells' });
			const messages = named('locked', STORM / 3);
			await postEach(url, messages.slice(0, FEW));
			const database = new DatabaseSync(join(userFolder, '.n8n', 'database.sqlite'));
			database.exec('BEGIN EXCLUSIVE');
			const limit = pLimit(20);
			const answers = Promise.all(messages.slice(FEW).map((message) => limit(async () => [message, await post(url, [message])] as const)));
			await pause(LOCKED_MS);
			database.exec('COMMIT');
			database.close();
			const refused = (await answers).filter(([, status]) => status !== 200).map(([message]) => message);
			await postEach(url, refused);
			await waitFor({ what: 'all events to be executed', timeoutMs: TIMEOUT_MS, look: async () => told().length >= messages.length || undefined });
			eachOnce(told(), messages);
		});

		await step('stopped while events gather, n8n executes them first', async () => {
			const messages = named('stopped', FEW);
			await postEach(await urlOf(LONG), messages);
			await signalN8n(userFolder, 'SIGTERM');
			await restart('n8n-stopped.log');
			assert.deepEqual((await long.of('stopped')).flat(), messages);
		});

		await step('stopped in a storm, n8n executes what it answered 200, each once', async () => {
			const answered = await stormUntilItFails(await urlOf(LONG), channelId, 'halted', (count) => count === STOP_AFTER && void signalN8n(userFolder, 'SIGTERM'));
			await restart('n8n-halted.log');
			const found = (await long.of('halted\\d+')).flat();
			// Some were taken, and n8n ended before it could answer.
			eachOnce(found, [...new Set([...answered, ...found])]);
		});

		await step('killed in a storm, n8n executes no event twice, and gathers again', async () => {
			const url = await urlOf(LONG);
			await stormUntilItFails(url, channelId, 'killed', (count) => count === STOP_AFTER && void signalN8n(userFolder, 'SIGKILL'));
			await restart('n8n-killed.log');
			const found = (await long.of('killed\\d+')).flat();
			assert.equal(new Set(found).size, found.length);
			const messages = named('again', FEW);
			await postEach(url, messages);
			const again = await long.ofAll('again', messages);
			assert.deepEqual(again.flat(), messages);
			assert.equal(again[0]?.length, 1);
		});
	} finally {
		await Promise.all([server?.program.stop(), sandbox?.program.stop(), ...stops.map((stop) => stop())]);
	}
}
