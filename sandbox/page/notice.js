/* global clearTimeout */
import { byId } from './dom.js';

const LEAST_MS = 5000;
const MS_PER_CHARACTER = 50;
let timer;

/** Shows a sentence for as long as it takes to read; screen readers say it. */
export function notify(sentence, isBad = false) {
	const notice = byId('notice');
	notice.textContent = sentence;
	notice.classList.toggle('bad', isBad);
	notice.classList.add('shown');
	clearTimeout(timer);
	timer = setTimeout(() => {
		notice.classList.remove('shown');
		notice.textContent = '';
	}, Math.max(LEAST_MS, sentence.length * MS_PER_CHARACTER));
}

/** Has screen readers say a sentence that others see happen. */
export function announce(sentence) {
	byId('announcer').textContent = sentence;
}
