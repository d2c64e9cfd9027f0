import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { OWNER } from '../../../harness/environment.mts';

/** The target n8n: an environment's, or another with the same owner. */
export type Editor = { n8n: { url: string } };

/** Signs in as the owner. */
export async function signIn(page: Page, environment: Editor): Promise<void> {
	await page.goto(`${environment.n8n.url}/signin`);
	await page.locator('input[name="emailOrLdapLoginId"]').fill(OWNER.email);
	await page.locator('input[name="password"]').fill(OWNER.password);
	await page.locator('[data-test-id="form-submit-button"]').click();
	await page.waitForURL((url) => !url.pathname.startsWith('/signin'));
	await page.waitForLoadState('networkidle');
}

/** Opens the workflow on the canvas and shows the node. */
export async function openWorkflow(page: Page, environment: Editor, id: string, node: string): Promise<void> {
	const path = `/workflow/${id}`;
	// Navigates within a loaded editor, like the browser's arrows: a reload takes ten times as long.
	if (page.url().startsWith(environment.n8n.url)) await page.evaluate(`history.pushState({}, '', '${path}'); dispatchEvent(new PopStateEvent('popstate', { state: {} }));`);
	else await page.goto(environment.n8n.url + path);
	await nodeOnCanvas(page, node).waitFor();
	await page.waitForLoadState('networkidle');
	await closeTips(page);
}

/** Closes n8n's checklist over a published workflow's canvas. */
async function closeTips(page: Page): Promise<void> {
	const tips = page.getByText('Production Checklist', { exact: true });
	if (!(await tips.isVisible())) return;
	await page.keyboard.press('Escape');
	await tips.waitFor({ state: 'hidden' });
}

/** A node on the canvas. */
export function nodeOnCanvas(page: Page, name: string) {
	return page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
}

/** A node's panel. */
export async function openPanel(page: Page, name: string): Promise<void> {
	await nodeOnCanvas(page, name).dblclick();
	await page.locator('[data-test-id="ndv"]').waitFor();
	await page.locator('[data-test-id="parameter-input"]').first().waitFor();
}

/** Asserts that each label is visible and not cut off. */
export async function labelsAreReadable(page: Page, labels: string[]): Promise<void> {
	for (const label of labels) {
		const text = page.locator('[data-test-id="ndv"]').getByText(label, { exact: true }).first();
		await text.waitFor({ timeout: 10_000 }).catch(() => {
			throw new Error(`The label "${label}" is not shown.`);
		});
		await text.scrollIntoViewIfNeeded();
		const cut = await text.evaluate((element) => {
			const { scrollWidth, clientWidth } = element as unknown as { scrollWidth: number; clientWidth: number };
			return scrollWidth > clientWidth + 1;
		});
		assert.equal(cut, false, `The label "${label}" is cut off.`);
	}
}
