import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { OWNER } from '../../demo/house.mts';

const TIMEOUT_MS = 60_000;

/** Whose editor it is: a house's, or any other n8n's with the same owner. */
type Editor = { n8n: { url: string } };

/** A page of a laptop's size. */
export async function newPage(browser: Browser): Promise<Page> {
	const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
	page.setDefaultTimeout(TIMEOUT_MS);
	// n8n's hint for those who never pinned data lies over the output.
	await page.addInitScript({ content: "localStorage.setItem('N8N_PIN_DATA_DISCOVERY_NDV', 'true');" });
	return page;
}

/** The owner at n8n's sign-in form. */
export async function signIn(page: Page, house: Editor): Promise<void> {
	await page.goto(`${house.n8n.url}/signin`);
	await page.locator('input[name="emailOrLdapLoginId"]').fill(OWNER.email);
	await page.locator('input[name="password"]').fill(OWNER.password);
	await page.locator('[data-test-id="form-submit-button"]').click();
	await page.waitForURL((url) => !url.pathname.startsWith('/signin'));
}

/** The workflow on the canvas, with the node in sight. */
export async function openWorkflow(page: Page, house: Editor, id: string, node: string): Promise<void> {
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

/** The node where it stands in the workflow. */
export function nodeOnCanvas(page: Page, name: string) {
	return page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
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
