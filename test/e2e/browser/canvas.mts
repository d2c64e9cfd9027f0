import type { Page } from 'playwright-core';

/** A node or a note on the canvas, in pixels of the page. */
interface Box {
	label: string;
	x: number;
	y: number;
	width: number;
	height: number;
	/** A note with more text than it shows. */
	isCut: boolean;
}

/** As much of a browser's element as is looked at here. */
interface Element {
	textContent: string;
	scrollHeight: number;
	clientHeight: number;
	getBoundingClientRect: () => { x: number; y: number; width: number; height: number };
	querySelectorAll: (selector: string) => Iterable<Element>;
}

/** What is not well laid out on the canvas that the page shows: notes longer than their boxes, and what lies over something else. */
export async function disorder(page: Page): Promise<{ boxes: number; wrong: string[] }> {
	const boxes = await boxesOn(page);
	const cut = boxes.filter(({ isCut }) => isCut).map(({ label }) => `the note "${label}" is longer than its box`);
	const over = boxes.flatMap((a, place) => boxes.slice(place + 1).filter((b) => overlap(a, b)).map((b) => `"${a.label}" and "${b.label}" overlap`));
	return { boxes: boxes.length, wrong: [...cut, ...over] };
}

function overlap(a: Box, b: Box): boolean {
	return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

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
