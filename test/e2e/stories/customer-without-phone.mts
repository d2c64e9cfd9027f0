import assert from 'node:assert/strict';
import type { Order } from '../../../harness/event.mts';
import { DataTable, type LogRow, type OptOutRow } from '../../../harness/n8n/table.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { startAlone } from '../n8n/alone.mts';
import { callWebhook, putInService } from '../n8n/import-workflow.mts';
import { executionsOf } from '../n8n/run-workflow.mts';
import type { Steps } from '../steps.mts';
import type { MoreOptions } from './more-workflows.mts';

const TIMEOUT_MS = 60_000;
const BSUID = 'CO.1726000000000421';
const USERNAME = 'gala_7';

/** A customer behind a username gets the arrival, answers, says STOP, and is left alone. */
export async function customerWithoutPhoneStory({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, { folder, n8n, packed }: MoreOptions): Promise<void> {
	const alone = await mustStep('an n8n of its own starts', async () => await startAlone({ folder, n8n, packed }));
	const { api, sandbox, url } = alone;
	try {
		const { arrival, status, crm } = await mustStep('the arrival, its statuses and the follow-up are imported, set up and published', async () => ({
			arrival: await putInService(alone, 'workflows/advanced/stock-arrival-to-whatsapp.json'),
			status: await putInService(alone, 'workflows/advanced/delivery-status-to-log.json'),
			crm: await putInService(alone, 'workflows/advanced/crm-follow-up.json'),
		}));
		const orders = await DataTable.open<Order & { id: number }>(api, 'stock_arrival_orders');
		const log = await DataTable.open<LogRow>(api, 'stock_arrival_log');
		const optOuts = await DataTable.open<OptOutRow>(api, 'stock_arrival_opt_outs');
		await sandbox.control('POST', 'customers', { bsuid: BSUID, username: USERNAME, name: 'Gala', hidesPhone: true });
		const received = async () => (await sandbox.messagesTo(BSUID)).length;
		const arrives = async (phone: string, orderReference: string) => {
			await orders.add([{ sku: 'SHOES-42', orderReference, customerName: 'Gala', phone, email: '', status: 'waiting' }]);
			const event = { sku: 'SHOES-42', productName: 'Trail shoes, size 42', nextStep: 'It ships tomorrow', orderReferences: [orderReference] };
			return await callWebhook(`${url}/webhook/stock-arrival`, event);
		};
		const rowOf = async (orderReference: string) => (await log.rowsWhere('orderReference', orderReference))[0];
		const until = async (what: string, look: () => Promise<boolean | undefined>) => await waitFor({ what, timeoutMs: TIMEOUT_MS, look: async () => ((await look()) ? true : undefined) });

		await step('the arrival reaches the customer behind the username, and the log follows it to delivered', async () => {
			const { status: code, body } = await arrives(BSUID, 'H-1');
			assert.equal(code, 200, JSON.stringify(body));
			assert.equal(body.accepted, 1, JSON.stringify(body));
			assert.equal(await received(), 1);
			await until('the row to be delivered', async () => ((await rowOf('H-1'))?.rank ?? 0) >= 3);
			const row = await rowOf('H-1');
			assert.deepEqual([row?.contactKey, row?.outcome], [BSUID, 'accepted']);
		});
		await step('the answer stops the follow-up of that order', async () => {
			const [message] = await sandbox.messagesTo(BSUID);
			await sandbox.control('POST', 'inbound', { bsuid: BSUID, text: 'Yes, thank you', quotedMessageId: message?.id });
			await until('the row to be answered', async () => Boolean((await rowOf('H-1'))?.answeredAt));
		});
		await step('STOP is recorded, and the customer is left alone, whatever name the next order gives', async () => {
			await sandbox.control('POST', 'inbound', { bsuid: BSUID, text: 'STOP' });
			await until('the opt-out', async () => (await optOuts.rows()).some(({ contactKey }) => contactKey === BSUID));
			await executionsOf(api, crm.id);
			for (const [phone, order] of [[BSUID, 'H-2'], [`@${USERNAME}`, 'H-3'], [`${BSUID}@lid`, 'H-4']] as const) {
				const { body } = await arrives(phone, order);
				assert.equal(body.refused, 1, `${phone}: ${JSON.stringify(body)}`);
				assert.equal((body.messages as Array<{ errorCode: string }>)[0]?.errorCode, 'no-opt-in', JSON.stringify(body));
			}
			assert.equal(await received(), 1);
		});
		await step('no execution of the three workflows has failed', async () => {
			for (const { id, name } of [arrival, status, crm]) assert.deepEqual((await executionsOf(api, id)).filter((one) => one.status === 'error').map(({ error }) => error), [], name);
		});
	} finally {
		await step('n8n and the sandbox end when told to', () => alone.stop());
	}
}
