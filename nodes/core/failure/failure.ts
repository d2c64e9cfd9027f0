import { FAILURES, type FailureRow } from './table';
import type { Action } from '../problem';

/** Explains why a message failed, in the same words for a send, Get Message Status and the trigger. */
export interface Failure {
	/** WhatsApp's code, one of ours in kebab-case, or `unknown-failure`. */
	code: string;
	title: string;
	/** What the service said, or the usual cause if it only gave the title. */
	details: string;
	retryable: boolean;
	action: Action;
	/** Seconds; only with `retryLater`. */
	retryAfter: number | null;
	/** What to do. */
	advice: string;
}

/** What the service said about a failure, in any of its formats. */
export interface FailureClues {
	code?: string | number | null;
	/** The most telling first, the title last (`cluesIn`). */
	texts: string[];
}

const rowsByCode = new Map(FAILURES.map((row) => [row.code, row]));
/** Longest first, because longer is more specific: "spam rate limit" before "rate limit". Whole words only: "Industrial" is not "trial". */
const rowsByText = FAILURES.flatMap((row) => row.texts.map((piece) => ({ piece, words: wholeWords(piece), row }))).sort(
	(a, b) => b.piece.length - a.piece.length,
);
/** If two rows share a title, the first wins: it stops less. */
const rowsByPhrase = new Map(FAILURES.flatMap((row) => [row.title.toLowerCase(), ...row.texts].map((phrase) => [phrase, row] as const)).reverse());
/** One or two digits count only if they are clearly Meta's: countries and HTTP answers have codes, too. */
const CODE_IN_TEXT = /\(#(\d{1,6})\)|\berror[ _]?code"?\s*[:=]?\s*"?(\d{1,6})\b|(?<!\b(?:status|http|country|area|dialling|zip|postal|language)[ _-]?)\bcode"?\s*[:=]?\s*"?(\d{3,6})\b|^\s*#?(\d{6})\b/i;

function wholeWords(piece: string): RegExp {
	const pattern = piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^\\n]*');
	return new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'u');
}

/** The row for a code; 200 to 299 are all permission errors (section 9). */
function rowByCode(code: string): FailureRow | undefined {
	if (/^2\d\d$/.test(code)) return rowsByCode.get('10');
	return rowsByCode.get(code);
}

/** A row of the failure table; `sure` if the service gave its code or exact phrase, not just a word of it. */
export interface FoundRow {
	row: FailureRow;
	sure: boolean;
}

/**
 * Finds the matching row of the failure table: by code, then by a code in the text, then by the text itself.
 * Undefined if none matches.
 */
export function findFailureRow(clues: FailureClues): FoundRow | undefined {
	const given = clues.code === undefined || clues.code === null ? '' : String(clues.code).trim();
	const known = given === '' ? undefined : rowByCode(given);
	if (known) return { row: known, sure: true };
	for (const text of clues.texts) {
		const match = CODE_IN_TEXT.exec(text.slice(0, 2000));
		const row = rowByCode(match?.slice(1).find((code) => code !== undefined) ?? '');
		// Further in, it may be part of a quoted customer text.
		if (row) return { row, sure: match?.index === 0 };
	}
	const texts = clues.texts.map((text) => text.slice(0, 2000).toLowerCase().replaceAll('\u2019', "'"));
	for (const text of texts) {
		const row = rowsByPhrase.get(text.split(/[.;:!\n]/)[0]!.trim());
		if (row) return { row, sure: true };
	}
	const all = texts.join('\n');
	const row = rowsByText.find(({ words }) => words.test(all))?.row;
	return row && { row, sure: false };
}

/** Explains a failure. The service's own code is kept even if only its text is known; an unknown failure is passed through. */
export function explainFailure(clues: FailureClues): Failure {
	const row = findFailureRow(clues)?.row;
	const number = clues.code === undefined || clues.code === null ? '' : String(clues.code).trim();
	const given = /^\d{1,6}$/.test(number) ? number : undefined;
	const texts = clues.texts.filter((text) => text.trim() !== '');
	const [details, title] = [texts[0] ?? '', texts.at(-1)];
	if (!row) {
		return {
			code: given ?? 'unknown-failure',
			title: title ?? 'Not delivered',
			details: details || 'The service gave no reason.',
			retryable: false,
			action: 'alertPerson',
			retryAfter: null,
			advice: 'Show the details to someone who manages the channel, and do not send again until the reason is known.',
		};
	}
	return {
		code: given === undefined || rowByCode(given) ? row.code : given,
		title: row.title,
		details: details !== '' && details.toLowerCase() !== row.title.toLowerCase() ? details : row.cause,
		retryable: row.action === 'retryLater',
		action: row.action,
		retryAfter: row.retryAfter,
		advice: row.advice,
	};
}
