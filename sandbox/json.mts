/** A JSON object of unknown content. */
export type JsonObject = Record<string, unknown>;

/** The value if it is a JSON object (not an array, not null), else undefined. */
export function objectOf(value: unknown): JsonObject | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The value if it is an array, else undefined. */
export function listOf(value: unknown): unknown[] | undefined {
	return Array.isArray(value) ? value : undefined;
}

/** A string, or a finite number as a string; undefined otherwise. */
export function textOf(value: unknown): string | undefined {
	if (typeof value === 'string') return value;
	return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

/** A boolean, from true, 1 or their spellings in form bodies; otherwise undefined. */
export function flagOf(value: unknown): boolean | undefined {
	if (value === true || value === 1 || value === '1' || value === 'true') return true;
	if (value === false || value === 0 || value === '0' || value === 'false') return false;
	return undefined;
}

/** The parsed JSON, or undefined if invalid. */
export function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
