/* global document */
import { h } from './dom.js';
import { STATE_WORDS } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';
/** Drawings of message states, 16 by 16. */
export const PATHS = {
	accepted: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5v3.2l2.2 1.4',
	sent: 'M3.5 8.5l3 3 6-6.5',
	delivered: 'M1 8.5l3 3 6-6.5M7.6 10.8l.7.7 6-6.5',
	read: 'M1 8.5l3 3 6-6.5M7.6 10.8l.7.7 6-6.5',
	failed: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5.2v3.3M8 10.7v.1',
};

/** A message's ticks, with a text alternative. */
export function ticks(state, words = STATE_WORDS[state]) {
	return h('span', { class: `ticks ${state}`, title: words }, drawing(PATHS[state]), h('span', { class: 'unseen' }, words));
}

/** An icon of one line. */
export function drawing(path) {
	const svg = document.createElementNS(SVG, 'svg');
	svg.setAttribute('viewBox', '0 0 16 16');
	svg.setAttribute('aria-hidden', 'true');
	const line = document.createElementNS(SVG, 'path');
	line.setAttribute('d', path);
	svg.append(line);
	return svg;
}
