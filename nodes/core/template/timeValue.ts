/** The context for reading a date. */
export interface Clock {
	/** Unix milliseconds. */
	now: number;
	/** IANA name, for dates without an offset. */
	timeZone: string;
}

const LOCAL = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?$/;

/**
 * Reads a time as Unix milliseconds: ISO text, a number of seconds or milliseconds, a Date or a luxon DateTime.
 * Text without an offset is in `timeZone`. Null for anything else.
 */
export function readMoment(given: unknown, timeZone: string): number | null {
	const text = typeof given === 'string' ? given.trim() : '';
	if (LOCAL.test(text)) return inZone(text.length === 10 ? `${text}T00:00:00` : text.replace(' ', 'T'), timeZone);
	const isNumber = typeof given === 'number' || /^\d{9,14}$/.test(text) || (typeof given === 'object' && given !== null && !Array.isArray(given));
	const time = isNumber ? Number(given) : text === '' ? NaN : Date.parse(text);
	if (!Number.isFinite(time) || time <= 0) return null;
	return Math.round(isNumber && time < 1e11 ? time * 1000 : time);
}

function inZone(local: string, timeZone: string): number | null {
	const asUtc = Date.parse(`${local}Z`);
	if (Number.isNaN(asUtc)) return null;
	// Twice, because the offset changes at a DST transition.
	return asUtc - offsetAt(asUtc - offsetAt(asUtc, timeZone), timeZone);
}

/** A zone's offset from UTC in milliseconds; an unknown zone counts as UTC. */
function offsetAt(time: number, timeZone: string): number {
	try {
		const words = new Date(time).toLocaleString('sv-SE', { timeZone });
		return Date.parse(`${words.replace(' ', 'T')}Z`) - Math.floor(time / 1000) * 1000;
	} catch {
		return 0;
	}
}
