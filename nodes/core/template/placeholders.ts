const PLACEHOLDER = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** The distinct tokens in double braces: numbers sorted, names in order of appearance. */
export function placeholders(text: string): string[] {
	const tokens = [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1]!))];
	return tokens.every((token) => /^\d+$/.test(token)) ? tokens.sort((a, b) => Number(a) - Number(b)) : tokens;
}

/** Replaces every placeholder; values are not expanded again. */
export function substitute(text: string, valueOf: (token: string) => string): string {
	return text.replace(PLACEHOLDER, (_, token: string) => valueOf(token));
}

const SENTENCE = /[^\n]*?(?:[.!?\u3002\u061f\u0964]+(?=\s|$)|\n|$)\s*/gu;
const MAX_SENTENCE_LENGTH = 120;

/** The sentence in which a variable first appears, cut to about 120 characters; preceded by the one before if it has no words. */
export function sentenceOf(text: string, token: string): string {
	const sentences = (text.match(SENTENCE) ?? []).filter((sentence) => sentence !== '');
	const index = sentences.findIndex((sentence) => placeholders(sentence).includes(token));
	const own = sentences[index] ?? '';
	const bare = !/[\p{L}\p{N}]/u.test(own.replace(PLACEHOLDER, ''));
	return around(((bare ? (sentences[index - 1] ?? '') : '') + own).replace(/\s+/g, ' ').trim(), token);
}

function around(sentence: string, token: string): string {
	if (sentence.length <= MAX_SENTENCE_LENGTH) return sentence;
	const at = [...sentence.matchAll(PLACEHOLDER)].find((match) => match[1] === token)?.index ?? 0;
	const from = Math.max(0, Math.min(at - MAX_SENTENCE_LENGTH / 2, sentence.length - MAX_SENTENCE_LENGTH));
	const end = from + MAX_SENTENCE_LENGTH;
	const excerpt = sentence.slice(from === 0 ? 0 : sentence.indexOf(' ', from) + 1, end >= sentence.length ? undefined : sentence.lastIndexOf(' ', end));
	return `${from > 0 ? '\u2026' : ''}${excerpt}${end < sentence.length ? '\u2026' : ''}`;
}
