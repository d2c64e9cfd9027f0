/** Draws bar charts as SVG: data in, text out. */

export type Theme = 'light' | 'dark';

export const THEMES: Theme[] = ['light', 'dark'];

/** A bar, with its name on the left and its figure on the right. */
export interface Bar {
	name: string;
	/** The bar's length, and that of a red piece after it; in the group's own unit. */
	value: number;
	bad?: number;
	/** The figure, as text. */
	text: string;
	/** Drawn in the package's colour. */
	isOurs: boolean;
}

export interface Group {
	name: string;
	bars: Bar[];
}

export interface Picture {
	/** What the bars show, as a sentence. */
	title: string;
	/** How to read them. */
	note: string;
	/** Whose longest bar fills the width. */
	scale: 'group' | 'picture';
	groups: Group[];
}

/** GitHub shows a README 830 pixels wide. */
const WIDTH = 830;
const MARGIN = 20;
const GAP = 12;
const FONT = 14;
const TITLE_FONT = 18;
const BAR_HEIGHT = 20;
const LINE = 28;
/** Baseline below a line's middle. */
const BASELINE = 5;
/** Width of a character in ems: fonts differ by system, and this holds for the widest usual one. */
const CHARACTER = 0.6;

const FAMILY = "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif";

/** GitHub's own colours for text and surfaces; the package's green. */
const COLOURS: Record<Theme, { surface: string; border: string; text: string; muted: string; ours: string; others: string; bad: string }> = {
	light: { surface: '#ffffff', border: '#d1d9e0', text: '#1f2328', muted: '#59636e', ours: '#0e7c66', others: '#a8b1bb', bad: '#cf222e' },
	dark: { surface: '#0d1117', border: '#3d444d', text: '#f0f6fc', muted: '#9198a1', ours: '#3ccba8', others: '#656c76', bad: '#f85149' },
};

/** The pixels that a text may need. */
export function textWidth(text: string, size = FONT): number {
	return Math.ceil([...text].length * size * CHARACTER);
}

/** A picture as an SVG document. Throws if a text is too long for its place. */
export function draw({ title, note, scale, groups }: Picture, theme: Theme): string {
	const colours = COLOURS[theme];
	const bars = groups.flatMap((group) => group.bars);
	const left = MARGIN + Math.max(...bars.map(({ name }) => textWidth(name))) + GAP;
	const room = WIDTH - MARGIN - left - GAP - Math.max(...bars.map(({ text }) => textWidth(text)));
	const lines = [title, ...groups.map(({ name }) => name), note];
	if (room < WIDTH / 5 || lines.some((line) => textWidth(line, line === title ? TITLE_FONT : FONT) > WIDTH - 2 * MARGIN)) {
		throw new Error(`A text of the picture "${title}" is too long.`);
	}
	const parts: string[] = [];
	const write = (x: number, y: number, text: string, style: string) => parts.push(`<text x="${x}" y="${y}" ${style}>${escaped(text)}</text>`);
	let y = MARGIN + TITLE_FONT;
	write(MARGIN, y, title, `font-size="${TITLE_FONT}" font-weight="600" fill="${colours.text}"`);
	y += LINE - BASELINE;
	write(MARGIN, y, note, `fill="${colours.muted}"`);
	for (const group of groups) {
		y += LINE + GAP;
		write(MARGIN, y, group.name, `font-weight="600" fill="${colours.text}"`);
		y += GAP + BAR_HEIGHT / 2;
		const all = longest(scale === 'group' ? group.bars : bars);
		for (const { name, value, bad = 0, text, isOurs } of group.bars) {
			const length = Math.max(1, Math.round((value / all) * room));
			const lost = Math.round((bad / all) * room);
			const weight = isOurs ? ' font-weight="600"' : '';
			write(left - GAP, y + BASELINE, name, `text-anchor="end" fill="${colours.text}"${weight}`);
			parts.push(rect(left, y, length, isOurs ? colours.ours : colours.others));
			if (lost > 0) parts.push(rect(left + length, y, lost, colours.bad));
			write(left + length + lost + GAP, y + BASELINE, text, `fill="${bad > 0 ? colours.bad : colours.text}"${weight}`);
			y += LINE;
		}
		y -= LINE - BAR_HEIGHT / 2;
	}
	const height = y + MARGIN;
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="${FAMILY}" font-size="${FONT}">`,
		`<title id="title">${escaped(title)}</title>`,
		`<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6" fill="${colours.surface}" stroke="${colours.border}"/>`,
		...parts,
		'</svg>',
		'',
	].join('\n');
}

/** Of the bars, pieces included; 1 if all are empty. */
function longest(bars: readonly Bar[]): number {
	return Math.max(...bars.map(({ value, bad = 0 }) => value + bad)) || 1;
}

function rect(x: number, middle: number, width: number, fill: string): string {
	return `<rect x="${x}" y="${middle - BAR_HEIGHT / 2}" width="${width}" height="${BAR_HEIGHT}" fill="${fill}"/>`;
}

function escaped(text: string): string {
	return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
