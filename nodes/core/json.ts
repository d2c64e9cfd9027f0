import { z } from 'zod';

/** Parses JSON; undefined if invalid. `__proto__` stays a plain key, so nothing is polluted. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** A string or number as a string; empty for anything else. */
export function textOf(value: unknown): string {
	return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** `textOf` as a schema. */
export const looseText = z.unknown().transform(textOf);

/** Whether the value is true in any of the service's forms: true, 1, or either as a string. */
export function isYes(value: unknown): boolean {
	return value === true || value === 1 || value === '1' || value === 'true';
}

/** `isYes` as a schema. */
export const looseFlag = z.unknown().transform(isYes);

/**
 * The fields of an entry of a hook or an answer; undefined if it is not an object. Entries come in tens of thousands,
 * and a schema for each would take ten times as long as the rest.
 */
export function fieldsOf(entry: unknown): Record<string, unknown> | undefined {
	return typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? (entry as Record<string, unknown>) : undefined;
}
