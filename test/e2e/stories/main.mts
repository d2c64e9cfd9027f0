import assert from 'node:assert/strict';
import { exampleEvent, exampleOrder, post, postEvent } from '../../../harness/event.mts';
import type { Environment } from '../../../harness/environment.mts';
import type { LogRow } from '../../../harness/n8n/table.mts';
import { activate, deactivate, isActive } from '../../../harness/n8n/workflow.mts';
import { saveCredential } from '../../../harness/n8n/credential.mts';
import { loadedNodes } from '../../../harness/package/record.mts';
import { untilDelivered } from '../../../demo/story.mts';
import { without } from '../../../harness/package/without.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { arrive } from '../n8n/arrive.mts';
import { startRecordingProxy } from '../fakes/recording-proxy.mts';
import type { Steps } from '../steps.mts';

const FOREIGN_URL = 'https://app.1msg.io/service/inbox';
const UNDELIVERABLE_PHONE = '12025550101';
const ROW_TIMEOUT_MS = 30_000;
const quiet = () => {};

/** The demo's story in a real n8n, with each step asserted. */
export async function mainStory({ step }: Pick<Steps, 'step'>, environment: Environment): Promise<void> {
	const { api, sandbox, table } = environment;
	if (!sandbox) throw new Error('The story needs the sandbox.');

	await step('n8n loaded both nodes from the installed package', async () => {
		const names = (await loadedNodes(api)).map(({ displayName }) => displayName);
		assert.deepEqual(names, ['1MSG', '1MSG Trigger']);
	});

	await step('n8n lists the package among its community nodes, loaded', async () => {
		const packages = await api.call<Array<{ packageName: string; failedLoading?: boolean; installedNodes: unknown[] }>>('GET', '/community-packages');
		const found = packages.find(({ packageName }) => packageName === 'n8n-nodes-1msg-stock-arrival');
		assert.equal(found?.installedNodes.length, 2);
		assert.ok(!found.failedLoading);
	});

	await step('both workflows are in service', async () => {
		assert.equal(await isActive(api, environment.send.id), true);
		assert.equal(await isActive(api, environment.follow.id), true);
	});

	await step('our webhook is registered beside the foreign one', async () => {
		const urls = await sandbox.webhookUrls();
		assert.equal(urls.length, 2, urls.join(' '));
		assert.ok(urls.includes(FOREIGN_URL));
		assert.equal(urls.filter((url) => url.startsWith(`${environment.n8n.url}/webhook/`)).length, 1);
	});

	const order = exampleOrder('+7 (912) 345-67-89');
	const event = exampleEvent(order);
	const accepted = await step('a stock arrival is accepted, with its ID, and logged', async () => {
		await environment.orders.add([order]);
		const { status, body } = await postEvent(environment.eventUrl, event);
		assert.equal(status, 200);
		const { messages: [message], ...counts } = body;
		assert.deepEqual(counts, { sku: event.sku, waiting: 1, accepted: 1, queued: 0, unknown: 0, skipped: 0, rehearsed: 0, refused: 0, notWaiting: [], retryAfter: null });
		assert.match(message?.messageId ?? '', /^wamid\./);
		return message?.messageId ?? '';
	});

	await step("the request equals the mission's example, field by field, and nothing more", async () => {
		const calls = await sandbox.calls('sendTemplate');
		assert.equal(calls.length, 1);
		const call = calls[0];
		assert.ok(call);
		assert.equal(call.method, 'POST');
		assert.deepEqual(call.query, {});
		assert.equal(call.tokenIn, 'header');
		assert.equal(call.tokenOk, true);
		assert.match(call.headers['content-type'] ?? '', /^application\/json(; ?charset=utf-8)?$/i);
		assert.deepEqual(JSON.parse(call.body), {
			phone: '79123456789',
			template: 'stock_arrival',
			namespace: '5a4db0c5_0000_4aaa_8bbb_5a4db0c50001',
			language: { policy: 'deterministic', code: 'en' },
			params: [
				{
					type: 'body',
					parameters: [
						{ type: 'text', text: order.customerName },
						{ type: 'text', text: order.orderReference },
						{ type: 'text', text: event.productName },
						{ type: 'text', text: event.nextStep },
					],
				},
			],
		});
	});

	await step('the token travels in the Authorization header, as Bearer, and nowhere else', async () => {
		const { channelId, token, baseUrl } = sandbox;
		const proxy = await startRecordingProxy(baseUrl);
		try {
			await saveCredential(api, { channelId, apiToken: token, baseUrl: proxy.url });
			const { outcome } = await arrive(environment, '12025550100');
			assert.equal(outcome, 'accepted');
			const send = proxy.requests.find(({ method }) => method === 'POST');
			assert.equal(send?.path, `/${channelId}/sendTemplate`);
			assert.equal(send.headers.authorization, `Bearer ${token}`);
			const others = [send.path, without(send.headers, ['authorization'])];
			assert.ok(!JSON.stringify(others).includes(token));
		} finally {
			await saveCredential(api, { channelId, apiToken: token, baseUrl });
			proxy.stop();
		}
	});

	await step('the customer reads the whole sentence', async () => {
		const [message] = await sandbox.messagesTo('79123456789');
		assert.equal(
			message?.text,
			`Hello, ${order.customerName}! For order #${order.orderReference}, item "${event.productName}" is now in stock. ${event.nextStep}.`,
		);
	});

	await step('sent, then delivered, reach the log: one row', async () => {
		assert.ok(accepted);
		const reported: string[] = [];
		const row = await untilDelivered(environment, accepted, (line) => reported.push(line.split(' ')[0] ?? ''));
		assert.deepEqual(reported, ['sent', 'delivered']);
		const { messageId, phone, orderReference, productName, outcome, status, rank, errorCode, errorMessage } = row;
		assert.deepEqual(
			{ messageId, phone, orderReference, productName, outcome, status, rank, errorCode, errorMessage },
			{
				messageId: accepted,
				phone: '79123456789',
				orderReference: order.orderReference,
				productName: event.productName,
				outcome: 'accepted',
				status: 'delivered',
				rank: 3,
				errorCode: null,
				errorMessage: null,
			},
		);
		assert.equal((await table.rowsWhere('messageId', accepted)).length, 1);
	});

	await step('a late "sent" does not take "delivered" back; "read" raises it', async () => {
		assert.ok(accepted);
		const path = `messages/${encodeURIComponent(accepted)}/status`;
		await sandbox.control('POST', path, { status: 'sent' });
		await sandbox.control('POST', path, { status: 'read' });
		const row = await rowThat(environment, accepted, 'is read', ({ status }) => status === 'read');
		assert.equal(row.rank, 4);
		assert.equal((await table.rowsWhere('messageId', accepted)).length, 1);
	});

	await step('a status that comes before the sender has written its row is not lost', async () => {
		const messageId = 'wamid.EARLY';
		await sandbox.control('POST', 'hooks', {
			url: (await ourUrls(environment))[0],
			body: { instanceId: sandbox.channelId, hooks: [{ id: messageId, type: 'message', status: 'delivered', timestamp: '1754400000', recipient_id: '79123456700' }] },
		});
		const row = await rowThat(environment, messageId, 'is delivered', ({ status }) => status === 'delivered');
		assert.equal(row.phone, '79123456700');
	});

	await step('an undeliverable message is a failed row with its code', async () => {
		const { outcome, messageId } = await arrive(environment, UNDELIVERABLE_PHONE);
		assert.equal(outcome, 'accepted');
		const row = await rowThat(environment, messageId ?? '', 'has failed', ({ status }) => status === 'failed');
		assert.equal(row.rank, 2);
		assert.equal(row.errorCode, '131026');
		assert.ok(row.errorMessage);
	});

	await step('a number that is none is refused, logged, and nothing is sent', async () => {
		const before = (await sandbox.calls('sendTemplate')).length;
		const { status, order: wrong, outcome, action } = await arrive(environment, 'call me');
		assert.equal(status, 200);
		assert.deepEqual([outcome, action], ['refused', 'fixData']);
		assert.equal((await sandbox.calls('sendTemplate')).length, before);
		const [row] = await table.rowsWhere('orderReference', wrong.orderReference);
		assert.equal(row?.outcome, 'refused');
		assert.equal(row.errorCode, 'invalid-phone');
	});

	for (const field of Object.keys(event)) {
		await step(`an event without ${field} is answered 400, naming it, and nothing is sent`, async () => {
			const before = (await sandbox.calls('sendTemplate')).length;
			const { status, body } = await postEvent(environment.eventUrl, { ...event, [field]: field === 'orderReferences' ? [] : undefined });
			assert.equal(status, 400);
			assert.deepEqual(body.missing, [field]);
			assert.equal((await sandbox.calls('sendTemplate')).length, before);
		});
	}

	await step('without the header, or with a wrong one, the webhook answers 403 and nothing runs', async () => {
		const before = (await sandbox.calls('sendTemplate')).length;
		for (const headers of [{}, { 'X-Warehouse-Key': 'guessed' }] as Array<Record<string, string>>) {
			const { status } = await post(environment.eventUrl, event, headers).catch((error: Error) => ({ status: Number(/answered (\d+)/.exec(error.message)?.[1]) }));
			assert.equal(status, 403);
		}
		assert.equal((await sandbox.calls('sendTemplate')).length, before);
	});

	await step('a hook without the secret is answered 401 and logs nothing', async () => {
		const bare = new URL((await ourUrls(environment))[0] ?? '');
		bare.search = '';
		const hook = { id: 'wamid.FORGED', type: 'message', status: 'read', timestamp: '1754400000', recipient_id: '79123456701' };
		const { results } = await sandbox.control<{ results: Array<{ status: number }> }>('POST', 'hooks', { url: bare.href, body: { instanceId: sandbox.channelId, hooks: [hook] } });
		assert.equal(results[0]?.status, 401);
		assert.deepEqual(await table.rowsWhere('messageId', 'wamid.FORGED'), []);
	});

	await step('deactivation removes our URL only, activation brings it back', async () => {
		await deactivate(api, environment.follow.id, environment.follow.name);
		assert.deepEqual(await sandbox.webhookUrls(), [FOREIGN_URL]);
		await activate(api, environment.follow.id, environment.follow.name);
		assert.equal((await ourUrls(environment)).length, 1);
		assert.equal((await sandbox.webhookUrls()).length, 2);
	});

	await step('the whole way works after the second activation', async () => {
		const { messageId } = await arrive(environment, '12025550100');
		await untilDelivered(environment, messageId ?? '', quiet);
	});
}

async function ourUrls(environment: Environment): Promise<string[]> {
	const urls = (await environment.sandbox?.webhookUrls()) ?? [];
	return urls.filter((url) => url.startsWith(environment.n8n.url));
}

function rowThat(environment: Environment, messageId: string, what: string, fits: (row: LogRow) => boolean): Promise<LogRow> {
	return waitFor({
		what: `a row of ${messageId} that ${what}`,
		timeoutMs: ROW_TIMEOUT_MS,
		look: async () => (await environment.table.rowsWhere('messageId', messageId)).find(fits),
	});
}
