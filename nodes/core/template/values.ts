import { foundBeforeSending, err, ok, type Problem, type Result } from '../problem';
import type { Template } from './list';
import { isMediaId } from './header';
import type { FieldValues, TemplateField } from './part';
import { readMoment, type Clock } from './timeValue';
import { readJsonObject, readValue } from '../value';

/**
 * Validates values by field id, from the form or a workflow, against the template's fields.
 * Optional fields may be missing or empty. Gives `empty-variable`, `invalid-variable`, `text-too-long`, or
 * `variables-outdated` for an id that the template does not have; each names the field's label and where it appears.
 */
export function readTemplateValues(template: Template, fields: readonly TemplateField[], given: Record<string, unknown>, clock: Clock): Result<FieldValues> {
	const ids = new Set(fields.map(({ id }) => id));
	const unknown = Object.keys(given).find((id) => !ids.has(id) && !isBlank(given[id]));
	if (unknown !== undefined) return err(outdated(template, unknown, fields));
	const values = new Map<string, string>();
	for (const field of fields) {
		const value = Object.hasOwn(given, field.id) ? given[field.id] : undefined;
		if (isBlank(value) && !field.required) continue;
		const read = readField(field, value, clock);
		if (!read.ok) return read;
		values.set(field.id, read.value);
	}
	return ok(values);
}

function isBlank(value: unknown): boolean {
	return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

function outdated(template: Template, id: string, fields: readonly TemplateField[]): Problem {
	const has = fields.length === 0 ? 'It has no variables at all.' : `It has ${fields.map((field) => `${field.id} (${field.label})`).join(', ')}.`;
	return foundBeforeSending({
		code: 'variables-outdated',
		message: `The template "${template.name}" (${template.language}) has no variable "${id.slice(0, 100)}"`,
		description: `The template is not the one this node was set up with. Open the node, refresh the Variables and fill them in again. ${has}`,
		action: 'fixTemplate',
	});
}

const MAX_CODE_LENGTH = 20;

function readField(field: TemplateField, given: unknown, clock: Clock): Result<string> {
	if (field.kind === 'moment') return readMomentField(field, given, clock);
	if (field.kind === 'json' && !isBlank(given)) return readJson(field, typeof given === 'string' ? given : JSON.stringify(given));
	const value = readValue(given, field.label, field.hint);
	if (!value.ok) return value;
	switch (field.kind) {
		case 'media':
			return readMedia(field, value.value, given);
		case 'linkEnding':
			return ok(linkEnding(field, value.value));
		case 'code':
			return value.value.length <= MAX_CODE_LENGTH ? value : bad(field, `has ${value.value.length} characters`, `A code has at most ${MAX_CODE_LENGTH}.`);
		case 'latitude':
			return isBetween(value.value, 90) ? value : bad(field, 'is not a latitude', 'Give degrees from -90 to 90, with a decimal point.');
		case 'longitude':
			return isBetween(value.value, 180) ? value : bad(field, 'is not a longitude', 'Give degrees from -180 to 180, with a decimal point.');
		default:
			return value;
	}
}

function bad(field: TemplateField, what: string, advice: string): Result<string> {
	return err(foundBeforeSending({ code: 'invalid-variable', message: `${field.label} ${what}`, description: `${advice} It appears in: ${field.hint}` }));
}

function readMedia(field: TemplateField, text: string, given: unknown): Result<string> {
	// A rounded ID could be another file's.
	if (typeof given === 'number' && !Number.isSafeInteger(given)) return bad(field, 'is a number with too many digits to be exact', 'Give the media ID as a text.');
	if (isMediaId(text) || isWebLink(text)) return ok(text);
	return bad(field, 'is neither a link that WhatsApp can open nor a media ID', 'Give a public address that starts with https://, or the digits that uploadMedia returned.');
}

function isWebLink(text: string): boolean {
	return /^https?:\/\/[^\s/]+\.[^\s/]+(?:\/\S*)?$/i.test(text) && URL.canParse(text);
}

/** Users paste the whole link, and a space would end it. */
function linkEnding(field: TemplateField, text: string): string {
	const ending = field.startsWith !== '' && text.startsWith(field.startsWith) && text !== field.startsWith ? text.slice(field.startsWith.length) : text;
	return ending.replace(/\s/g, '%20');
}

function isBetween(text: string, limit: number): boolean {
	return /^[+-]?\d+(?:\.\d+)?$/.test(text) && Math.abs(Number(text)) <= limit;
}

function readJson(field: TemplateField, text: string): Result<string> {
	return readJsonObject(text) ? ok(text) : bad(field, 'is not a JSON object', 'Give an object in braces, such as {"key": "value"}.');
}

function readMomentField(field: TemplateField, given: unknown, clock: Clock): Result<string> {
	const time = readMoment(given, clock.timeZone);
	if (time === null) return bad(field, isBlank(given) ? 'is empty' : 'is not a date and time', 'Give it as in 2026-12-24T18:00:00+01:00.');
	if (time <= clock.now) return bad(field, 'is in the past', 'Give a future time.');
	return ok(String(time));
}
