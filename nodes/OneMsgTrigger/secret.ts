import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether the query's secret is the registered one, compared in constant time; anything but one text is not. */
export function isSecret(given: unknown, expected: string | undefined): boolean {
	if (typeof given !== 'string' || expected === undefined || expected === '') return false;
	return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
