import type { Page } from 'playwright-core';

/** A node or note on the canvas, in page pixels. */
interface Box {
	label: string;
	x: number;
	y: number;
	width: number;
	height: number;
	/** A note with clipped text. */
	isCut: boolean;
}

/** The used part of a browser element. */
interface Element {
	textContent: string;
	scrollHeight: number;
	clientHeight: number;
	getBoundingClientRect: () => { x: number; y: number; width: number; height: number };
	querySelectorAll: (selector: string) => Iterable<Element>;
}

/** Layout problems on the visible canvas: notes longer than their boxes, and overlaps. */
export async function disorder(page: Page): Promise<{ boxes: number; wrong: string[] }> {
	const boxes = await boxesOn(page);
	const cut = boxes.filter(({ isCut }) => isCut).map(({ label }) => `the note "${label}" is longer than its box`);
	const over = boxes.flatMap((a, index) => boxes.slice(index + 1).filter((b) => overlap(a, b)).map((b) => `"${a.label}" and "${b.label}" overlap`));
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
