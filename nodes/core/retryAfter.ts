const MAX_SECONDS = 3600;

/**
 * The `Retry-After` header in whole seconds: a number of seconds or an HTTP date.
 * Null for text, negative values and past dates. Capped at an hour, because no rate limit of a channel
 * lasts longer (1msg-api.md, section 8, promises no header at all).
 */
export function readRetryAfter(header: unknown, now: number): number | null {
	const value = Array.isArray(header) ? (header as unknown[])[0] : header;
	if (typeof value !== 'string' && typeof value !== 'number') return null;
	const given = String(value).trim();
	const seconds = /^\d+(\.\d+)?$/.test(given) ? Number(given) : secondsUntil(given, now);
	if (!Number.isFinite(seconds) || seconds < 0) return null;
	return Math.min(Math.ceil(seconds), MAX_SECONDS);
}

function secondsUntil(date: string, now: number): number {
	// Date.parse reads "-5" as a year, so only HTTP dates, which start with a weekday, are accepted.
	return /^[A-Za-z]{3,9},? /.test(date) ? (Date.parse(date) - now) / 1000 : NaN;
}
