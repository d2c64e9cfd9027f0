/* global document, getSelection, navigator */
import { h } from './dom.js';
import { notify } from './notice.js';

const HIDDEN = '••••••••••••';

/** What the credential in n8n needs, each to copy; the token appears on request only. */
export function connectBox({ channelId, token }) {
	return h('dl', { class: 'connect' }, line('Base URL', document.location.origin), line('Channel ID', channelId), line('API token', token, true));
}

function line(name, value, isSecret = false) {
	const shown = h('code', {}, isSecret ? HIDDEN : value);
	const show = h('button', { type: 'button', 'aria-label': `Show the ${name}` }, 'Show');
	const reveal = (isShown) => {
		shown.textContent = isShown ? value : HIDDEN;
		show.textContent = isShown ? 'Hide' : 'Show';
		show.setAttribute('aria-label', `${show.textContent} the ${name}`);
	};
	show.addEventListener('click', () => reveal(shown.textContent === HIDDEN));
	const copy = async () => {
		try {
			await navigator.clipboard.writeText(value);
			notify(`${name} copied`);
		} catch {
			// No clipboard: the page was opened under an address that browsers do not trust.
			if (isSecret) reveal(true);
			getSelection().selectAllChildren(shown);
			notify(`${name} selected: copy it with Ctrl+C or ⌘C`);
		}
	};
	const copying = h('button', { type: 'button', 'aria-label': `Copy the ${name}`, onclick: () => void copy() }, 'Copy');
	return h('div', {}, h('dt', {}, name), h('dd', {}, shown), h('dd', { class: 'do' }, isSecret && show, copying));
}
