import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Environment } from '../../../harness/environment.mts';
import type { Sandbox } from '../../../harness/sandbox-program.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { arrive } from '../n8n/arrive.mts';
import { labelsAreReadable, openPanel } from '../browser/editor.mts';
import { takePictures } from '../browser/pictures.mts';
import type { Steps } from '../steps.mts';

const TRIGGER = '1MSG Trigger';
const CREDENTIAL = '1MSG channel of the demo';
const PHONE = '12025550100';
const LABELS = ['Credential', 'Events', 'Statuses', 'Respond', 'Options'];
const OPTIONS = ['Confirm With API', 'Include Raw Event', 'Skip Late Statuses', 'Skip Repeats'];
const HEADER = 'Start listening, then send a message or write to your number';
const HELP = ['While you build the workflow', 'To run it automatically', 'Nothing arrives?', 'It stopped?', 'WEBHOOK_URL', 'Get Webhooks', 'Repair Webhooks'];
const NOTICE = 'The same event can start the workflow more than once';
const LIST_TIMEOUT_MS = 20_000;

/** Adds the trigger to a new workflow, receives a test event and checks the channel's webhooks. The page is the owner's; saves screenshots in the folder. */
export async function triggerPanelStory({ step }: Pick<Steps, 'step'>, page: Page, environment: Environment, folder: string): Promise<void> {
	const { sandbox } = environment;
	if (!sandbox) throw new Error('The story needs the sandbox.');
	const shot = (name: string) => page.screenshot({ path: join(folder, `trigger-${name}.png`) });
	const panel = at(page, 'ndv');
	const output = at(page, 'output-panel');

	await step('trigger panel: in a new workflow, 1MSG is found among the triggers, with an entry for each event', async () => {
		await page.goto(`${environment.n8n.url}/workflow/new`);
		await at(page, 'canvas-add-button').click();
		await find1Msg(page);
		await shot('entries');
		for (const event of ['echoed', 'received', 'status']) await entry(page, `On message ${event}`).waitFor();
		await entry(page, 'On message status').click();
		await panel.waitFor();
		await choose(page, 'node-credentials-select', CREDENTIAL);
		await labelsAreReadable(page, LABELS);
		for (const chosen of ['Message Status', 'Delivered', 'Failed', 'Read']) await panel.getByText(chosen, { exact: true }).first().waitFor();
	});

	await step('trigger panel: it tells a newcomer what will happen, whole and without tags', async () => {
		await panel.getByText('When will this node trigger my flow?').click();
		await labelsAreReadable(page, [HEADER, ...HELP]);
		await shot('help');
		await isWhole(panel, panel.getByText('Nothing arrives?').locator('xpath=..'));
		assert.doesNotMatch(await panel.innerText(), /<\/?\w+|&\w+;/);
		await panel.getByText('When will this node trigger my flow?').click();
	});

	const before = await sandbox.webhookUrls();

	await step("trigger panel: while n8n listens, its test address stands in the channel's list", async () => {
		await at(page, 'trigger-execute-button').click();
		await panel.getByText('Listening for test event').waitFor();
		const [added, ...more] = await listUntil(sandbox, ({ length }) => length > before.length, before);
		assert.deepEqual(more, []);
		assert.ok(added?.startsWith(`${environment.n8n.url}/webhook-test/`), added);
		await shot('listening');
	});

	await step('trigger panel: the status of a sent message shows up by itself, and the test address is gone', async () => {
		const { outcome, messageId } = await arrive(environment, PHONE);
		assert.equal(outcome, 'accepted');
		await output.getByText('1 item', { exact: true }).waitFor();
		await at(output, 'radio-button-schema').click();
		for (const text of ['messageStatus', messageId ?? '', 'delivered', PHONE]) await output.getByText(text, { exact: true }).first().waitFor();
		await panel.getByText('Listening for test event').waitFor({ state: 'hidden' });
		await takePictures(page, folder, 'trigger-event', panel);
		await listUntil(sandbox, ({ length }) => length === before.length, before);
		assert.deepEqual(await sandbox.webhookUrls(), before);
	});

	await step("trigger panel: Get Webhooks, chosen from the actions, shows the channel's list without the secret", async () => {
		await at(page, 'ndv-close-button').click();
		await at(page, 'canvas-handle-plus').first().click();
		await find1Msg(page);
		await shot('actions');
		await entry(page, 'Get webhooks').click();
		await panel.waitFor();
		await choose(page, 'node-credentials-select', CREDENTIAL);
		await labelsAreReadable(page, ['Credential', 'Resource', 'Operation', 'Options']);
		await at(page, 'node-execute-button').click();
		await output.getByText('isHealthy', { exact: true }).first().waitFor();
		await at(output, 'radio-button-json').click();
		await output.getByText('secret=[hidden]').first().waitFor();
		await shot('get-webhooks');
		const told = await output.innerText();
		for (const url of before) {
			const { origin, pathname, searchParams } = new URL(url);
			assert.ok(told.includes(origin + pathname), `${origin + pathname} is missing in: ${told}`);
			if (searchParams.has('secret')) assert.ok(!told.includes(searchParams.get('secret') ?? ''), 'The secret is shown.');
		}
		await at(page, 'ndv-close-button').click();
	});

	await step('trigger panel: its options are readable, and answering late comes with a notice', async () => {
		await openPanel(page, TRIGGER);
		for (const option of OPTIONS) await choose(page, 'collection-parameter-add', option);
		await labelsAreReadable(page, OPTIONS);
		await shot('options');
		await choose(page, 'parameter-input-respond', 'When Workflow Finished');
		const notice = panel.getByText(NOTICE).first();
		await notice.waitFor();
		await isWhole(panel, notice);
		assert.doesNotMatch(await notice.innerText(), /<\/?\w+|&\w+;/);
		await panel.getByText('Skip Repeats', { exact: true }).waitFor({ state: 'hidden' });
		await shot('when-finished');
	});
}

