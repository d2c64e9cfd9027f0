import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { OWNER, type House } from '../../demo/house.mts';
import { startChromium } from './chromium.mts';
import type { Steps } from './steps.mts';

const TIMEOUT_MS = 60_000;
const SEND_NODE = 'Send stock arrival';
const SEND_LABELS = ['Credential', 'Resource', 'Operation', 'Template', 'Phone', 'Customer Name', 'Order Reference', 'Product Name', 'Next Step', 'Options'];
const TRIGGER_NODE = '1MSG Trigger';
const TRIGGER_LABELS = ['Credential', 'Events', 'Statuses', 'Options'];

/** What a person sees in n8n's editor; leaves screenshots in the folder. */
export async function browserStory({ step }: Pick<Steps, 'step'>, house: House, folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	const browser = await step('a browser starts', () => startChromium((line) => console.log(`      ${line}`)));
	if (!browser) return;
	try {
		const page = await newPage(browser);
		const shot = (name: string) => page.screenshot({ path: join(folder, `${name}.png`) });

		await step('browser: the owner signs in', () => signIn(page, house));

		await step('browser: the sending workflow shows our node with its icon', async () => {
			await openWorkflow(page, house, house.send.id, SEND_NODE);
			await shot('workflow-send');
			await iconsAreWhole(page, SEND_NODE);
		});

		await step("browser: the sending node's panel has readable labels", async () => {
			await openPanel(page, SEND_NODE);
			await shot('node-send');
			await labelsAreReadable(page, SEND_LABELS);
		});

		await step('browser: the status workflow shows our trigger with its icon', async () => {
			await openWorkflow(page, house, house.follow.id, TRIGGER_NODE);
			await shot('workflow-status');
			await iconsAreWhole(page, TRIGGER_NODE);
		});

		await step("browser: the trigger's panel has readable labels", async () => {
			await openPanel(page, TRIGGER_NODE);
			await shot('node-trigger');
			await labelsAreReadable(page, TRIGGER_LABELS);
		});
	} finally {
		await browser.close();
	}
}

/** A page of a laptop's size. */
export async function newPage(browser: Browser): Promise<Page> {
	const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
	page.setDefaultTimeout(TIMEOUT_MS);
	return page;
}

/** The owner at n8n's sign-in form. */
export async function signIn(page: Page, house: House): Promise<void> {
	await page.goto(`${house.n8n.url}/signin`);
	await page.locator('input[name="emailOrLdapLoginId"]').fill(OWNER.email);
	await page.locator('input[name="password"]').fill(OWNER.password);
	await page.locator('[data-test-id="form-submit-button"]').click();
	await page.waitForURL((url) => !url.pathname.startsWith('/signin'));
}

/** The workflow on the canvas, with the node in sight. */
export async function openWorkflow(page: Page, house: House, id: string, node: string): Promise<void> {
	await page.goto(`${house.n8n.url}/workflow/${id}`);
	await nodeOnCanvas(page, node).waitFor();
	await page.waitForLoadState('networkidle');
	await closeTips(page);
}

/** n8n shows a list of advice over the canvas of a published workflow. */
async function closeTips(page: Page): Promise<void> {
	const tips = page.getByText('Production Checklist', { exact: true });
	if (!(await tips.isVisible())) return;
	await page.keyboard.press('Escape');
	await tips.waitFor({ state: 'hidden' });
}

function nodeOnCanvas(page: Page, name: string) {
	return page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
}

/** Every picture of the node is there, and it is ours. */
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

/** The node's panel. */
export async function openPanel(page: Page, name: string): Promise<void> {
	await nodeOnCanvas(page, name).dblclick();
	await page.locator('[data-test-id="ndv"]').waitFor();
	await page.locator('[data-test-id="parameter-input"]').first().waitFor();
}

/** Each label is on the page, shown, and not cut off. */
export async function labelsAreReadable(page: Page, labels: string[]): Promise<void> {
	for (const label of labels) {
		const place = page.locator('[data-test-id="ndv"]').getByText(label, { exact: true }).first();
		await place.waitFor({ timeout: 10_000 }).catch(() => {
			throw new Error(`The label "${label}" is not shown.`);
		});
		await place.scrollIntoViewIfNeeded();
		const cut = await place.evaluate((element) => {
			const { scrollWidth, clientWidth } = element as unknown as { scrollWidth: number; clientWidth: number };
			return scrollWidth > clientWidth + 1;
		});
		assert.equal(cut, false, `The label "${label}" is cut off.`);
	}
}
