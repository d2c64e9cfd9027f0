import { h } from './dom.js';

/** A customer's avatar: the last digits, in one of twelve colours. */
export function face(phone) {
	const sum = [...phone].reduce((total, letter) => total + letter.charCodeAt(0), 0);
	return h('span', { class: `face hue-${sum % 12}`, 'aria-hidden': 'true' }, phone.slice(-2));
}
