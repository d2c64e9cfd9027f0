import * as fc from 'fast-check';
import { draw, textWidth, THEMES, type Picture } from '../bench/picture.mts';

const picture = (groups: Picture['groups']): Picture => ({ title: 'What <b> & "c" need', note: 'Seconds', scale: 'picture', groups });
const bar = (name: string, value: number, text: string, bad?: number) => ({ name, value, text, bad, isOurs: false });
const TWO = picture([{ name: 'A & B', bars: [bar('first', 10, '10 s'), bar('second <', 5, '5 s, "2" lost', 2)] }]);

interface Box {
	left: number;
	right: number;
	top: number;
	bottom: number;
}

/** The elements of an SVG in order; throws if it is not well-formed, or if a text has an unescaped character. */
function elementsOf(svg: string): Array<{ name: string; attributes: Record<string, string>; text: string }> {
	const open: string[] = [];
	const found: ReturnType<typeof elementsOf> = [];
	const rest = svg.replace(/<(\/?)([a-z]+)((?: [\w:-]+="[^"<&]*")*)(\/?)>([^<>&"]*(?:&#\d+;[^<>&"]*)*)/g, (_, closes: string, name: string, attributes: string, isEmpty: string, text: string) => {
		if (closes !== '' && open.pop() !== name) throw new Error(`</${name}> closes nothing`);
		if (closes === '') {
			found.push({ name, attributes: Object.fromEntries([...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value])), text: text.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code))) });
			if (isEmpty === '') open.push(name);
		}
		return '';
	});
	if (rest !== '' || open.length > 0) throw new Error(`not well-formed: ${rest}${open.join()}`);
	return found;
}

function boxes(svg: string): { size: Box; texts: Box[]; bars: Box[] } {
	const [root, ...elements] = elementsOf(svg);
	const number = (attributes: Record<string, string>, name: string) => Number(attributes[name]);
	const texts = elements.filter(({ name }) => name === 'text').map(({ attributes, text }) => {
		const size = number({ 'font-size': '14', ...attributes }, 'font-size');
		const [x, y, width] = [number(attributes, 'x'), number(attributes, 'y'), textWidth(text, size)];
		const left = attributes['text-anchor'] === 'end' ? x - width : x;
		return { left, right: left + width, top: y - size, bottom: y + size / 4 };
	});
	const [, ...bars] = elements.filter(({ name }) => name === 'rect').map(({ attributes }) => {
		const [left, top] = [number(attributes, 'x'), number(attributes, 'y')];
		return { left, right: left + number(attributes, 'width'), top, bottom: top + number(attributes, 'height') };
	});
	return { size: { left: 0, top: 0, right: number(root!.attributes, 'width'), bottom: number(root!.attributes, 'height') }, texts, bars };
}

const overlap = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const within = (inner: Box, outer: Box) => inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;

describe.each(THEMES)('a picture in the theme %s', (theme) => {
	test('is an image with a title, and tells every name and figure', () => {
		const elements = elementsOf(draw(TWO, theme));
		expect(elements[0]).toMatchObject({ name: 'svg', attributes: { role: 'img', 'aria-labelledby': 'title' } });
		expect(elements.find(({ name }) => name === 'title')).toMatchObject({ attributes: { id: 'title' }, text: `${TWO.title}` });
		expect(elements.filter(({ name }) => name === 'text').map(({ text }) => text.trim())).toEqual([TWO.title, 'Seconds', 'A & B', 'first', '10 s', 'second <', '5 s, "2" lost']);
	});

	test('has bars as long as their values', () => {
		const [first, second, lost] = boxes(draw(TWO, theme)).bars.map(({ left, right }) => right - left);
		expect([second! / first!, lost! / first!]).toEqual([expect.closeTo(0.5, 1), expect.closeTo(0.2, 1)]);
	});

	test('scales each group by itself, or all alike', () => {
		const groups = [{ name: 'a', bars: [bar('a', 1, '1')] }, { name: 'b', bars: [bar('b', 4, '4')] }];
		const lengths = (scale: Picture['scale']) => boxes(draw({ ...picture(groups), scale }, theme)).bars.map(({ left, right }) => right - left);
		const [alone, ownScale] = lengths('group');
		expect(alone).toBe(ownScale);
		const [short, long] = lengths('picture');
		expect(long! / short!).toBeCloseTo(4, 1);
	});

	test('draws nothing as one pixel', () => {
		expect(boxes(draw(picture([{ name: 'a', bars: [bar('a', 0, '0')] }]), theme)).bars.map(({ left, right }) => right - left)).toEqual([1]);
	});

	test('refuses what does not fit', () => {
		expect(() => draw(picture([{ name: 'x'.repeat(200), bars: [bar('a', 1, '1')] }]), theme)).toThrow('too long');
		expect(() => draw(picture([{ name: 'a', bars: [bar('a', 1, 'y'.repeat(90))] }]), theme)).toThrow('too long');
	});

	test('is well-formed, and no text touches a bar, another text or the edge', () => {
		const text = fc.string({ minLength: 1, maxLength: 28, unit: fc.constantFrom(...'abc WM&<>"\'é1,.') });
		const anyBar = fc.record({ name: text, value: fc.double({ min: 0, max: 1e6, noNaN: true }), bad: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }), text, isOurs: fc.boolean() });
		const groups = fc.array(fc.record({ name: text, bars: fc.array(anyBar, { minLength: 1, maxLength: 4 }) }), { minLength: 1, maxLength: 4 });
		fc.assert(
			fc.property(groups, fc.constantFrom<Picture['scale']>('group', 'picture'), (given, scale) => {
				const { size, texts, bars } = boxes(draw({ ...picture(given), scale }, theme));
				for (const [index, one] of texts.entries()) {
					expect(within(one, size)).toBe(true);
					expect([...bars, ...texts.slice(index + 1)].filter((other) => overlap(one, other))).toEqual([]);
				}
				for (const one of bars) expect(within(one, size)).toBe(true);
			}),
		);
	});
});

test('the themes differ in colours only', () => {
	const [light, dark] = THEMES.map((theme) => draw(TWO, theme));
	expect(light).not.toBe(dark);
	expect(light!.replace(/#[0-9a-f]{6}/g, '')).toBe(dark!.replace(/#[0-9a-f]{6}/g, ''));
});
