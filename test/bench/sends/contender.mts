/** node contender.mts <job as JSON>: one contender in its own process, to isolate memory and CPU. Prints a line of JSON. */
import { request } from 'undici';
import type { INode, INodeExecutionData } from 'n8n-workflow';
import { type Engine, loadEngine } from './engine.mts';
import type { Job, JobDone } from './job.mts';

const NAMESPACE = '5a4db0c5_0000_4aaa_8bbb_5a4db0c50001';
const FIRST_PHONE = 79_120_000_000;
const WARM_UP_ROUNDS = 5;
const WARM_UP_ITEMS = 60;

function inputItems(count: number): INodeExecutionData[] {
	return Array.from({ length: count }, (_, item) => ({
		json: {
			phone: String(FIRST_PHONE + item),
			customerName: `Customer ${item}`,
			orderReference: String(10_000 + item),
			productName: 'Oak shelf, 120 cm',
			nextStep: 'We ship it tomorrow',
		},
		pairedItem: { item },
	}));
}

const BODY = `={{ { phone: $json.phone, template: 'stock_arrival', namespace: '${NAMESPACE}', language: { policy: 'deterministic', code: 'en' }, params: [{ type: 'body', parameters: [$json.customerName, $json.orderReference, $json.productName, $json.nextStep].map((text) => ({ type: 'text', text })) }] } }}`;

function nodeFor({ contender, baseUrl, channelId, token, limit }: Job): Pick<INode, 'type' | 'typeVersion' | 'parameters'> {
	const url = `${baseUrl}/${channelId}/sendTemplate`;
	if (contender === 'oneByOne') return { type: 'bench.oneByOne', typeVersion: 1, parameters: { url, token, body: BODY } };
	if (contender === 'ours') {
		const field = (name: string) => `={{ $json.${name} }}`;
		return {
			type: 'n8n-nodes-1msg-stock-arrival.oneMsg',
			typeVersion: 1,
			parameters: {
				resource: 'message', operation: 'sendStockArrivalTemplate',
				template: { __rl: true, mode: 'name', value: 'stock_arrival|en' },
				phone: field('phone'), customerName: field('customerName'), orderReference: field('orderReference'),
				productName: field('productName'), nextStep: field('nextStep'),
			},
		};
	}
	const batching = { batch: { batchSize: limit ?? 50, batchInterval: 1000 } };
	return {
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			method: 'POST', url, sendHeaders: true,
			headerParameters: { parameters: [{ name: 'Authorization', value: `Bearer ${token}` }] },
			sendBody: true, specifyBody: 'json', jsonBody: BODY,
			options: contender === 'batched' ? { batching } : {},
		},
	};
}

function outcomeOf({ json }: INodeExecutionData): string {
	if (json.error !== undefined) return 'error';
	return typeof json.outcome === 'string' ? json.outcome : json.sent === true ? 'accepted' : 'other';
}

/**
 * Warms up with some messages, like an n8n that has run for a while, on another name of the same address,
 * so that nothing is learnt about the channel; then clears the sandbox.
 */
async function warmUp(engine: Engine, job: Job): Promise<void> {
	const baseUrl = job.baseUrl.replace('127.0.0.1', 'localhost');
	for (let round = 0; round < WARM_UP_ROUNDS; round++) await engine.run(nodeFor({ ...job, baseUrl }), inputItems(WARM_UP_ITEMS), { baseUrl });
	const control = async (path: string, body: unknown) => {
		const answer = await request(`${job.baseUrl}/_sandbox/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
		if (answer.statusCode !== 200) throw new Error(`The sandbox answered ${answer.statusCode}: ${await answer.body.text()}`);
		await answer.body.dump();
	};
	await control('clear', {});
	await control('settings', job.settings);
}

async function main(): Promise<void> {
	const job = JSON.parse(process.argv[2]!) as Job;
	const { baseUrl, channelId, token } = job;
	const engine = await loadEngine(job.n8nModules, { baseUrl, channelId, apiToken: token, testRecipient: '' });
	const node = nodeFor(job);
	await warmUp(engine, job);
	const items = inputItems(job.items);
	const memoryBefore = process.memoryUsage.rss();
	const cpu = process.cpuUsage();
	const started = process.hrtime.bigint();
	const output = job.executions === 'one'
		? await engine.run(node, items)
		: (await Promise.all(items.map(async (item) => await engine.run(node, [item])))).flat();
	const { user, system } = process.cpuUsage(cpu);
	const outcomes: Record<string, number> = {};
	for (const item of output) outcomes[outcomeOf(item)] = (outcomes[outcomeOf(item)] ?? 0) + 1;
	const done: JobDone = {
		seconds: Number(process.hrtime.bigint() - started) / 1e9,
		cpuSeconds: (user + system) / 1e6,
		memoryBefore,
		memoryPeak: process.resourceUsage().maxRSS * 1024,
		outcomes,
		firstError: JSON.stringify(output.find((item) => outcomeOf(item) === 'error')?.json.error ?? '').slice(0, 500),
	};
	process.stdout.write(`\n${JSON.stringify(done)}\n`, () => process.exit(0));
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
