import { foundBeforeSending, type Problem } from '../problem';
import type { TemplateComponent } from './definition';
import { field, type FieldValues, type Place, type TemplateField, type TemplatePart } from './part';
import { placeholders, sentenceOf, substitute } from './placeholders';

/** WhatsApp's limits after substitution, in characters (1msg-api.md, section 3). */
export const LONGEST_HEADER = 60;
export const LONGEST_BODY = 1024;
/** For a template that consists of its body only. */
export const LONGEST_LONE_BODY = 32_768;

/** A body or a text header: one field for each of its variables, one component of texts. */
export function textPart(part: TemplateComponent, kind: 'body' | 'header', longest: number, place: Place): TemplatePart {
	const tokens = placeholders(part.text);
	const word = kind === 'body' ? 'Text' : 'Header';
	const idOf = (token: string) => `${place.id}${kind}_${token}`;
	const fields = tokens.map((token) =>
		field({
			id: idOf(token),
			label: `${place.label}${word} {{${token}}}`,
			hint: sentenceOf(part.text, token),
			example: part.examples.get(token) ?? '',
		}),
	);
	const shown = (values: FieldValues) => substitute(part.text, (token) => values.get(idOf(token)) ?? `{{${token}}}`);
	const parameter = (token: string, values: FieldValues) => ({
		type: 'text',
		...(place.named ? { parameter_name: token } : {}),
		text: values.get(idOf(token)) ?? '',
	});
	return {
		fields,
		shown,
		components: (values) => (tokens.length === 0 ? [] : [{ type: kind, parameters: tokens.map((token) => parameter(token, values)) }]),
		check(values) {
			const { length } = shown(values);
			return length <= longest || fields.length === 0 ? null : tooLong(word.toLowerCase(), length, longest, fields, values);
		},
	};
}

function tooLong(word: string, length: number, longest: number, fields: readonly TemplateField[], values: FieldValues): Problem {
	const size = ({ id }: TemplateField) => values.get(id)?.length ?? 0;
	const largest = fields.reduce((a, b) => (size(b) > size(a) ? b : a));
	return foundBeforeSending({
		code: 'text-too-long',
		message: `With these values the ${word} has ${length} characters, WhatsApp takes ${longest}`,
		description: `Shorten ${largest.label}, which is the longest value (${size(largest)} characters). It stands in: ${largest.hint}`,
	});
}
