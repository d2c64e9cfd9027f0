import { z } from 'zod';

const MAX_DATE_MS = 8.64e15;

/** Converts Unix seconds, a number or a numeric string, to ISO 8601 UTC (milliseconds are recognised by size); else null. */
export function timeOf(value: unknown): string | null {
	if ((typeof value !== 'number' && typeof value !== 'string') || value === '') return null;
	const given = Number(value);
	const milliseconds = given > 1e11 ? given : given * 1000;
	if (!Number.isFinite(milliseconds) || milliseconds <= 0 || milliseconds > MAX_DATE_MS) return null;
	return new Date(milliseconds).toISOString();
}

/** `timeOf` as a schema. */
export const unixTime = z.unknown().transform(timeOf);
