import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { InstalledN8n } from '../../demo/n8n-install.mts';
import { activate, readWorkflow, saveWorkflow, withCredential, type WorkflowFile } from '../../demo/n8n-workflow.mts';
import type { PackedPackage } from '../../demo/package-pack.mts';
import { startAlone, type Alone } from './alone.mts';
import { startChromium } from './chromium.mts';
import { crmFollowUpStory } from './crm-follow-up-story.mts';
import { newPage, openWorkflow, signIn } from './editor.mts';
import { templateOnboardingStory } from './template-onboarding-story.mts';
import type { Steps } from './steps.mts';
import { waitingListStory } from './waiting-list-story.mts';

/** What callers of the workflows' webhooks send. */
export const CALLER = { 'x-shop-key': 'known-to-the-shop-only' };

export interface MoreOptions {
	/** Its own: n8n's user folder and the logs. */
	folder: string;
	n8n: InstalledN8n;
	packed: PackedPackage;
	screenshots: string;
}

/** A workflow of this repository in a running n8n, as a person imports it and chooses its credentials. */
export interface Imported {
	id: string;
	name: string;
	file: WorkflowFile;
}

/** The waiting list, the CRM follow-up and the template onboarding, each through every branch, in an n8n of their own. */
export async function moreWorkflowsStory(steps: Pick<Steps, 'step' | 'mustStep'>, { folder, screenshots, ...options }: MoreOptions): Promise<void> {
	const alone = await steps.mustStep('an n8n of their own starts', async () => await startAlone({ folder, ...options }));
	try {
		const onboarding = await templateOnboardingStory(steps, alone);
		const waitingList = await waitingListStory(steps, alone);
		const followUp = await crmFollowUpStory(steps, alone);
		await steps.step('on the canvas nothing lies over anything else', async () => {
			await mkdir(screenshots, { recursive: true });
			await lookAt(alone, [onboarding, waitingList, followUp].filter((each) => each !== undefined), screenshots);
		});
	} finally {
		await steps.step('n8n and the sandbox end when told to', () => alone.stop());
	}
}

/** Saves a workflow with the channel's credential in our nodes and a header in its webhooks, and changed as a person would. */
export async function importWorkflow({ api, credential }: Alone, path: string, change: (file: WorkflowFile) => void = () => {}): Promise<Imported> {
	const file = withCredential(await readWorkflow(path), credential);
	const [[name, value]] = Object.entries(CALLER) as [[string, string]];
	const header = { name: 'Callers of the shop', type: 'httpHeaderAuth', data: { name, value } };
	if (file.nodes.some(({ parameters }) => parameters.authentication === 'headerAuth')) {
		const { id } = await api.call<{ id: string }>('POST', '/credentials', header);
		for (const node of file.nodes) if (node.parameters.authentication === 'headerAuth') node.credentials = { httpHeaderAuth: { id, name: header.name } };
	}
	change(file);
	return { id: await saveWorkflow(api, file), name: file.name, file };
}

/** Puts it in service. */
export async function publish({ api }: Alone, { id, name }: Imported): Promise<void> {
	await activate(api, id, name);
}

/** Every node of the workflow has run, but for notes and those named. */
export function everyNodeRan({ file }: Imported, ran: Iterable<string>, but: string[] = []): void {
	const seen = new Set(ran);
	const nodes = file.nodes.filter(({ type }) => !type.endsWith('.stickyNote')).map(({ name }) => name);
	assert.deepEqual(nodes.filter((name) => !seen.has(name)), but);
}

/** Takes a picture of each canvas, and compares the boxes on it. */
async function lookAt(alone: Alone, workflows: Imported[], folder: string): Promise<void> {
	const browser = await startChromium((line) => console.log(`      ${line}`));
	try {
		const page = await newPage(browser);
		await page.setViewportSize({ width: 2600, height: 1500 });
		const house = { n8n: { url: alone.url } };
		await signIn(page, house);
		const wrong: string[] = [];
		for (const { id, name, file } of workflows) {
			assert.ok(file.nodes.some(({ type }) => type.endsWith('.stickyNote')), name);
			await openWorkflow(page, house, id, file.nodes.find(({ type }) => !type.endsWith('.stickyNote'))!.name);
			await page.screenshot({ path: join(folder, `canvas-${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.png`) });
			const boxes = await boxesOn(page);
			assert.equal(boxes.length, file.nodes.length, name);
			for (const [place, a] of boxes.entries()) {
				if (a.isCut) wrong.push(`${name}: the note "${a.label}" is longer than its box`);
				const over = boxes.slice(place + 1).filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height);
				wrong.push(...over.map((b) => `${name}: "${a.label}" and "${b.label}" overlap`));
			}
		}
		assert.deepEqual(wrong, []);
	} finally {
		await browser.close();
	}
}

interface Box {
	label: string;
	x: number;
	y: number;
	width: number;
	height: number;
	/** A note with more text than it shows. */
	isCut: boolean;
}

/** Every node and note on the canvas, in pixels of the page. */
async function boxesOn(page: Page): Promise<Box[]> {
	return await page.locator('.vue-flow__node').evaluateAll((elements) =>
		elements.map((element) => {
			const node = element as unknown as Element;
			const { x, y, width, height } = node.getBoundingClientRect();
			const isCut = [...node.querySelectorAll('[data-test-id="sticky"] *')].some(({ scrollHeight, clientHeight }) => clientHeight > 100 && scrollHeight > clientHeight + 4);
			return { label: node.textContent.trim().slice(0, 40), x, y, width, height, isCut };
		}),
	);
}

/** As much of a browser's element as is looked at here. */
interface Element {
	textContent: string;
	scrollHeight: number;
	clientHeight: number;
	getBoundingClientRect: () => { x: number; y: number; width: number; height: number };
	querySelectorAll: (selector: string) => Iterable<Element>;
}
