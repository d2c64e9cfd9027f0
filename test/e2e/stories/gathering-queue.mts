import assert from 'node:assert/strict';
import { join } from 'node:path';
import { OWNER } from '../../../harness/environment.mts';
import { N8nApi } from '../../../harness/n8n/api.mts';
import { saveCredential } from '../../../harness/n8n/credential.mts';
import { activate, saveWorkflow, withCredential } from '../../../harness/n8n/workflow.mts';
import { installPackage } from '../../../harness/package/install.mts';
import { freePort } from '../../../harness/process/ports.mts';
import { Sandbox } from '../../../harness/sandbox-program.mts';
import { eachOnce, Executions, gathers, named, postMany, postStatuses, stormUntilItFails } from '../n8n/hook-storm.mts';
import { signal, startProcess, type Role } from '../queue/n8n-process.mts';
import { startPostgres } from '../queue/postgres.mts';
import { startRedis } from '../queue/redis.mts';
import type { NamedSteps } from '../named-steps.mts';
import type { Stage } from '../stories.mts';

const DATABASE = 'n8n';
const STORM = 200;
const FEW = 10;
/** Answers of a storm before the webhook process is killed. */
const KILL_AFTER = 60;
const WORKFLOW = gathers('gathering-queue', 1);

/** Gathering in a webhook process of queue mode, whose executions a worker runs. */
export async function gatheringQueueStory({ step, mustStep }: NamedSteps, { folder, n8n, packed, say }: Stage): Promise<void> {
	const stops: Array<() => Promise<void>> = [];
	try {
		const { webhook, startAgain, channelId, api, executions, url } = await mustStep('a main, a worker and a webhook process start in queue mode, and a trigger gathers', async () => {
			const redis = await startRedis(join(folder, 'redis'), say);
			stops.unshift(() => redis.program.stop());
			const postgres = await startPostgres([DATABASE], n8n, join(folder, 'postgres.log'), say);
			stops.unshift(postgres.stop);
			const webhookPort = await freePort(0);
			const shared = { n8n, redisPort: redis.port, postgresPort: postgres.port, database: DATABASE, webhookPort, encryptionKey: 'gathering-queue-story' };
			const start = async (role: Role, port: number, log = role as string) => {
				const userFolder = join(folder, role);
				await installPackage(userFolder, packed);
				const started = await startProcess(shared, { role, name: role, userFolder, log: join(folder, `${log}.log`), port });
				stops.unshift(() => started.program.stop());
				return started;
			};
			// The first one creates n8n's tables.
			const main = await start('main', await freePort(0));
			const [webhook] = await Promise.all([start('webhook', webhookPort), start('worker', await freePort(0))]);
			const sandbox = await Sandbox.start({ port: 0, log: join(folder, 'sandbox.log') });
			stops.unshift(() => sandbox.program.stop());
			const api = new N8nApi(main.url);
			await api.signIn(OWNER);
			const { channelId, token, baseUrl } = sandbox;
			const id = await saveWorkflow(api, withCredential(WORKFLOW, await saveCredential(api, { channelId, apiToken: token, baseUrl })));
			await activate(api, id, WORKFLOW.name);
			const url = (await sandbox.webhookUrls()).find((one) => one.startsWith(webhook.url)) ?? '';
			return { webhook, startAgain: async () => await start('webhook', webhookPort, 'webhook-again'), channelId, api, executions: new Executions(api, id), url };
		});

		await step(`${STORM} calls: each is answered 200, each event is in exactly one execution, and there are a fifth as many`, async () => {
			const messages = named('queue', STORM);
			assert.deepEqual(await postMany(url, channelId, messages), [200]);
			const found = await executions.ofAll('queue', messages);
			eachOnce(found.flat(), messages);
			assert.ok(found.length <= STORM / 5, `${found.length} executions`);
		});

		await step('the webhook process is killed in a storm: no event is executed twice, and the next process gathers', async () => {
			await stormUntilItFails(url, channelId, 'killed', (count) => count === KILL_AFTER && void signal(webhook, 'SIGKILL'));
			await webhook.program.stop();
			await startAgain();
			await api.signIn(OWNER);
			await executions.rest();
			const found = (await executions.of('killed\\d+')).flat();
			assert.equal(new Set(found).size, found.length);
			const messages = named('again', FEW);
			for (const message of messages) assert.equal(await postStatuses(url, channelId, [message]), 200);
			assert.deepEqual((await executions.ofAll('again', messages)).flat(), messages);
		});
	} finally {
		for (const stop of stops) await stop();
	}
}
