import type { InstalledN8n } from '../../demo/n8n-install.mts';
import { activate, readWorkflow, saveWorkflow, withCredential, type WorkflowFile } from '../../demo/n8n-workflow.mts';
import type { PackedPackage } from '../../demo/package-pack.mts';
import { startAlone, type Alone } from './alone.mts';
import { crmFollowUpStory } from './crm-follow-up-story.mts';
import { newPage, openWorkflow, signIn } from './editor.mts';
import { startChromium } from './chromium.mts';
import { templateOnboardingStory } from './template-onboarding-story.mts';
import { waitingListStory } from './waiting-list-story.mts';
import type { Steps } from './steps.mts';
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

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
	const alone = await steps.mustStep('more workflows: an n8n of their own starts', async () => await startAlone({ folder, ...options }));
	try {
		const onboarding = await templateOnboardingStory(steps, alone);
		const waitingList = await waitingListStory(steps, alone);
		const followUp = await crmFollowUpStory(steps, alone);
		await steps.step('more workflows: on the canvas nothing lies over anything else', async () => {
			await mkdir(screenshots, { recursive: true });
			await lookAt(alone, [onboarding, waitingList, followUp].filter((each) => each !== undefined), screenshots);
		});
	} finally {
		await steps.step('more workflows: n8n and the sandbox end when told to', () => alone.stop());
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
		const house = { n8n: { url: alone.url } } as Parameters<typeof signIn>[1];
		await signIn(page, house);
		for (const { id, name, file } of workflows) {
			await openWorkflow(page, house, id, file.nodes.find(({ type }) => !type.endsWith('.stickyNote'))!.name);
			const boxes = await page.locator('.vue-flow__node').evaluateAll((elements) =>
				elements.map((element) => {
					const { x, y, width, height } = (element as unknown as { getBoundingClientRect(): { x: number; y: number; width: number; height: number } }).getBoundingClientRect();
					return { x, y, width, height };
				}),
			);
			assert.equal(boxes.length, file.nodes.length, name);
			for (const [place, a] of boxes.entries()) {
				const over = boxes.slice(place + 1).filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height);
				assert.deepEqual(over, [], `${name}: ${JSON.stringify(a)}`);
			}
			const cut = await page.locator('.sticky-textarea, .sticky-box, [class*="sticky"] [class*="wrapper"]').evaluateAll((elements) =>
				elements.flatMap((element) => {
					const { scrollHeight, clientHeight, textContent } = element as unknown as { scrollHeight: number; clientHeight: number; textContent: string };
					return clientHeight > 0 && scrollHeight > clientHeight + 4 ? [`${textContent.trim().slice(0, 40)}: ${scrollHeight} in ${clientHeight}`] : [];
				}),
			);
			await page.screenshot({ path: join(folder, `canvas-${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.png`) });
			assert.deepEqual(cut, [], `${name}: a note is longer than its box`);
		}
	} finally {
		await browser.close();
	}
}
