import assert from 'node:assert/strict';
import { join } from 'node:path';
import { EVENT_HEADER, exampleEvent, exampleOrder, postEvent, type Order } from '../../../harness/event.mts';
import { OWNER, startEnvironment, type Environment } from '../../../harness/environment.mts';
import { N8nApi } from '../../../harness/n8n/api.mts';
import { saveAnyCredential, saveCredential } from '../../../harness/n8n/credential.mts';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import { n8nEnvironment, startN8n } from '../../../harness/n8n/server.mts';
import { DataTable, type LogRow } from '../../../harness/n8n/table.mts';
import { activate, deactivate, isActive, readWorkflow, saveWorkflow, withCredentials, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import type { PackedPackage } from '../../../harness/package/pack.mts';
import { untilDelivered } from '../../../demo/story.mts';
import { arrive } from '../n8n/arrive.mts';
import { mainStory } from './main.mts';
import { namedSteps } from '../named-steps.mts';
import { openRegistry } from '../n8n/releases.mts';
import type { Steps } from '../steps.mts';

const FOREIGN_URL = 'https://app.1msg.io/service/inbox';
const AS_SHIPPED = 'stock-arrival-as-shipped';
const PHONE = '12025550100';
const quiet = () => {};

export interface LinesStoryOptions {
	/** The story's own: n8n's user folder and the logs. */
	folder: string;
	older: InstalledN8n;
	newer: InstalledN8n;
	packed: PackedPackage;
}

/** The main story on n8n's older line; then the newer line opens its data and continues. */
export async function linesStory({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, { folder, older, newer, packed }: LinesStoryOptions): Promise<void> {
	const onOlder = namedSteps({ step, mustStep }, `n8n ${older.version}`);
	let environment: Environment | undefined;
	const start = async () => {
		// n8n 1.x asks npm for updates on each package listing.
		const { env } = await openRegistry(folder, n8nEnvironment(older, folder).PATH ?? '');
		// Not the usual ports: the newer n8n needs the same one again, and other stories may use those.
		const ports = { n8n: 0, sandbox: 0 };
		return (environment = await startEnvironment({ folder, n8n: older, packed, advanced: true, channel: undefined, ports, say: quiet, env }));
	};
	try {
		const { api, sandbox, n8n, send, follow, table, orders } = await onOlder.mustStep('n8n starts with the package, the credential, the table and the workflows', start);
		const channel = sandbox!;
		await mainStory(onOlder, environment!);

		await onOlder.step('the workflow as it ships sends nothing before its tables were chosen from the list, and says that it failed', async () => {
			const { channelId, token, baseUrl } = channel;
			const credential = await saveCredential(api, { channelId, apiToken: token, baseUrl });
			const shipped = atPath(await readWorkflow('workflows/advanced/stock-arrival-to-whatsapp.json'), AS_SHIPPED);
			const header = await saveAnyCredential(api, { name: 'Warehouse of the shop', type: 'httpHeaderAuth', data: EVENT_HEADER });
			const chosen = withCredentials(shipped, { oneMsgChannelApi: credential, httpHeaderAuth: header });
			await activate(api, await saveWorkflow(api, chosen), shipped.name);
			const sent = (await channel.calls('sendTemplate')).length;
			const order = exampleOrder(PHONE);
			await orders.add([order]);
			const { status, body } = await postEvent(`${n8n.url}/webhook/${AS_SHIPPED}`, exampleEvent(order));
			assert.equal(status, 503);
			assert.match(body.errorMessage ?? '', /^Nothing was sent\. .*stock_arrival_orders/);
			assert.equal((await channel.calls('sendTemplate')).length, sent);
		});

		const before = await mustStep(`n8n ${older.version} sends one more, and is stopped`, async () => {
			const arrival = await arrive(environment!, PHONE);
			const { messageId = '' } = await untilDelivered(environment!, arrival.messageId ?? '', quiet);
			const saved = await Promise.all([send, follow].map(async ({ id }) => await savedPart(api, id)));
			await n8n.program.stop();
			return { messageId: messageId ?? '', saved, webhooks: await channel.webhookUrls() };
		});

		const upgraded = await mustStep(`n8n ${newer.version} opens the user folder of ${older.version}`, async () => {
			const server = await startN8n(newer, { userFolder: n8n.userFolder, log: join(folder, 'n8n-newer.log'), port: n8n.port });
			environment = { ...environment!, n8n: server, stop: async () => void (await Promise.all([server.program.stop(), channel.program.stop()])) };
			assert.equal(server.port, n8n.port);
			const newApi = new N8nApi(server.url);
			await newApi.signIn(OWNER);
			return {
				...environment,
				api: newApi,
				table: await DataTable.open<LogRow>(newApi, table.name),
				orders: await DataTable.open<Order & { id: number }>(newApi, orders.name),
			};
		});

		await step('the workflows are there as they were saved, and in service', async () => {
			for (const [index, { id }] of [send, follow].entries()) {
				assert.deepEqual(await savedPart(upgraded.api, id), before.saved[index]);
				assert.equal(await isActive(upgraded.api, id), true);
			}
		});

		await step('what was logged before is in the log', async () => {
			const rows = await upgraded.table.rowsWhere('messageId', before.messageId);
			assert.deepEqual(rows.map(({ status }) => status), ['delivered']);
		});

		await step(`an arrival is sent, delivered and logged, through the webhook that ${older.version} registered`, async () => {
			const { outcome, messageId, text } = await arrive(upgraded, PHONE);
			assert.equal(outcome, 'accepted', text);
			await untilDelivered(upgraded, messageId ?? '', quiet);
			assert.deepEqual(await channel.webhookUrls(), before.webhooks);
		});

		await step(`deactivation removes that webhook, and no other`, async () => {
			await deactivate(upgraded.api, follow.id, follow.name);
			assert.deepEqual(await channel.webhookUrls(), [FOREIGN_URL]);
		});
	} finally {
		await environment?.stop();
	}
}

/** The workflow with another name and webhook. */
function atPath(workflow: WorkflowFile, path: string): WorkflowFile {
	const nodes = workflow.nodes.map((node) => (node.parameters.path === undefined ? node : { ...node, webhookId: path, parameters: { ...node.parameters, path } }));
	return { ...workflow, name: path, nodes };
}

/** User input in a workflow. */
async function savedPart(api: N8nApi, id: string): Promise<WorkflowFile> {
	const { name, nodes, connections, settings } = await api.call<WorkflowFile>('GET', `/workflows/${id}`);
	return { name, nodes, connections, settings };
}
