const PLACEHOLDER = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** The distinct tokens between double braces, numbers in their order, names in order of appearance. */
export function placeholders(text: string): string[] {
	const tokens = [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1]!))];
	return tokens.every((token) => /^\d+$/.test(token)) ? tokens.sort((a, b) => Number(a) - Number(b)) : tokens;
}

/** The text with every placeholder replaced; a value is never searched for placeholders itself. */
export function substitute(text: string, valueOf: (token: string) => string): string {
	return text.replace(PLACEHOLDER, (_, token: string) => valueOf(token));
}

const SENTENCE = /[^\n]*?(?:[.!?\u3002\u061f\u0964]+(?=\s|$)|\n|$)\s*/gu;
const LONGEST_SENTENCE = 120;

/** The sentence in which a variable first stands, at most about 120 characters of it; with the one before where it has no words of its own. */
export function sentenceOf(text: string, token: string): string {
	const sentences = (text.match(SENTENCE) ?? []).filter((sentence) => sentence !== '');
	const place = sentences.findIndex((sentence) => placeholders(sentence).includes(token));
	const own = sentences[place] ?? '';
	const bare = !/[\p{L}\p{N}]/u.test(own.replace(PLACEHOLDER, ''));
	return around(((bare ? (sentences[place - 1] ?? '') : '') + own).replace(/\s+/g, ' ').trim(), token);
}

function around(sentence: string, token: string): string {
	if (sentence.length <= LONGEST_SENTENCE) return sentence;
	const at = [...sentence.matchAll(PLACEHOLDER)].find((match) => match[1] === token)?.index ?? 0;
	const from = Math.max(0, Math.min(at - LONGEST_SENTENCE / 2, sentence.length - LONGEST_SENTENCE));
	const end = from + LONGEST_SENTENCE;
	const cut = sentence.slice(from === 0 ? 0 : sentence.indexOf(' ', from) + 1, end >= sentence.length ? undefined : sentence.lastIndexOf(' ', end));
	return `${from > 0 ? '\u2026' : ''}${cut}${end < sentence.length ? '\u2026' : ''}`;
}
