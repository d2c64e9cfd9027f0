import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { OWNER } from '../../../harness/environment.mts';

/** Whose editor it is: a environment's, or any other n8n's with the same owner. */
export type Editor = { n8n: { url: string } };

/** The owner at n8n's sign-in form. */
export async function signIn(page: Page, environment: Editor): Promise<void> {
	await page.goto(`${environment.n8n.url}/signin`);
	await page.locator('input[name="emailOrLdapLoginId"]').fill(OWNER.email);
	await page.locator('input[name="password"]').fill(OWNER.password);
	await page.locator('[data-test-id="form-submit-button"]').click();
	await page.waitForURL((url) => !url.pathname.startsWith('/signin'));
	await page.waitForLoadState('networkidle');
}

/** The workflow on the canvas, with the node in sight. */
export async function openWorkflow(page: Page, environment: Editor, id: string, node: string): Promise<void> {
	const path = `/workflow/${id}`;
	// Where the editor is loaded already, as the browser's arrows go there: to load it anew takes ten times as long.
	if (page.url().startsWith(environment.n8n.url)) await page.evaluate(`history.pushState({}, '', '${path}'); dispatchEvent(new PopStateEvent('popstate', { state: {} }));`);
	else await page.goto(environment.n8n.url + path);
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
