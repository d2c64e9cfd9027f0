/* global clearTimeout */
import { byId } from './dom.js';

const SHOWN_MS = 5000;
let timer;

/** Shows a sentence for some seconds; screen readers say it. */
export function notify(sentence, isBad = false) {
	const notice = byId('notice');
	notice.textContent = sentence;
	notice.classList.toggle('bad', isBad);
	notice.classList.add('shown');
	clearTimeout(timer);
	timer = setTimeout(() => {
		notice.classList.remove('shown');
		notice.textContent = '';
	}, SHOWN_MS);
}

/** Has screen readers say a sentence that others see happen. */
export function announce(sentence) {
	byId('announcer').textContent = sentence;
}
