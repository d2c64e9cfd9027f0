import assert from 'node:assert/strict';
import { waitingCustomers } from '../../../demo/customers.mts';
import { startEnvironment, type Environment } from '../../../harness/environment.mts';
import { postEvent } from '../../../harness/event.mts';
import { RECOMMENDED } from '../../../harness/n8n/server.mts';
import { readWorkflow, saveWorkflow } from '../../../harness/n8n/workflow.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { checkLog, type ChannelMessage } from '../../bench/mission/check.mts';
import { runsWell } from '../n8n/run-workflow.mts';
import type { NamedSteps } from '../named-steps.mts';
import type { Stage } from '../stories.mts';

const QUESTIONS = 'workflows/advanced/delivery-status-by-questions.json';
/** A hook unanswered for five seconds has failed, and a failed hook takes the breaker out of `ok` for ten minutes. */
const CHANNEL = { latencyMs: 100, sentAfterMs: 300, deliveredAfterMs: 1200, readAfterMs: 2500, hookTimeoutMs: 5000 };
const TIMEOUT_MS = 240_000;

interface Load {
	customers: number;
	/** Messages per second that the channel takes. */
	limit: number;
	/** Statuses in one POST. */
	hookBatch: number;
	/** What the log says of everybody in the end. */
	last: 'delivered' | 'read';
}

/** WhatsApp's usual limit with hooks bundled, and a quarter of it with a POST for each status. */
const LOADS: Load[] = [
	{ customers: 1000, limit: 20, hookBatch: 1, last: 'read' },
	{ customers: 5000, limit: 80, hookBatch: 20, last: 'read' },
];
/** Enough for n8n as installed to fall behind. */
const BARE: Load = { customers: 400, limit: 20, hookBatch: 1, last: 'delivered' };

/** Statuses come back while messages are sent: with the recommended settings the channel's circuit breaker stays closed; without them nothing is lost. Needs the machine for itself. */
export async function twoWaysStory({ step, mustStep }: NamedSteps, stage: Stage): Promise<void> {
	await withN8n(RECOMMENDED, 'recommended', async (environment) => {
		for (const load of LOADS) {
			await step(`${inWords(load)}: the breaker stays ok, and the log knows every message`, async () => {
				const since = await run(environment, load);
				await untilLogged(environment, load);
				stage.say(`${inWords(load)}: ${await answers(environment, since)}.`);
				const { circuitState, warnedAt, skipped } = await environment.sandbox!.localWebhook();
				assert.deepEqual({ circuitState, warnedAt, skipped }, { circuitState: 'ok', warnedAt: null, skipped: 0 });
				assert.deepEqual(await logCheck(environment, load), { missing: 0, wrong: 0, twice: 0 });
			});
		}
	});
	await withN8n({}, 'as-installed', async (environment) => {
		await step(`${inWords(BARE)}, n8n as installed: what the hooks did not tell, questions find`, async () => {
			const since = await run(environment, BARE);
			await waitFor({ what: 'the channel to be done with its hooks', timeoutMs: TIMEOUT_MS, look: async () => (await environment.sandbox!.localWebhook()).pending === 0 || undefined });
			const known = await loggedOf(environment, BARE);
			const { circuitState, skipped } = await environment.sandbox!.localWebhook();
			stage.say(`${inWords(BARE)}, n8n as installed: ${await answers(environment, since)}; breaker ${circuitState}, ${skipped} statuses kept back, ${known} messages known when the channel was done.`);
			await askNow(environment);
			await untilLogged(environment, BARE);
			assert.deepEqual(await logCheck(environment, BARE), { missing: 0, wrong: 0, twice: 0 });
		});
	});

	async function withN8n(env: NodeJS.ProcessEnv, name: string, look: (environment: Environment) => Promise<void>): Promise<void> {
		const environment = await mustStep(`n8n starts with the starters, ${name}`, () => startEnvironment({ ...stage, folder: `${stage.folder}/${name}`, channel: undefined, ports: { n8n: 0, sandbox: 0 }, env }));
		try {
			await look(environment);
		} finally {
			await step('n8n and the sandbox end when told to', () => environment.stop());
		}
	}
}

function inWords({ customers, limit, hookBatch }: Load): string {
	return `${customers} messages at ${limit} per second, ${hookBatch === 1 ? 'a POST for each status' : `up to ${hookBatch} statuses a POST`}`;
}

const skuOf = ({ customers }: Load) => `SHELF-${customers}`;

/** Fires one event for all and waits until the channel has taken every message; returns when it was fired, in milliseconds since 1970. */
async function run(environment: Environment, load: Load): Promise<number> {
	const { customers: count, limit, hookBatch, last } = load;
	const sandbox = environment.sandbox!;
	const customers = waitingCustomers(skuOf(load), count);
	await environment.orders.add(customers);
	await sandbox.control('POST', 'clear');
	await sandbox.control('POST', 'settings', { ...CHANNEL, messagesPerSecond: limit, hookBatch, autoRead: last === 'read' });
	const firedAt = Date.now();
	const { status, text } = await postEvent(environment.eventUrl, { sku: skuOf(load), productName: 'Oak shelf', nextStep: 'We ship it tomorrow' });
	assert.equal(status, 202, text);
	await waitFor({ what: 'all messages to be sent', timeoutMs: TIMEOUT_MS, pauseMs: 500, look: async () => (await sandbox.control<{ messages: number }>('GET', 'counts')).messages >= count || undefined });
	return firedAt;
}

async function loggedOf({ table }: Environment, load: Load): Promise<number> {
	return await table.count({ sku: skuOf(load), status: load.last });
}

async function untilLogged(environment: Environment, load: Load): Promise<void> {
	await waitFor({ what: 'the log to know all', timeoutMs: TIMEOUT_MS, pauseMs: 500, look: async () => (await loggedOf(environment, load)) >= load.customers || undefined });
}

/** Asks for every message at once, without waiting for a row to be a minute old. */
async function askNow(environment: Environment): Promise<void> {
	const { id } = await environment.addWorkflow(QUESTIONS);
	const { nodes } = await environment.api.call<Awaited<ReturnType<typeof readWorkflow>>>('GET', `/workflows/${id}`);
	const impatient = JSON.parse(JSON.stringify(nodes).replace('minus({ minutes: 1 })', 'minus({ minutes: 0 })')) as typeof nodes;
	await saveWorkflow(environment.api, { ...(await readWorkflow(QUESTIONS)), nodes: impatient });
	await runsWell(environment.api, id, 'Every minute');
}

/** How the hooks since then were answered, in words: no test compares times. */
async function answers({ sandbox }: Environment, since: number): Promise<string> {
	const { posts, p50Ms, p99Ms, slowestMs, overASecond } = (await sandbox!.localWebhook(since)).answers;
	return `${posts} POSTs, half answered within ${Math.round(p50Ms)} ms, 99 % within ${Math.round(p99Ms)} ms, the slowest after ${Math.round(slowestMs)} ms, ${overASecond} after more than a second`;
}

async function logCheck({ sandbox, table }: Environment, load: Load) {
	const { messages } = await sandbox!.control<{ messages: ChannelMessage[] }>('GET', `messages?limit=${2 * load.customers}`);
	return checkLog(waitingCustomers(skuOf(load), load.customers).map(({ phone }) => phone), messages, await table.rowsWhere('sku', skuOf(load)));
}
