import assert from 'node:assert/strict';
import { join } from 'node:path';
import { request } from 'undici';
import { OWNER } from '../../../harness/environment.mts';
import { N8nApi } from '../../../harness/n8n/api.mts';
import { saveCredential } from '../../../harness/n8n/credential.mts';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import { startN8n, type N8nServer } from '../../../harness/n8n/server.mts';
import { activate, saveWorkflow, withCredential, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import { installPackage, PACKAGE_NAME } from '../../../harness/package/install.mts';
import type { PackedPackage } from '../../../harness/package/pack.mts';
import { Sandbox } from '../../../harness/sandbox-program.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { signalN8n } from '../n8n/signal-n8n.mts';
import type { Steps } from '../steps.mts';

const EVENTS = 10;
const TIMES = 20;
const RECIPIENTS = 2000;
/** Well inside the batch. */
const KILL_AFTER = 800;
/** Latency makes the twenty overlap; the rate limit lets the kill hit a running batch. */
const CROWD = { latencyMs: 200 };
const SLOW = { latencyMs: 100, messagesPerSecond: 200 };
/** Max Concurrency of the killed workflow: the upper bound of unknowns. */
const MAX_IN_FLIGHT = 40;
const RETRIED = 40;
const REFUSED_INDEX = 20;
/** A busy machine may need a minute. */
const TIMEOUT_MS = 300_000;

const ONCE: WorkflowFile = workflow('never-twice-once', {
	parameters: { options: { sendOnce: true, maxConcurrency: MAX_IN_FLIGHT } },
	onError: 'continueRegularOutput',
});
const RETRY: WorkflowFile = workflow('never-twice-retry', {
	parameters: { options: {} },
	retryOnFail: true,
	maxTries: 5,
	waitBetweenTries: 100,
});

interface Order {
	phone: string;
	orderReference: string;
}

/** The response for one order: the node's item. */
interface Told {
	outcome?: string;
	phone?: string;
	messageId?: string | null;
	error?: { message: string };
}

interface Counts {
	messages: number;
	recipients: number;
	maxPerRecipient: number;
	perRecipient: Record<string, number>;
}

export interface NeverTwiceOptions {
	/** The story's own: n8n's user folder and the logs. */
	folder: string;
	n8n: InstalledN8n;
	packed: PackedPackage;
}

/** Nobody gets a message twice: parallel events, a killed n8n, and Retry On Fail, in its own real n8n. */
export async function neverTwiceStory({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, options: NeverTwiceOptions): Promise<void> {
	const userFolder = join(options.folder, 'n8n');
	let server: N8nServer | undefined;
	let sandbox: Sandbox | undefined;
	const start = (port: number, name: string) => startN8n(options.n8n, { userFolder, log: join(options.folder, name), port });
	try {
		const channel = await mustStep('a channel and an n8n of their own start, with workflows that send once and that retry', async () => {
			await installPackage(userFolder, options.packed);
			sandbox = await Sandbox.start({ port: 0, log: join(options.folder, 'sandbox.log') });
			server = await start(0, 'n8n.log');
			const api = new N8nApi(server.url);
			await api.signIn(OWNER);
			const { channelId, token, baseUrl } = sandbox;
			const credential = await saveCredential(api, { channelId, apiToken: token, baseUrl });
			for (const file of [ONCE, RETRY]) {
				await activate(api, await saveWorkflow(api, withCredential(file, credential)), file.name);
			}
			return sandbox;
		});
		const fire = async (file: WorkflowFile, orders: Order[]) => await fireAt(server?.url ?? '', file, orders);

		const events = ordersFrom(0, EVENTS);
		const crowd = Array.from({ length: TIMES }, () => events).flat();

		await step(`${EVENTS} events, each fired ${TIMES} times in parallel: ${EVENTS} accepted, all others skipped`, async () => {
			await fresh(channel, CROWD);
			const told = await Promise.all(crowd.map((order) => fire(ONCE, [order])));
			assert.deepEqual(tally(told.flat()), { accepted: EVENTS, skipped: crowd.length - EVENTS });
		});

		await step('each of them reached its customer exactly once', async () => {
			exactlyOnce(await countsOf(channel), events);
		});

		await step('every event fired again, in parallel: all are skipped, no key was forgotten', async () => {
			const told = await Promise.all(crowd.map((order) => fire(ONCE, [order])));
			assert.deepEqual(tally(told.flat()), { skipped: crowd.length });
			exactlyOnce(await countsOf(channel), events);
		});

		const batch = ordersFrom(10_000, RECIPIENTS);

		await step(`n8n is killed in the middle of a batch of ${RECIPIENTS}, and started again`, async () => {
			await fresh(channel, SLOW);
			const lost = fire(ONCE, batch).then(() => false, () => true);
			await waitFor({
				what: `${KILL_AFTER} messages`,
				timeoutMs: TIMEOUT_MS,
				pauseMs: 20,
				look: async () => ((await countsOf(channel)).messages >= KILL_AFTER ? true : undefined),
			});
			await signalN8n(userFolder, 'SIGKILL');
			assert.equal(await lost, true, 'n8n answered the event before it was killed');
			const { messages, maxPerRecipient } = await countsOf(channel);
			assert.ok(messages < RECIPIENTS, 'the batch was over before the kill');
			assert.equal(maxPerRecipient, 1);
			await server?.program.stop();
			server = await start(server?.port ?? 0, 'n8n-again.log');
		});

		const toldAgain = await step('the same event fired again: every recipient is accounted for, in order, without an error', async () => {
			const told = await fire(ONCE, batch);
			assert.deepEqual(told.map(({ phone }) => phone), batch.map(({ phone }) => phone));
			const { accepted = 0, skipped = 0, unknown = 0, ...others } = tally(told);
			assert.deepEqual(others, {});
			assert.equal(accepted + skipped + unknown, RECIPIENTS);
			assert.ok(accepted > 0, 'nothing was left to send');
			assert.ok(skipped > 0, 'nothing was remembered of the run that was killed');
			return told;
		});

		await step('nobody got it twice, and whoever did not get it is reported unknown', async () => {
			assert.ok(toldAgain);
			const { perRecipient, maxPerRecipient } = await countsOf(channel);
			assert.equal(maxPerRecipient, 1);
			const without = toldAgain.filter(({ phone = '' }) => perRecipient[phone] === undefined);
			assert.deepEqual(without.filter(({ outcome }) => outcome !== 'unknown'), []);
		});

		await step('no more are unknown than may be in flight at once', async () => {
			assert.ok(toldAgain);
			const { unknown = 0 } = tally(toldAgain);
			assert.ok(unknown <= MAX_IN_FLIGHT, `${unknown} are unknown`);
		});

		await step('fired a third time, it sends nothing: what was unknown still is, all others are skipped', async () => {
			assert.ok(toldAgain);
			const before = (await countsOf(channel)).messages;
			const expected = toldAgain.map(({ phone, outcome }) => ({ phone, outcome: outcome === 'unknown' ? outcome : 'skipped' }));
			const told = await fire(ONCE, batch);
			assert.deepEqual(told.map(({ phone, outcome }) => ({ phone, outcome })), expected);
			assert.equal((await countsOf(channel)).messages, before);
		});

		await step('Retry On Fail with 5 tries, one recipient refused four times: the fifth try sends that one only', async () => {
			await fresh(channel, {});
			const orders = ordersFrom(20_000, RETRIED);
			await refuse(channel, orders, 4);
			const told = await fire(RETRY, orders);
			assert.deepEqual(tally(told), { accepted: RETRIED });
			exactlyOnce(await countsOf(channel), orders);
			assert.equal((await channel.calls('sendTemplate')).length, RETRIED + 4);
		});

		await step('Retry On Fail with 5 tries, one recipient always refused: the execution fails, nobody gets it twice', async () => {
			await fresh(channel, {});
			const orders = ordersFrom(30_000, RETRIED);
			await refuse(channel, orders, 'forever');
			await assert.rejects(fire(RETRY, orders), /answered 500/);
			exactlyOnce(await countsOf(channel), orders.filter((_, index) => index !== REFUSED_INDEX));
			assert.equal((await channel.calls('sendTemplate')).length, RETRIED - 1 + 5);
		});
	} finally {
		await Promise.all([server?.program.stop(), sandbox?.program.stop()]);
	}
}

/** A webhook whose orders our node sends, one item each; returns the node's items. */
function workflow(path: string, { parameters, ...settings }: Record<string, unknown> & { parameters: object }): WorkflowFile {
	const common = { typeVersion: 1, position: [0, 0] };
	const value = (field: string) => `={{ $json.${field} }}`;
	const nodes = [
		{
			...common,
			id: `${path}-event`,
			name: 'Event',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			webhookId: path,
			parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', responseData: 'allEntries', options: {} },
		},
		{ ...common, id: `${path}-split`, name: 'Orders', type: 'n8n-nodes-base.splitOut', parameters: { fieldToSplitOut: 'body.orders', options: {} } },
		{
			...common,
			...settings,
			id: `${path}-send`,
			name: 'Send',
			type: `${PACKAGE_NAME}.oneMsg`,
			parameters: {
				resource: 'message',
				operation: 'sendStockArrivalTemplate',
				template: { __rl: true, mode: 'name', value: 'stock_arrival|en' },
				phone: value('phone'),
				customerName: 'Alexey',
				orderReference: value('orderReference'),
				productName: 'Oak shelf',
				nextStep: 'We ship it tomorrow',
				...parameters,
			},
		},
	];
	const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	return { name: path, nodes, connections: { Event: to('Orders'), Orders: to('Send') }, settings: { executionOrder: 'v1' } };
}

/** Orders of distinct customers, numbered from an index. */
function ordersFrom(start: number, count: number): Order[] {
	return Array.from({ length: count }, (_, index) => ({
		phone: String(79_120_000_000 + start + index),
		orderReference: String(start + index),
	}));
}

/** Fires an event. A starting n8n returns 404 and runs nothing. */
async function fireAt(url: string, { name }: WorkflowFile, orders: Order[]): Promise<Told[]> {
	return await waitFor({
		what: `n8n to serve the webhook ${name}`,
		timeoutMs: TIMEOUT_MS,
		look: async () => {
			const { statusCode, body } = await request(`${url}/webhook/${name}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ orders }),
				headersTimeout: TIMEOUT_MS,
			});
			const text = await body.text();
			if (statusCode === 404) return undefined;
			if (statusCode !== 200) throw new Error(`${name} answered ${statusCode}: ${text.slice(0, 600)}`);
			return JSON.parse(text) as Told[];
		},
	});
}

/** Items per outcome; errors by message. */
function tally(told: Told[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { outcome, error } of told) {
		const name = outcome ?? `error: ${error?.message}`;
		counts[name] = (counts[name] ?? 0) + 1;
	}
	return counts;
}

/** Clears the channel and applies settings. */
async function fresh(sandbox: Sandbox, settings: Record<string, number>): Promise<void> {
	await sandbox.control('POST', 'clear', { all: true });
	await sandbox.control('POST', 'settings', settings);
}

/** The middle order is refused this many times. */
async function refuse(sandbox: Sandbox, orders: Order[], times: number | 'forever'): Promise<void> {
	const answers = [{ status: 400, body: { error: 'Not this one.' } }];
	await sandbox.control('POST', 'script', { path: 'sendTemplate', phone: orders[REFUSED_INDEX]?.phone, times, answers });
}

async function countsOf(sandbox: Sandbox): Promise<Counts> {
	return await sandbox.control<Counts>('GET', 'counts?full=1');
}

/** Asserts that these customers got one message each, and no others. */
function exactlyOnce({ messages, perRecipient }: Counts, orders: Order[]): void {
	const others = orders.filter(({ phone }) => perRecipient[phone] !== 1);
	assert.deepEqual(others.map(({ phone }) => `${phone} got ${perRecipient[phone] ?? 0}`), []);
	assert.equal(messages, orders.length);
}
