import { FAILURES, type FailureRow } from './table';
import type { Action } from '../problem';

/** Why a message failed, explained: the same words for a send, Get Message Status and the trigger. */
export interface Failure {
	/** WhatsApp's number, one of ours in kebab-case, or `unknown-failure`. */
	code: string;
	title: string;
	/** What the service said, or the usual cause where it said no more than the title. */
	details: string;
	retryable: boolean;
	action: Action;
	/** Seconds; only with `retryLater`. */
	retryAfter: number | null;
	/** What to do. */
	advice: string;
}

/** What the service told about a failure, in any of the forms it uses. */
export interface FailureClues {
	code?: string | number | null;
	/** Texts in order of trust: title, message, details, plain error. */
	texts: string[];
}

const rowsByCode = new Map(FAILURES.map((row) => [row.code, row]));
/** Longer pieces are more specific: "spam rate limit" before "rate limit". Whole words only: "Industrial" is no trial. */
const rowsByText = FAILURES.flatMap((row) => row.texts.map((piece) => ({ piece, words: wholeWords(piece), row }))).sort(
	(a, b) => b.piece.length - a.piece.length,
);
/** Of two rows with one title the first counts: it is the one that stops less. */
const rowsByPhrase = new Map(FAILURES.flatMap((row) => [row.title.toLowerCase(), ...row.texts].map((phrase) => [phrase, row] as const)).reverse());
/** Numbers of one or two digits only where it is plain that they are Meta's: a country has a code too, and so has a HTTP answer. */
const CODE_IN_TEXT = /\(#(\d{1,6})\)|\berror[ _]?code"?\s*[:=]?\s*"?(\d{1,6})\b|(?<!\b(?:status|http|country|area|dialling|zip|postal|language)[ _-]?)\bcode"?\s*[:=]?\s*"?(\d{3,6})\b|^\s*#?(\d{6})\b/i;

function wholeWords(piece: string): RegExp {
	return new RegExp(`(?<![\\p{L}\\p{N}])${piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'u');
}

/** The row for a code; 200 to 299 are all permissions (section 9). */
function rowByCode(code: string): FailureRow | undefined {
	if (/^2\d\d$/.test(code)) return rowsByCode.get('10');
	return rowsByCode.get(code);
}

/** A row of the failure table; `sure` where the service itself said its number or its very phrase, and did not only use a word of it. */
export interface FoundRow {
	row: FailureRow;
	sure: boolean;
}

/**
 * The row of the failure table that fits: by number first, then by a number in the text,
 * then by the text itself. Undefined when nothing fits.
 */
export function findFailureRow(clues: FailureClues): FoundRow | undefined {
	const given = clues.code === undefined || clues.code === null ? '' : String(clues.code).trim();
	const known = given === '' ? undefined : rowByCode(given);
	if (known) return { row: known, sure: true };
	for (const text of clues.texts) {
		const match = CODE_IN_TEXT.exec(text.slice(0, 2000));
		const row = rowByCode(match?.slice(1).find((code) => code !== undefined) ?? '');
		// A customer's text may be quoted further behind.
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

/** Explains a failure. A number that the service gave stays, even where only its text is known; what no row fits is kept as it came. */
export function explainFailure(clues: FailureClues): Failure {
	const row = findFailureRow(clues)?.row;
	const number = clues.code === undefined || clues.code === null ? '' : String(clues.code).trim();
	const given = /^\d{1,6}$/.test(number) ? number : undefined;
	const said = clues.texts.find((text) => text.trim() !== '') ?? '';
	const details = clues.texts.filter((text) => text.trim() !== '').at(-1) ?? '';
	if (!row) {
		return {
			code: given ?? 'unknown-failure',
			title: said || 'Not delivered',
			details: details || 'The service gave no reason.',
			retryable: false,
			action: 'alertPerson',
			retryAfter: null,
			advice: 'Show the details to someone who knows the channel; do not send again before the reason is known.',
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
