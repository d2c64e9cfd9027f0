import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { ROOT } from '../../../harness/paths.mts';
import { nodeOnCanvas, signIn, type Editor } from './editor.mts';

const TIMEOUT_MS = 60_000;
const SCREEN = { width: 1600, height: 1000 };

/** A person in n8n's editor, who has a mouse, a keyboard and a clipboard. Every click counts, a double-click twice. */
export class Builder {
	clicks = 0;
	readonly page: Page;
	private readonly pictures: string;
	private pictureCount = 0;

	private constructor(page: Page, pictures: string) {
		this.page = page;
		this.pictures = pictures;
	}

	/** Signs in as n8n's owner; the clicks until then do not count. `pictures` is where the names of the screenshots begin. */
	static async signIn(browser: Browser, n8n: Editor['n8n'], pictures: string): Promise<Builder> {
		const context = await browser.newContext({ viewport: SCREEN, permissions: ['clipboard-read', 'clipboard-write'] });
		const page = await context.newPage();
		page.setDefaultTimeout(TIMEOUT_MS);
		await signIn(page, { n8n });
		await mkdir(join(pictures, '..'), { recursive: true });
		return new Builder(page, pictures);
	}

	/** An element of the editor. */
	at(testId: string): Locator {
		return this.page.locator(`[data-test-id="${testId}"]`);
	}

	async click(what: Locator): Promise<void> {
		await what.click();
		this.clicks++;
	}

	/** Replaces what an input holds. */
	async type(input: Locator, text: string): Promise<void> {
		await this.click(input);
		await this.page.keyboard.press('Control+A');
		await this.page.keyboard.insertText(text);
		assert.equal(await input.inputValue(), text);
	}

	/** Pastes a workflow of this repository into the empty canvas. */
	async pasteWorkflow(path: string): Promise<void> {
		await this.at('canvas-add-button').waitFor();
		const json = await readFile(join(ROOT, path), 'utf8');
		await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(json)})`);
		await this.page.keyboard.press('Control+V');
		await this.at('execute-workflow-button').first().waitFor();
	}

	/** Opens a node's panel. */
	async open(node: string): Promise<void> {
		await nodeOnCanvas(this.page, node).dblclick();
		this.clicks += 2;
		await this.at('parameter-input').first().waitFor();
	}

	/** Closes the panel. */
	async close(): Promise<void> {
		await this.click(this.at('ndv-close-button'));
		await this.at('ndv').waitFor({ state: 'hidden' });
	}

	/** Executes the workflow until this node has succeeded. */
	async execute(lastNode: string): Promise<void> {
		await this.click(this.at('execute-workflow-button'));
		await nodeOnCanvas(this.page, lastNode).locator('[data-test-id="canvas-node-status-success"]').waitFor();
	}

	/** Takes a screenshot, numbered. */
	async shot(name: string): Promise<void> {
		const number = String(++this.pictureCount).padStart(2, '0');
		await this.page.screenshot({ path: `${this.pictures}-${number}-${name}.png` });
	}
}
