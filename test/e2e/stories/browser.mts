import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Environment } from '../../../harness/environment.mts';
import { labelsAreReadable, nodeOnCanvas, openPanel, openWorkflow } from '../browser/editor.mts';
import type { EditorBrowser } from '../browser/editor-browser.mts';
import { forgetPictures } from '../browser/pictures.mts';
import type { Steps } from '../steps.mts';
import { triggerPanelStory } from './trigger-panel.mts';

const SEND_NODE = 'Send stock arrival';
/** Of every version of the node. */
const SEND_LABELS = ['Credential', 'Resource', 'Operation', 'Template', 'Recipient', 'Options'];
const TRIGGER_NODE = '1MSG Trigger';
const TRIGGER_LABELS = ['Credential', 'Events', 'Statuses', 'Respond', 'Options'];

/** n8n's editor as a user sees it; saves screenshots in the folder. */
export async function browserStory({ step }: Pick<Steps, 'step'>, environment: Environment, editor: EditorBrowser, folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	await forgetPictures(folder);
	const page = await step("browser: n8n's editor opens for its owner", () => editor.page());
	if (!page) return;
	const shot = (name: string) => page.screenshot({ path: join(folder, `${name}.png`) });

	await step('browser: the sending workflow shows our node with its icon', async () => {
		await openWorkflow(page, environment, environment.send.id, SEND_NODE);
		await iconsAreWhole(page, SEND_NODE);
		await shot('workflow-send');
	});

	await step("browser: the sending node's panel has readable labels", async () => {
		await openPanel(page, SEND_NODE);
		await labelsAreReadable(page, SEND_LABELS);
	});

	await step('browser: the node is found by what people call it, says what it does, and its main action comes first', async () => {
		await page.locator('[data-test-id="ndv-close-button"]').click();
		await page.locator('[data-test-id="node-creator-plus-button"]').click();
		const found = page.locator('[data-test-id="node-creator-item-name"]');
		for (const words of ['message status', 'back in stock', 'waba', '1msg']) {
			await page.locator('[data-test-id="node-creator-search-bar"]').fill(words);
			await page.getByText('Send WhatsApp messages through 1MSG').waitFor();
			assert.match(await found.first().innerText(), /^1MSG/, words);
		}
		await found.first().click();
		// The list that it slides over.
		await found.filter({ hasText: /^\s*1MSG\s*$/ }).waitFor({ state: 'detached' });
		await found.getByText('Send stock arrival template', { exact: true }).waitFor();
		await shot('actions');
		assert.match(await found.first().innerText(), /^Send stock arrival template/);
		await page.keyboard.press('Escape');
	});

	await step('browser: the status workflow shows our trigger with its icon', async () => {
		await openWorkflow(page, environment, environment.follow.id, TRIGGER_NODE);
		await shot('workflow-status');
		await iconsAreWhole(page, TRIGGER_NODE);
	});

	await step("browser: the trigger's panel has readable labels", async () => {
		await openPanel(page, TRIGGER_NODE);
		await shot('node-trigger');
		await labelsAreReadable(page, TRIGGER_LABELS);
	});

	await triggerPanelStory({ step }, page, environment, folder);
}

/** Asserts that every icon of the node loads and is ours. */
async function iconsAreWhole(page: Page, name: string): Promise<void> {
	const images = nodeOnCanvas(page, name).locator('img');
	await images.first().waitFor();
	const found = await images.evaluateAll((elements) =>
		elements.map((element) => {
			const { src, complete, naturalWidth } = element as unknown as { src: string; complete: boolean; naturalWidth: number };
			return { src, whole: complete && naturalWidth > 0 };
		}),
	);
	assert.ok(found.some(({ src }) => src.includes('n8n-nodes-1msg-stock-arrival')), JSON.stringify(found));
	assert.deepEqual(found.filter(({ whole }) => !whole), []);
}
