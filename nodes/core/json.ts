import { z } from 'zod';

/** JSON text to a value; undefined when it is no JSON. The `__proto__` key stays a plain key, so nothing is polluted. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** A text or a number, as text; anything else counts as absent, and gives an empty text. */
export function textOf(value: unknown): string {
	return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** As `textOf`, inside a schema. */
export const looseText = z.unknown().transform(textOf);

/** A yes in any of the forms the service writes it: true, 1, or either as text; anything else is a no. */
export function isYes(value: unknown): boolean {
	return value === true || value === 1 || value === '1' || value === 'true';
}

/** As `isYes`, inside a schema. */
export const looseFlag = z.unknown().transform(isYes);

/**
 * What an entry of a hook or an answer holds, by name; undefined for what is no object. They come by ten thousands,
 * and a schema for each would take ten times as long as the rest.
 */
export function fieldsOf(entry: unknown): Record<string, unknown> | undefined {
	return typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? (entry as Record<string, unknown>) : undefined;
}

/** An error as 1MSG and Meta give it: a text, or an object with code, message and details, or a list of those. */
const graphError = z.object({
	code: z.union([z.number(), z.string()]).nullish().catch(null),
	title: looseText,
	message: looseText,
	error_user_title: looseText,
	error_user_msg: looseText,
	details: looseText,
	error_data: z.object({ details: looseText }).nullish().catch(null),
});

/** Code and texts of an error in any form; no code and no text where there is no error. */
export const errorClues = z
	.union([
		z.string().transform((text) => ({ code: null, texts: [text] })),
		graphError.transform(cluesOf),
		z.array(graphError).min(1).transform((list) => cluesOf(list[0]!)),
	])
	.nullish()
	.catch(null)
	.transform((clues) => clues ?? { code: null, texts: [] });

function cluesOf(error: z.infer<typeof graphError>) {
	const texts = [error.title, error.message, error.error_user_title, error.error_user_msg, error.details];
	return {
		code: error.code ?? null,
		texts: [...texts, error.error_data?.details ?? ''].filter((text) => text !== ''),
	};
}