/** Navigates from the open node list to the 1MSG entries. */
async function find1Msg(page: Page): Promise<void> {
	await at(page, 'node-creator-search-bar').fill('1msg');
	await entry(page, '1MSG').click();
	await at(page, 'nodes-list-header').getByText('Node details').waitFor();
}

function entry(page: Page, name: string): Locator {
	return at(page, 'node-creator-item-name').getByText(name, { exact: true });
}

/** Selects an entry from a list in the panel. */
async function choose(page: Page, list: string, name: string): Promise<void> {
	await at(page, list).first().click();
	await page.getByRole('option').filter({ hasText: name }).filter({ visible: true }).first().click();
}

/** URLs on the channel's list not in `known`, once the list is as expected. */
async function listUntil(sandbox: Sandbox, isWanted: (urls: string[]) => boolean, known: string[]): Promise<string[]> {
	return await waitFor({
		what: "the channel's webhook list to change",
		timeoutMs: LIST_TIMEOUT_MS,
		look: async () => {
			const urls = await sandbox.webhookUrls();
			return isWanted(urls) ? urls.filter((url) => !known.includes(url)) : undefined;
		},
	});
}

/** Asserts that the text is cut off by neither its box nor the panel. */
async function isWhole(panel: Locator, text: Locator): Promise<void> {
	await text.scrollIntoViewIfNeeded();
	const cut = await text.evaluate((element) => {
		const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element as unknown as Record<string, number>;
		return scrollWidth! > clientWidth! + 1 || scrollHeight! > clientHeight! + 1;
	});
	assert.equal(cut, false, 'The text does not fit into its box.');
	const [outer, inner] = await Promise.all([panel.boundingBox(), text.boundingBox()]);
	assert.ok(outer && inner && inner.x >= outer.x && inner.y >= outer.y, 'The text begins outside of the panel.');
	assert.ok(inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height, 'The text ends outside of the panel.');
}

function at(parent: Page | Locator, testId: string): Locator {
	return parent.locator(`[data-test-id="${testId}"]`);
}
