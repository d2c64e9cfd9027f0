/* global document */

/** The element with this ID. */
export function byId(id) {
	return document.getElementById(id);
}

/** Creates an element: `on…` are listeners, the rest attributes (true: no value; null and false: omitted). Strings become text, never HTML. */
export function h(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (value === undefined || value === null || value === false) continue;
		if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
		else element.setAttribute(name, value === true ? '' : String(value));
	}
	element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
	return element;
}

/** A name and value in a `dl`. */
export function fact(name, value) {
	return h('div', {}, h('dt', {}, name), h('dd', {}, value));
}

/** Sets an element's text, only if it changed. */
export function setText(element, text) {
	if (element.textContent !== text) element.textContent = text;
}

/**
 * Renders the items in order. An unchanged item keeps its element, with focus, scroll position and open details.
 * `keyOf` identifies items (duplicates by their order); a replacement inherits the focus of the old element.
 */
export function showItems(list, items, keyOf, make) {
	const before = new Map([...list.children].map((element) => [element.dataset.key, element]));
	const seen = new Set();
	let next = list.firstElementChild;
	for (const item of items) {
		let key = String(keyOf(item));
		while (seen.has(key)) key += '+';
		seen.add(key);
		const version = JSON.stringify(item);
		let element = before.get(key);
		before.delete(key);
		if (element?.dataset.version !== version) {
			const fresh = make(item);
			fresh.dataset.key = key;
			fresh.dataset.version = version;
			if (element) next = replace(element, fresh, next);
			element = fresh;
		}
		if (element === next) next = next.nextElementSibling;
		else list.insertBefore(element, next);
	}
	for (const element of before.values()) element.remove();
}

const FOCUSABLE = 'a, button, summary, select, input';

/** Focuses the element, or the fallback if it is gone. */
function focusOr(element, other) {
	if (!element) other.tabIndex = -1;
	(element ?? other).focus();
}

function replace(old, fresh, next) {
	const at = [...old.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
	if (old.querySelector('details')?.open) fresh.querySelector('details')?.setAttribute('open', '');
	old.replaceWith(fresh);
	if (at >= 0) focusOr(fresh.querySelectorAll(FOCUSABLE)[at], fresh);
	return old === next ? fresh : next;
}
