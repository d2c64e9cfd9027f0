/** What reading a date needs besides the date. */
export interface Clock {
	/** Milliseconds since 1970. */
	now: number;
	/** IANA name, for dates that say no offset. */
	timeZone: string;
}

const LOCAL = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?$/;

/**
 * A point in time as milliseconds since 1970: ISO text, a number of seconds or milliseconds, a Date or luxon's DateTime.
 * Text without an offset is meant in `timeZone`. Null for anything else.
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
	// Twice, because the offset just before a change of clocks differs from the one after it.
	return asUtc - offsetAt(asUtc - offsetAt(asUtc, timeZone), timeZone);
}

/** Milliseconds that the clocks of a zone are ahead of UTC; an unknown zone counts as UTC. */
function offsetAt(time: number, timeZone: string): number {
	try {
		const words = new Date(time).toLocaleString('sv-SE', { timeZone });
		return Date.parse(`${words.replace(' ', 'T')}Z`) - Math.floor(time / 1000) * 1000;
	} catch {
		return 0;
	}
}
