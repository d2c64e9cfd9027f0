import { z } from 'zod';

const LATEST_MS = 8.64e15;

/** Unix seconds, as a number or a numeric text (milliseconds are recognised by their size), as ISO 8601 UTC; else null. */
export function timeOf(value: unknown): string | null {
	if ((typeof value !== 'number' && typeof value !== 'string') || value === '') return null;
	const given = Number(value);
	const milliseconds = given > 1e11 ? given : given * 1000;
	if (!Number.isFinite(milliseconds) || milliseconds <= 0 || milliseconds > LATEST_MS) return null;
	return new Date(milliseconds).toISOString();
}

/** As `timeOf`, inside a schema. */
export const unixTime = z.unknown().transform(timeOf);
