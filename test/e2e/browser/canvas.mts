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

interface Point {
	x: number;
	y: number;
}

/** A connection between two nodes: its course in page pixels, and the boxes of its ends. */
interface Wire {
	label: string;
	from: string;
	to: string;
	points: Point[];
}

/** The used part of a browser element. */
interface Element {
	textContent: string;
	scrollHeight: number;
	clientHeight: number;
	offsetHeight: number;
	getBoundingClientRect: () => { x: number; y: number; width: number; height: number };
	querySelectorAll: (selector: string) => Iterable<Element>;
	getAttribute: (name: string) => string | null;
	/** Of a path. */
	getTotalLength: () => number;
	getPointAtLength: (length: number) => { matrixTransform: (matrix: unknown) => Point };
	getScreenCTM: () => unknown;
}

/** Points per wire. */
const SAMPLES = 60;

/** Layout problems on the visible canvas: notes longer than their boxes, and overlaps. */
export async function disorder(page: Page): Promise<{ boxes: number; wrong: string[] }> {
	const boxes = await boxesOn(page);
	const cut = boxes.filter(({ isCut }) => isCut).map(({ label }) => `the note "${label}" is longer than its box`);
	const over = boxes.flatMap((a, index) => boxes.slice(index + 1).filter((b) => overlap(a, b)).map((b) => `"${a.label}" and "${b.label}" overlap`));
	return { boxes: boxes.length, wrong: [...cut, ...over] };
}

/** Wires that cross each other, or run behind a node that they do not belong to. Wires of the same output or input may meet there, and the way back of a loop may cross others. */
export async function tangles(page: Page): Promise<string[]> {
	const [all, nodes] = await Promise.all([wiresOn(page), nodesOn(page)]);
	const wires = all.filter(({ points }) => points[0]!.x < points.at(-1)!.x);
	const crossing = wires.flatMap((a, index) =>
		wires.slice(index + 1).filter((b) => a.from !== b.from && a.to !== b.to && cross(a.points, b.points)).map((b) => `"${a.label}" crosses "${b.label}"`),
	);
	const behind = wires.flatMap((wire) =>
		nodes.filter(({ id, box }) => !wire.from.startsWith(id) && !wire.to.startsWith(id) && wire.points.some((point) => isIn(point, box))).map(({ name }) => `"${wire.label}" runs behind "${name}"`),
	);
	return [...crossing, ...behind];
}

/** The size of the smallest text in the notes as it is on the screen, in pixels. */
export async function smallestNoteText(page: Page): Promise<number> {
	const sizes = await page.locator('[data-test-id="sticky"] :is(h1, h2, h3, h4, h5, h6, p, li)').evaluateAll((elements) =>
		elements.map((element) => {
			const { offsetHeight, getBoundingClientRect } = element as unknown as Element;
			const zoom = getBoundingClientRect.call(element).height / offsetHeight;
			const { fontSize } = (globalThis as unknown as { getComputedStyle: (of: unknown) => { fontSize: string } }).getComputedStyle(element);
			return parseFloat(fontSize) * zoom;
		}),
	);
	return Math.min(...sizes);
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

function isIn({ x, y }: Point, box: Omit<Box, 'label' | 'isCut'>): boolean {
	return x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
}

function cross(a: Point[], b: Point[]): boolean {
	const pieces = (points: Point[]) => points.slice(1).map((end, index) => [points[index]!, end] as const);
	const side = (p: Point, q: Point, r: Point) => Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
	return pieces(a).some(([p, q]) => pieces(b).some(([r, s]) => side(p, q, r) * side(p, q, s) < 0 && side(r, s, p) * side(r, s, q) < 0));
}

async function nodesOn(page: Page): Promise<Array<{ id: string; name: string; box: Omit<Box, 'label' | 'isCut'> }>> {
	return await page.locator('.vue-flow__node:has([data-test-id="canvas-node"])').evaluateAll((elements) =>
		elements.map((element) => {
			const node = element as unknown as Element;
			const { x, y, width, height } = node.getBoundingClientRect();
			return { id: node.getAttribute('data-id') ?? '', name: node.textContent.trim().slice(0, 40), box: { x, y, width, height } };
		}),
	);
}

/** n8n names a wire `[node/outputs/main/0][node/inputs/main/0]`, with the nodes' IDs. */
async function wiresOn(page: Page): Promise<Wire[]> {
	return await page.locator('.vue-flow__edge').evaluateAll((elements, samples) =>
		elements.map((element) => {
			const wire = element as unknown as Element;
			const [from = '', to = ''] = (wire.getAttribute('data-id') ?? '').slice(1, -1).split('][');
			const points = [...wire.querySelectorAll('path.vue-flow__edge-path')].flatMap((path) => {
				const [length, matrix] = [path.getTotalLength(), path.getScreenCTM()];
				return Array.from({ length: samples + 1 }, (_, index) => {
					const { x, y } = path.getPointAtLength((length * index) / samples).matrixTransform(matrix);
					return { x, y };
				});
			});
			return { label: `${from} to ${to}`, from, to, points };
		}),
		SAMPLES,
	);
}
