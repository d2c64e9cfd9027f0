import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { startChromiumIn } from './chromium.mts';
import { signIn, type Editor } from './editor.mts';

const TIMEOUT_MS = 60_000;

/** A browser signed in as n8n's owner, with a cache of the compiled editor. Each story gets a new page; the previous one is closed. */
export class EditorBrowser {
	private readonly environment: Editor;
	private context: BrowserContext | undefined;
	private folder = '';

	constructor(environment: Editor) {
		this.environment = environment;
	}

	/** A laptop-sized page; starts the browser and signs in if needed. */
	async page(): Promise<Page> {
		if (this.context) return await this.newPage(this.context);
		this.folder = await mkdtemp(join(tmpdir(), '1msg-editor-'));
		this.context = await startChromiumIn(this.folder, (line) => console.log(`      ${line}`));
		// n8n's hint about pinned data would cover the output.
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
