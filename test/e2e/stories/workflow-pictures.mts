import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Environment } from '../../../harness/environment.mts';
import { readWorkflow, saveWorkflow, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import { PACKAGE_NAME } from '../../../harness/package/install.mts';
import { ROOT } from '../../../harness/paths.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { disorder, smallestNoteText, tangles } from '../browser/canvas.mts';
import { openWorkflow } from '../browser/editor.mts';
import type { EditorBrowser } from '../browser/editor-browser.mts';
import { forgetPictures, pageShowsWhatWasTaken, takePictures } from '../browser/pictures.mts';
import type { Steps } from '../steps.mts';
import { withCredentialsOfAllKinds } from '../n8n/workflow-credentials.mts';

const STARTERS = 'workflows';
const ADVANCED = join('workflows', 'advanced');
/** Those that are shown like a starter. */
const SMALL = ['delivery-status-by-questions.json'];
/** The screen of a small laptop. */
const LAPTOP = { width: 1440, height: 900 };
/** What can be read without effort, in pixels. */
const READABLE = 12;
/** n8n's elements around the canvas, and the margin of fit-to-view, in pixels. */
const AROUND = { width: 700, height: 500 };
const NODE_PX = 100;
/** Maximum picture size. */
const MAX_PIXELS = 2_500_000;
/** Notes and nodes, with their labels, plus signs and connections. */
const DRAWN = '.vue-flow__node, .vue-flow__node [class*="_description_"], [data-test-id="canvas-handle-plus"], .vue-flow__edge-path';
/** Hides the canvas' dots and n8n's own panels. */
const PLAIN = '.vue-flow__background, .vue-flow__panel, [data-test-id="canvas-controls"] { visibility: hidden !important; }';

/**
 * Every workflow on the canvas after an import, credentials selected: a clean layout and a note.
 * A starter, and what is shown like one, also has notes that a laptop shows readably and wires that do not cross, and gets a picture for workflows/README.md.
 */
export async function workflowPicturesStory({ step }: Pick<Steps, 'step'>, environment: Environment, editor: EditorBrowser, folder: string): Promise<void> {
	const page = await step("n8n's editor opens for its owner", () => editor.page());
	if (!page) return;
	await forgetPictures(folder);
	const filesIn = async (folderName: string) => (await readdir(join(ROOT, folderName))).filter((name) => name.endsWith('.json')).sort().map((name) => join(folderName, name));
	const onCanvas = async (path: string, look: (workflow: WorkflowFile) => Promise<void>) =>
		await step(path, async () => {
			const workflow = await readWorkflow(path);
			// Next to the active one, whose canvas shows more than an import.
			const name = `${workflow.name} (picture)`;
			const id = await saveWorkflow(environment.api, await withCredentialsOfAllKinds(environment.api, { ...workflow, name }));
			try {
				await openFitted(page, environment, id, workflow);
				await look(workflow);
			} finally {
				await environment.api.call('POST', `/workflows/${id}/archive`, {});
				await environment.api.call('DELETE', `/workflows/${id}`);
			}
		});
	const advanced = await filesIn(ADVANCED);
	const isSmall = (path: string) => SMALL.includes(basename(path));
	for (const path of [...(await filesIn(STARTERS)), ...advanced.filter(isSmall)]) {
		await onCanvas(path, async ({ nodes }) => {
			assert.deepEqual(await tangles(page), []);
			await fit(page, viewportFor(nodes));
			const ours = nodes.some(({ type }) => type.startsWith(`${PACKAGE_NAME}.`));
			await takePictures(page, folder, `workflow-${basename(path, '.json')}`, page.locator(DRAWN), { style: PLAIN, ours });
			await fit(page, LAPTOP);
			assert.ok((await smallestNoteText(page)) >= READABLE, `On a laptop, the notes' smallest text has ${await smallestNoteText(page)} pixels.`);
		});
	}
	for (const path of advanced.filter((each) => !isSmall(each))) await onCanvas(path, async () => undefined);
	await step('workflows/README.md shows them, in both themes', () => pageShowsWhatWasTaken('workflows/README.md', folder));
}

/** Opens the workflow on a page that fits all of it: nothing overlaps, no note is cut off. */
async function openFitted(page: Page, environment: Environment, id: string, { nodes }: WorkflowFile): Promise<void> {
	await page.setViewportSize(viewportFor(nodes));
	await openWorkflow(page, environment, id, nodes.find(({ type }) => !type.endsWith('.stickyNote'))!.name);
	await fit(page, viewportFor(nodes));
	assert.ok(nodes.some(({ type }) => type.endsWith('.stickyNote')), 'It has no note.');
	assert.deepEqual(await disorder(page), { boxes: nodes.length, wrong: [] });
}

async function fit(page: Page, viewport: { width: number; height: number }): Promise<void> {
	await page.setViewportSize(viewport);
	await page.locator('[data-test-id="zoom-to-fit"]').click();
	await hasComeToRest(page);
}

/** The view keeps moving briefly after a fit. */
async function hasComeToRest(page: Page): Promise<void> {
	const view = page.locator('.vue-flow__transformationpane');
	let before: string | null = null;
	await waitFor({
		what: 'the canvas to come to rest',
		timeoutMs: 10_000,
		look: async () => {
			const now = await view.getAttribute('style');
			if (now === before) return true;
			before = now;
			return undefined;
		},
	});
}

/** A page on which n8n shows the workflow at full size, or smaller if the picture would be too large. */
function viewportFor(nodes: WorkflowFile['nodes']): { width: number; height: number } {
	const span = (axis: 0 | 1, size: 'width' | 'height') => {
		const ends = nodes.map(({ position, parameters }) => [position[axis]!, position[axis]! + Number(parameters[size] ?? NODE_PX)] as const);
		return Math.max(...ends.map(([, end]) => end)) - Math.min(...ends.map(([start]) => start));
	};
	const [width, height] = [span(0, 'width'), span(1, 'height')];
	const scale = Math.min(1, Math.sqrt(MAX_PIXELS / (width * height)));
	return { width: Math.ceil(width * scale + AROUND.width), height: Math.ceil(height * scale + AROUND.height) };
}
