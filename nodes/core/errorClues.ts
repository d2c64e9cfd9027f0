import { fieldsOf, parseJson, textOf } from './json';

/** What the service said about an error. */
export interface ErrorClues {
	/** WhatsApp's number; null if none was given. */
	code: string | null;
	/** The most telling first: Meta's `message` and title only name the code. */
	texts: string[];
}

type Source = Record<string, unknown>;

/** Answers wrap each other a few times at most. */
const MAX_DEPTH = 3;
/** Characters of a text that are searched for JSON. */
const MAX_LENGTH = 20_000;

/** The texts of an error, in order of trust (1msg-contract-2.md, section 6.1). */
const TEXTS: ReadonlyArray<(source: Source) => string> = [
	({ error_user_msg }) => textOf(error_user_msg),
	({ error_data }) => textOf(fieldsOf(error_data)?.details),
	({ details }) => textOf(details),
	({ message }) => textOf(message),
	({ error }) => textOf(error),
	({ description }) => textOf(description),
	({ error_user_title }) => textOf(error_user_title),
	({ title }) => textOf(title),
	({ code }) => (isNumber(code) ? '' : textOf(code)),
];

/**
 * Code and texts of a refusal, wherever they stand in an answer: in `error`, `errors`, `response.error`, `detail.error`, at the top,
 * or as JSON inside a text such as `400 - {...}` (1msg-contract-2.md, section 6.1). Empty if the answer tells of no error.
 */
export function cluesIn(answer: unknown): ErrorClues {
	const body = typeof answer === 'string' ? { error: answer } : fieldsOf(answer);
	if (!body) return { code: null, texts: [] };
	const sources = sourcesOf(body, MAX_DEPTH);
	const codes = sources.flatMap(({ source, isTop }) => [source.code, source.error_code].filter((code) => isNumber(code) && !(isTop && isAnybodys(code))));
	const texts = TEXTS.flatMap((textIn) => sources.map(({ source }) => textIn(source))).filter((text) => text.trim() !== '');
	const code = codes.length > 0 ? textOf(codes[0]).trim() : null;
	const own = [...new Set(texts.filter((text) => embedded(text) === undefined))];
	return { code, texts: code === null && own.length === 0 ? texts : own };
}

/** Every object that may say something, in order of trust; `isTop` for an answer itself. */
function sourcesOf(body: Source, depth: number): Array<{ source: Source; isTop: boolean }> {
	const errors = [body.error, body.errors, fieldsOf(body.response)?.error, fieldsOf(body.detail)?.error];
	const wrapped = errors.flatMap((given) => {
		const error: unknown = Array.isArray(given) ? given[0] : given;
		const source = fieldsOf(error) ?? (textOf(error) === '' ? undefined : { error });
		return source ? [{ source, isTop: false }] : [];
	});
	const sources = [...wrapped, { source: body, isTop: true }];
	if (depth === 0) return sources;
	return sources.flatMap((one) => [
		...TEXTS.flatMap((textIn) => {
			const inside = embedded(textIn(one.source));
			return inside ? sourcesOf(inside, depth - 1) : [];
		}),
		one,
	]);
}

/** What may stand before JSON: nothing, or an HTTP status. A text that quotes a customer's text has other words. */
const BEFORE_JSON = /^\s*(?:[1-5]\d\d\b[^"'`]*|[^"'`]*\b(?:http|status)(?: code)?[ :=]*[1-5]\d\d\b[^"'`]*)?$/i;

/** The JSON object that a text consists of, or ends with. */
function embedded(text: string): Source | undefined {
	const start = text.indexOf('{');
	if (start < 0 || text.length > MAX_LENGTH || !BEFORE_JSON.test(text.slice(0, start))) return undefined;
	return fieldsOf(parseJson(text.slice(start)));
}

function isNumber(code: unknown): boolean {
	return /^\s*\d{1,9}\s*$/.test(textOf(code));
}

/** A top-level code of one or two digits, or from 200 to 299, may be the provider's own or an HTTP status. */
function isAnybodys(code: unknown): boolean {
	return /^\s*(?:\d{1,2}|2\d\d)\s*$/.test(textOf(code));
}
