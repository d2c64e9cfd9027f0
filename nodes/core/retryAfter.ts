const LONGEST_SECONDS = 3600;

/**
 * The `Retry-After` header in whole seconds: a number of seconds or an HTTP date.
 * Words, negative values and dates gone by give null; more than an hour counts as an hour,
 * since no rate limit of a channel lasts longer (1msg-api.md, section 8, promises no header at all).
 */
export function readRetryAfter(header: unknown, now: number): number | null {
	const value = Array.isArray(header) ? (header as unknown[])[0] : header;
	if (typeof value !== 'string' && typeof value !== 'number') return null;
	const given = String(value).trim();
	const seconds = /^\d+(\.\d+)?$/.test(given) ? Number(given) : secondsUntil(given, now);
	if (!Number.isFinite(seconds) || seconds < 0) return null;
	return Math.min(Math.ceil(seconds), LONGEST_SECONDS);
}

function secondsUntil(date: string, now: number): number {
	// Date.parse reads "-5" as a year: only real HTTP dates, which name a weekday, are dates here.
	return /^[A-Za-z]{3,9},? /.test(date) ? (Date.parse(date) - now) / 1000 : NaN;
}
