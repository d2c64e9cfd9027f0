import { foundBeforeSending, no, ok, type Result } from './problem';

const LONGEST_VALUE = 32_768;

/**
 * A template variable's value as text: trimmed, with line breaks, tabs and runs of more than four spaces
 * collapsed to one space, since WhatsApp refuses them (1msg-api.md, section 3). Numbers are accepted.
 * Gives `empty-variable` for nothing, null and blanks (invisible characters too), `invalid-variable` for anything
 * that is no text; both name the field by its label.
 */
export function readValue(given: unknown, label: string): Result<string> {
	if (given === null || given === undefined) return empty(label);
	if (typeof given === 'number' ? !Number.isFinite(given) : typeof given !== 'string') return notText(label, given);
	const text = tidy(String(given));
	if (text.includes('[object Object]')) return notText(label, {});
	if (text.replace(/[\s\p{Cf}\u115f\u1160\u3164\uffa0\u2800]/gu, '') === '') return empty(label);
	if (text.length > LONGEST_VALUE) {
		return no(
			foundBeforeSending({
				code: 'text-too-long',
				message: `${label} has ${text.length} characters, more than any WhatsApp message takes`,
				description: `Shorten ${label}.`,
			}),
		);
	}
	return ok(text);
}

/** Collapses what WhatsApp refuses inside a value. */
function tidy(text: string): string {
	return text
		.replace(/[\r\n\t\v\f\u0085\u2028\u2029]+/g, ' ')
		.replace(/ {5,}/g, ' ')
		.trim();
}

function empty(label: string): Result<string> {
	return no(
		foundBeforeSending({
			code: 'empty-variable',
			message: `${label} is empty`,
			description: `WhatsApp takes no empty variable: give ${label} a value, or check the expression that should fill it.`,
		}),
	);
}

function notText(label: string, given: unknown): Result<string> {
	const kind = Array.isArray(given) ? 'a list' : typeof given === 'object' ? 'an object' : `a ${typeof given}`;
	return no(
		foundBeforeSending({
			code: 'invalid-variable',
			message: `${label} is ${kind}, not a text`,
			description: `Point the expression of ${label} at a single text or number field.`,
		}),
	);
}
