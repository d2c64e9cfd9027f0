import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DataTable, type LogRow } from '../../../harness/n8n/table.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { Builder } from '../browser/builder.mts';
import { startChromium } from '../browser/chromium.mts';
import { startFresh, type AloneOptions } from '../n8n/alone.mts';
import type { Steps } from '../steps.mts';

const MOST_CLICKS = 30;
const TIMEOUT_MS = 30_000;
const PHONE = { entered: '+1 202 555 0100', digits: '12025550100' };
const TEMPLATE = 'stock_arrival · en · UTILITY';
const LOG = 'stock_arrival_log';
/** What the log's first columns say: those that a laptop shows without scrolling. */
const SEEN = { orderReference: 'TEST-1', customerName: 'Alexey', phone: PHONE.digits, productName: 'Trail shoes, size 42', outcome: 'accepted' };

export interface EveningOptions extends AloneOptions {
	/** Folder for screenshots. */
	screenshots: string;
	say: (line: string) => void;
}

/** A builder's first evening: from the first click in a new n8n's editor to a message of one's own in the log and its status, as the starters' notes say. */
export async function firstEveningStory({ mustStep }: Pick<Steps, 'mustStep'>, options: EveningOptions): Promise<void> {
	const stops: Array<() => Promise<void>> = [];
	try {
		const { api, url, sandbox, stop } = await mustStep('a new n8n starts with the package, and a channel', () => startFresh(options));
		stops.push(stop);
		const builder = await mustStep('a builder signs in', async () => {
			const browser = await startChromium(options.say);
			stops.unshift(() => browser.close());
			return await Builder.signIn(browser, { url }, join(options.screenshots, 'evening'));
		});
		const { page } = builder;
		const started = Date.now();
		const tell = (what: string) => options.say(`${what}: ${builder.clicks} clicks, ${Math.round((Date.now() - started) / 1000)} s`);
		const newWorkflow = async () => {
			await builder.click(builder.at('universal-add'));
			await builder.click(page.getByText('New workflow', { exact: true }));
		};

		const log = await mustStep('Set up: a phone is entered, and executing makes the tables', async () => {
			await builder.shot('signed-in');
			await builder.click(builder.at('new-workflow-card'));
			await builder.pasteWorkflow('workflows/set-up.json');
			await builder.shot('set-up');
			await builder.open('Your phone');
			await builder.type(builder.at('assignment-value').locator('input'), PHONE.entered);
			await builder.shot('your-phone');
			await builder.close();
			await builder.execute('Your own order');
			await builder.shot('set-up-executed');
			return await DataTable.open<LogRow>(api, LOG);
		});

		await mustStep('Stock arrival to WhatsApp: the credential is added in the node, and the template chosen from its list', async () => {
			await newWorkflow();
			await builder.pasteWorkflow('workflows/stock-arrival-to-whatsapp.json');
			await builder.shot('stock-arrival');
			await builder.open('Send stock arrival');
			await builder.click(builder.at('node-credentials-empty-state').getByRole('button'));
			const dialog = builder.at('editCredential-modal');
			// It takes the focus once it is open.
			await dialog.and(page.locator(':focus')).waitFor();
			const { channelId, token, baseUrl } = sandbox;
			for (const [field, value] of Object.entries({ channelId, apiToken: token, baseUrl })) {
				await builder.type(builder.at(`parameter-input-${field}`).locator('input'), value);
			}
			await builder.shot('credential');
			await builder.click(builder.at('credential-save-button'));
			await dialog.waitFor({ state: 'hidden' });
			await builder.click(builder.at('rlc-input').first());
			const template = builder.at('rlc-item').filter({ hasText: TEMPLATE });
			await template.waitFor();
			await builder.shot('templates');
			await builder.click(template);
			await template.waitFor({ state: 'hidden' });
			await builder.shot('template-chosen');
			await builder.close();
		});

		const messageId = await mustStep("the example event sends one message to the builder's phone, and the log has its row", async () => {
			await builder.execute('Log the messages');
			await builder.shot('stock-arrival-executed');
			tell('a logged message');
			const [row, ...others] = await log.rows();
			assert.deepEqual(others, []);
			const [message] = await sandbox.messagesTo(PHONE.digits);
			assert.ok(message, 'Nothing came to the phone.');
			assert.equal(row?.messageId, message.id);
			const { orderReference, customerName, phone, productName, outcome, template, told, status } = row;
			assert.deepEqual({ orderReference, customerName, phone, productName, outcome, template, told, status }, { ...SEEN, template: 'stock_arrival', told: true, status: null });
			return message.id;
		});

		await mustStep('Delivery status to log: the credential is there already, and it is published', async () => {
			await newWorkflow();
			await builder.pasteWorkflow('workflows/delivery-status-to-log.json');
			await builder.shot('delivery-status');
			await builder.open('1MSG Trigger');
			await builder.at('node-credentials-select').waitFor();
			await builder.shot('trigger');
			await builder.close();
			await builder.click(builder.at('workflow-open-publish-modal-button'));
			await builder.click(builder.at('workflow-publish-button'));
			const gotIt = builder.at('activation-modal').getByRole('button', { name: 'Got it' });
			await gotIt.waitFor();
			await builder.shot('published');
			await builder.click(gotIt);
		});

		await mustStep("the builder reads the message, and the table of Data Tables shows the row with the status", async () => {
			await sandbox.control('POST', `messages/${encodeURIComponent(messageId)}/status`, { status: 'read' });
			await waitFor({ what: 'the row to have the status', timeoutMs: TIMEOUT_MS, look: async () => ((await log.rows())[0]?.status === 'read' ? true : undefined) });
			await builder.click(builder.at('project-home-menu-item'));
			await builder.click(builder.at('tab-data-tables'));
			await builder.click(page.getByText(LOG, { exact: true }));
			const grid = builder.at('data-table-grid');
			for (const text of [...Object.values(SEEN), 'read']) await grid.getByText(text, { exact: true }).waitFor();
			await builder.shot('log');
			tell('the row with its status on the screen');
		});

		await mustStep(`no more than ${MOST_CLICKS} clicks, and one message`, async () => {
			assert.ok(builder.clicks <= MOST_CLICKS, `${builder.clicks} clicks`);
			assert.equal((await sandbox.messagesTo(PHONE.digits)).length, 1);
			assert.equal((await log.rows()).length, 1);
		});
	} finally {
		for (const stop of stops) await stop();
	}
}
