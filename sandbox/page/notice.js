/* global clearTimeout */
import { byId } from './dom.js';

const MIN_MS = 5000;
const MS_PER_CHARACTER = 50;
let timer;

/** Shows a notice for its reading time; screen readers announce it. */
export function notify(sentence, isBad = false) {
	const notice = byId('notice');
	notice.textContent = sentence;
	notice.classList.toggle('bad', isBad);
	notice.classList.add('shown');
	clearTimeout(timer);
	timer = setTimeout(() => {
		notice.classList.remove('shown');
		notice.textContent = '';
	}, Math.max(MIN_MS, sentence.length * MS_PER_CHARACTER));
}

/** Announces a visible change to screen readers. */
export function announce(sentence) {
	byId('announcer').textContent = sentence;
}
