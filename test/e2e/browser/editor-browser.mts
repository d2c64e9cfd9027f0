import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { startChromiumIn } from './chromium.mts';
import { signIn, type Editor } from './editor.mts';

const TIMEOUT_MS = 60_000;

/** A browser in which n8n's owner is signed in, and which keeps what it has compiled of n8n's editor. Each story gets a page of its own, and the one before is closed. */
export class EditorBrowser {
	private readonly environment: Editor;
	private context: BrowserContext | undefined;
	private folder = '';

	constructor(environment: Editor) {
		this.environment = environment;
	}

	/** A page of a laptop's size; starts the browser and signs in where that was not done yet. */
	async page(): Promise<Page> {
		if (this.context) return await this.newPage(this.context);
		this.folder = await mkdtemp(join(tmpdir(), '1msg-editor-'));
		this.context = await startChromiumIn(this.folder, (line) => console.log(`      ${line}`));
		// n8n's hint for those who never pinned data lies over the output.
		await this.context.addInitScript({ content: "localStorage.setItem('N8N_PIN_DATA_DISCOVERY_NDV', 'true');" });
		const page = await this.newPage(this.context);
		await signIn(page, this.environment);
		return page;
	}

	async close(): Promise<void> {
		await this.context?.close();
		await rm(this.folder, { recursive: true, force: true });
	}

	private async newPage(context: BrowserContext): Promise<Page> {
		const before = context.pages();
		const page = await context.newPage();
		await Promise.all(before.map((other) => other.close()));
		page.setDefaultTimeout(TIMEOUT_MS);
		return page;
	}
}
