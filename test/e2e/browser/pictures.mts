import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { PACKAGE_NAME } from '../../../harness/package/install.mts';
import { ROOT } from '../../../harness/paths.mts';

/** Our icon per n8n theme. */
const ICONS = { light: 'oneMsg.svg', dark: 'oneMsg.dark.svg' } as const;
const THEMES = Object.keys(ICONS) as Array<keyof typeof ICONS>;

const FOLDER = 'readme';
const MARGIN_PX = 20;
const MAX_BYTES = 150_000;
/** A screen of text compresses well: a third of the size. */
const FEW_COLOURS = { palette: true, colours: 256, dither: 0, compressionLevel: 9 };

/** n8n's overlays: empty boxes of its expression fields at the edge, and hints at arbitrary times. */
const STRAY = '.app-grid > div > [class*="\u037C"], [data-reka-popper-content-wrapper]:has([data-test-id="suggested-action-item"]) { visibility: hidden !important; }';

/**
 * Takes pictures of all elements the locator finds, in both themes: `<folder>/readme/<name>-light.png` and `-dark.png`.
 * Throws if one of our icons is missing (unless none is expected) or has the wrong theme. `style` is CSS for the pictures only.
 */
export async function takePictures(page: Page, folder: string, name: string, what: Locator, { style = '', ours = true } = {}): Promise<void> {
	await mkdir(join(folder, FOLDER), { recursive: true });
	await closeToasts(page);
	// Hovering would show toolbars.
	await page.mouse.move(0, 0);
	try {
		for (const theme of THEMES) {
			// n8n follows the system theme until a user chooses one.
			await page.emulateMedia({ colorScheme: theme });
			if (ours) await iconsAreThe(page, ICONS[theme]);
			const screen = await page.screenshot({ clip: await areaOf(page, what), animations: 'disabled', style: STRAY + style });
			const picture = await sharp(screen).png(FEW_COLOURS).toBuffer();
			assert.ok(picture.length < MAX_BYTES, `The picture ${name}-${theme}.png has ${picture.length} bytes.`);
			await writeFile(join(folder, FOLDER, `${name}-${theme}.png`), picture);
		}
	} finally {
		await page.emulateMedia({ colorScheme: 'light' });
	}
}

/** Removes earlier pictures from the folder. */
export async function forgetPictures(folder: string): Promise<void> {
	await rm(join(folder, FOLDER), { recursive: true, force: true });
}

/** Asserts that a page of this repository shows exactly the pictures taken, in both themes, apart from names starting with `besides` and drawings. */
export async function pageShowsWhatWasTaken(path: string, folder: string, besides?: string): Promise<void> {
	const page = await readFile(join(ROOT, path), 'utf8');
	const shown = new Set([...page.matchAll(/docs\/images\/([^"\s)]+\.png)/g)].map(([, file]) => file));
	const own = [...shown].filter((file) => besides === undefined || !file?.startsWith(besides));
	assert.deepEqual(own.sort(), (await readdir(join(folder, FOLDER))).sort());
}

/** n8n's toasts cover the page for some seconds. */
async function closeToasts(page: Page): Promise<void> {
	const toasts = page.locator('.el-notification');
	// A click during the toast's animation is lost, so click until none is left.
	for (let tries = 0; tries < 20 && (await toasts.count()) > 0; tries++) {
		await toasts.first().locator('.el-notification__closeBtn').click({ timeout: 2000 }).catch(() => undefined);
		await page.waitForTimeout(500);
	}
	await toasts.first().waitFor({ state: 'detached' });
}

/** Asserts that each of our icons on the page is this file and loads. */
async function iconsAreThe(page: Page, file: string): Promise<void> {
	const ours = `img[src*="${PACKAGE_NAME}"]`;
	await page.locator(`${ours}:not([src$="/${file}"])`).first().waitFor({ state: 'detached' });
	await page.locator(ours).first().waitFor();
	await page.locator(ours).evaluateAll(async (images) => {
		await Promise.all(images.map((image) => (image as unknown as { decode: () => Promise<void> }).decode()));
	});
}

/** The bounding box of everything found, with a margin. */
async function areaOf(page: Page, what: Locator) {
	const boxes = (await Promise.all((await what.all()).map((part) => part.boundingBox()))).filter((box) => box !== null);
	assert.ok(boxes.length > 0, 'There is nothing to take a picture of.');
	const { width, height } = page.viewportSize() ?? { width: Infinity, height: Infinity };
	const left = Math.max(0, Math.min(...boxes.map(({ x }) => x)) - MARGIN_PX);
	const top = Math.max(0, Math.min(...boxes.map(({ y }) => y)) - MARGIN_PX);
	const right = Math.min(width, Math.max(...boxes.map((box) => box.x + box.width)) + MARGIN_PX);
	const bottom = Math.min(height, Math.max(...boxes.map((box) => box.y + box.height)) + MARGIN_PX);
	return { x: left, y: top, width: right - left, height: bottom - top };
}
