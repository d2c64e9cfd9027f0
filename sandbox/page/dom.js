/* global document */

/** The element of the page with this ID. */
export function byId(id) {
	return document.getElementById(id);
}

/** An element: `on…` are listeners, everything else is an attribute (true: without a value; null and false: not there). Strings become text, never HTML. */
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

/** A name and its value in a list of facts (`dl`). */
export function fact(name, value) {
	return h('div', {}, h('dt', {}, name), h('dd', {}, value));
}

/** Shows text in an element, touching it only where it changed. */
export function setText(element, text) {
	if (element.textContent !== text) element.textContent = text;
}

/**
 * Makes the list show the items, in order: an item that stayed the same keeps its element, with focus, scroll and what is open.
 * `keyOf` tells items apart (equal keys are told apart by their order); an element made anew gets the focus of the one it replaces.
 */
export function showItems(list, items, keyOf, make) {
	const before = new Map([...list.children].map((element) => [element.dataset.key, element]));
	const seen = new Set();
	let place = list.firstElementChild;
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
			if (element) place = replace(element, fresh, place);
			element = fresh;
		}
		if (element === place) place = place.nextElementSibling;
		else list.insertBefore(element, place);
	}
	for (const element of before.values()) element.remove();
}

const FOCUSABLE = 'a, button, summary, select, input';

/** Gives the focus to the element, or to the other one where that is gone. */
function focusOr(element, other) {
	if (!element) other.tabIndex = -1;
	(element ?? other).focus();
}

function replace(old, fresh, place) {
	const at = [...old.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
	if (old.querySelector('details')?.open) fresh.querySelector('details')?.setAttribute('open', '');
	old.replaceWith(fresh);
	if (at >= 0) focusOr(fresh.querySelectorAll(FOCUSABLE)[at], fresh);
	return old === place ? fresh : place;
}
