import { crc32, deflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MOST_COLOURS = 256;
/** Eight bits a pixel, each the place of a colour in the palette. */
const INDEXED = [8, 3, 0, 0, 0];

/** The same opaque picture in 256 colours, which a screen full of text hardly misses: a third of the size. The page's browser decodes it. */
export async function smallPng(page: Page, png: Buffer): Promise<Buffer> {
	const { width, height, data } = await pixelsOf(page, png);
	const { palette, places } = toPalette(data);
	const rows = Buffer.alloc((width + 1) * height);
	for (let row = 0; row < height; row++) rows.set(places.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
	const header = Buffer.alloc(8);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	return Buffer.concat([
		SIGNATURE,
		chunk('IHDR', Buffer.concat([header, Buffer.from(INDEXED)])),
		chunk('PLTE', Buffer.from(palette.flat())),
		chunk('IDAT', deflateSync(rows, { level: 9 })),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

function chunk(type: string, data: Buffer): Buffer {
	const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const framed = Buffer.alloc(named.length + 8);
	framed.writeUInt32BE(data.length, 0);
	named.copy(framed, 4);
	framed.writeUInt32BE(crc32(named), named.length + 4);
	return framed;
}

type Colour = [red: number, green: number, blue: number];

/** The commonest colours, and for each pixel the place of the one that is nearest to it. */
function toPalette(data: Buffer): { palette: Colour[]; places: Uint8Array } {
	const counts = new Map<number, number>();
	for (let at = 0; at < data.length; at += 4) {
		const colour = data.readUIntBE(at, 3);
		counts.set(colour, (counts.get(colour) ?? 0) + 1);
	}
	const common = [...counts].sort(([, one], [, other]) => other - one).slice(0, MOST_COLOURS);
	const palette = common.map(([colour]): Colour => [colour >> 16, (colour >> 8) & 255, colour & 255]);
	const nearest = new Map([...counts.keys()].map((colour) => [colour, placeOfNearest(palette, [colour >> 16, (colour >> 8) & 255, colour & 255])]));
	const places = new Uint8Array(data.length / 4);
	for (let place = 0; place < places.length; place++) places[place] = nearest.get(data.readUIntBE(place * 4, 3))!;
	return { palette, places };
}

function placeOfNearest(palette: Colour[], [red, green, blue]: Colour): number {
	let found = 0;
	let least = Infinity;
	for (const [place, [r, g, b]] of palette.entries()) {
		const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
		if (distance < least) [found, least] = [place, distance];
	}
	return found;
}

/** Red, green, blue and opacity of every pixel, row by row. */
async function pixelsOf(page: Page, png: Buffer): Promise<{ width: number; height: number; data: Buffer }> {
	const { width, height, text } = (await page.evaluate(`(async () => {
		const image = await createImageBitmap(await (await fetch('data:image/png;base64,${png.toString('base64')}')).blob());
		const canvas = new OffscreenCanvas(image.width, image.height);
		const context = canvas.getContext('2d');
		context.drawImage(image, 0, 0);
		const { data } = context.getImageData(0, 0, image.width, image.height);
		let text = '';
		for (let at = 0; at < data.length; at += 0x8000) text += String.fromCharCode(...data.subarray(at, at + 0x8000));
		return { width: image.width, height: image.height, text: btoa(text) };
	})()`)) as { width: number; height: number; text: string };
	return { width, height, data: Buffer.from(text, 'base64') };
}
