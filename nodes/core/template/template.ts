import { err, ok, type Result } from '../problem';
import type { Template } from './list';
import type { FieldValues, SentComponent, TemplateField } from './part';
import { describeTemplate } from './parts';
import type { Clock } from './timeValue';
import { losesBreaks } from '../value';
import { readTemplateValues } from './values';

/** A filled template: the parameters to send, and the message as the customer reads it. */
export interface FilledTemplate {
	params: SentComponent[];
	text: string;
	/** See `shownTexts`. */
	shownAs: string[];
	/** Whether a value lost line breaks, tabs or runs of spaces (`readValue`). */
	isTidied: boolean;
}

/** A template's input fields, in reading order. Gives the problems of `describeTemplate`. */
export function templateFields(template: Template): Result<TemplateField[]> {
	const whole = describeTemplate(template);
	return whole.ok ? ok(whole.value.fields) : whole;
}

/**
 * Fills a template with values by field id. Gives the problems of `describeTemplate` and `readTemplateValues`,
 * and `text-too-long` if a part exceeds WhatsApp's limit.
 */
export function fillTemplate(template: Template, given: Record<string, unknown>, clock: Clock): Result<FilledTemplate> {
	const whole = describeTemplate(template);
	if (!whole.ok) return whole;
	const values = readTemplateValues(template, whole.value.fields, given, clock);
	if (!values.ok) return values;
	const problem = whole.value.check(values.value);
	if (problem) return err(problem);
	const isTidied = whole.value.fields.some(({ id, kind }) => kind !== 'json' && kind !== 'moment' && losesBreaks(given[id]));
	return ok({ params: whole.value.components(values.value), text: whole.value.shown(values.value), shownAs: shownTexts(template, values.value), isTidied });
}

/**
 * The message as the customer reads it: header, body and footer as paragraphs, then buttons in brackets, then cards.
 * Variables without a value are kept; for a template that cannot be described, only the body text.
 */
export function renderTemplate(template: Template, values: FieldValues = new Map()): string {
	const whole = describeTemplate(template);
	return whole.ok ? whole.value.shown(values) : (template.components.find(({ type }) => type === 'BODY')?.text ?? '');
}

/** How a history may show the filled template: the whole message, or only its body (1msg-api.md, section 7, does not say which). */
export function shownTexts(template: Template, values: FieldValues): string[] {
	const body = { ...template, components: template.components.filter(({ type }) => type === 'BODY') };
	return [...new Set([renderTemplate(template, values), renderTemplate(body, values)])].filter((text) => text !== '');
}
