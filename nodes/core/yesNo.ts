const YES = new Set(['true', 'yes', 'on']);
const NO = new Set(['false', 'no', 'off']);

/** A yes or a no in any form that people and systems write it (interface.md, "Yes and no"); undefined for anything else. */
export function readYesNo(value: unknown): boolean | undefined {
	if (typeof value === 'boolean') return value;
	if (value === 1 || value === 0) return value === 1;
	const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
	return YES.has(word) ? true : NO.has(word) ? false : undefined;
}

/** Nothing, or a text of blanks. */
export function isBlank(value: unknown): boolean {
	return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
