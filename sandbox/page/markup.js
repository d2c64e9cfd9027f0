import { h } from './dom.js';

const MARKS = { '*': 'b', _: 'i', '~': 's' };
const PATTERN = /```([^`]+)```|(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\2(?![\p{L}\p{N}])/gu;

/** Renders WhatsApp's *bold*, _italic_, ~struck~ and ```mono```; the rest stays text. */
export function marked(text) {
	const parts = [];
	let end = 0;
	for (const match of text.matchAll(PATTERN)) {
		const [whole, mono, mark, inner] = match;
		parts.push(text.slice(end, match.index), mono === undefined ? h(MARKS[mark], {}, marked(inner)) : h('code', {}, mono));
		end = match.index + whole.length;
	}
	parts.push(text.slice(end));
	return parts.filter((part) => part !== '');
}
