import { foundBeforeSending, type Problem } from '../problem';
import type { TemplateComponent } from './definition';
import { field, type FieldValues, type PartScope, type TemplateField, type TemplatePart } from './part';
import { placeholders, sentenceOf, substitute } from './placeholders';

/** WhatsApp's limits after substitution, in characters (1msg-api.md, section 3). */
export const MAX_HEADER_LENGTH = 60;
export const MAX_BODY_LENGTH = 1024;
/** For a template without other parts. */
export const MAX_BODY_ONLY_LENGTH = 32_768;

/** A body or a text header: one field per variable, one component. */
export function textPart(part: TemplateComponent, kind: 'body' | 'header', maxLength: number, scope: PartScope): TemplatePart {
	const tokens = placeholders(part.text);
	const word = kind === 'body' ? 'Text' : 'Header';
	const idOf = (token: string) => `${scope.idPrefix}${kind}_${token}`;
	const fields = tokens.map((token) =>
		field({
			id: idOf(token),
			label: `${scope.labelPrefix}${word} {{${token}}}`,
			hint: hintOf(part.text, token, scope),
			example: part.examples.get(token) ?? '',
		}),
	);
	const shown = (values: FieldValues) => substitute(part.text, (token) => values.get(idOf(token)) ?? `{{${token}}}`);
	const parameter = (token: string, values: FieldValues) => ({
		type: 'text',
		...(scope.named ? { parameter_name: token } : {}),
		text: values.get(idOf(token)) ?? '',
	});
	return {
		fields,
		shown,
		components: (values) => (tokens.length === 0 ? [] : [{ type: kind, parameters: tokens.map((token) => parameter(token, values)) }]),
		check(values) {
			const { length } = shown(values);
			return length <= maxLength || fields.length === 0 ? null : tooLong(word.toLowerCase(), length, maxLength, fields, values);
		},
	};
}

/** A body without words is that of an authentication template whose text the list leaves out (parts.ts). */
function hintOf(text: string, token: string, { passwordField }: PartScope): string {
	const isWordless = passwordField !== '' && text === `{{${token}}}`;
	return isWordless ? 'The one-time password; WhatsApp writes the text around it' : sentenceOf(text, token);
}

function tooLong(word: string, length: number, maxLength: number, fields: readonly TemplateField[], values: FieldValues): Problem {
	const size = ({ id }: TemplateField) => values.get(id)?.length ?? 0;
	const largest = fields.reduce((a, b) => (size(b) > size(a) ? b : a));
	return foundBeforeSending({
		code: 'text-too-long',
		message: `With these values the ${word} has ${length} characters; WhatsApp allows ${maxLength}`,
		description: `Shorten ${largest.label}, which is the longest value (${size(largest)} characters). It appears in: ${largest.hint}`,
	});
}
