import { z } from 'zod';
import { parseJson } from './json';
import { foundBeforeSending, err, ok, type Result } from './problem';

const MAX_VALUE_LENGTH = 32_768;

/**
 * Reads a template variable's value: trimmed, with line breaks, tabs and runs of more than four spaces
 * collapsed to one space, since WhatsApp refuses them (1msg-api.md, section 3). Numbers are accepted.
 * Gives `empty-variable` for undefined, null and blanks (including invisible characters), `invalid-variable` for anything
 * but text; both name the field's label and, if given, the sentence it appears in.
 */
export function readValue(given: unknown, label: string, standsIn = ''): Result<string> {
	const where = standsIn === '' ? '' : ` It appears in: ${standsIn}`;
	if (given === null || given === undefined) return empty(label, where);
	if (typeof given === 'number' ? !Number.isFinite(given) : typeof given !== 'string') return notText(label, given, where);
	const text = tidy(String(given));
	if (text.includes('[object Object]')) return notText(label, {}, where);
	if (text.replace(/[\s\p{Cf}\u115f\u1160\u3164\uffa0\u2800]/gu, '') === '') return empty(label, where);
	if (text.length > MAX_VALUE_LENGTH) {
		return err(
			foundBeforeSending({
				code: 'text-too-long',
				message: `${label} has ${text.length} characters, more than any WhatsApp message allows`,
				description: `Shorten ${label}.${where}`,
			}),
		);
	}
	return ok(text);
}

const MAX_TEXT_LENGTH = 4096;

/**
 * Reads the text of a message without a template: trimmed, line breaks kept (1msg-api.md, section 7).
 * Gives `empty-text`, `invalid-text` or `text-too-long`.
 */
export function readFreeText(given: unknown): Result<string> {
	const text = typeof given === 'string' || typeof given === 'number' ? String(given).trim() : '';
	const isEmpty = text.replace(/[\s\p{Cf}]/gu, '') === '';
	if (!isEmpty && text.length <= MAX_TEXT_LENGTH) return ok(text);
	const isNothing = isEmpty && (typeof given === 'string' || given === null || given === undefined);
	return err(
		foundBeforeSending({
			code: isNothing ? 'empty-text' : isEmpty ? 'invalid-text' : 'text-too-long',
			message: isNothing ? 'The text is empty' : isEmpty ? 'The text must be a string or a number' : `The text has ${text.length} characters; WhatsApp allows ${MAX_TEXT_LENGTH}`,
			description: isEmpty ? 'Write the message into the Text field, or check the expression that should fill it.' : 'Shorten the text or send it in several messages.',
		}),
	);
}

const jsonObject = z.record(z.unknown());

/** Parses a JSON object to be passed on unchanged; undefined for anything else. */
export function readJsonObject(text: string): Record<string, unknown> | undefined {
	return jsonObject.safeParse(parseJson(text)).data;
}

/** Whether `readValue` collapses something inside this value. */
export function losesBreaks(given: unknown): boolean {
	return typeof given === 'string' && tidy(given) !== given.trim();
}

/** Collapses what WhatsApp refuses inside a value. */
function tidy(text: string): string {
	return text
		.replace(/[\r\n\t\v\f\u0085\u2028\u2029]+/g, ' ')
		.replace(/ {5,}/g, ' ')
		.trim();
}

function empty(label: string, where: string): Result<string> {
	return err(
		foundBeforeSending({
			code: 'empty-variable',
			message: `${label} is empty`,
			description: `WhatsApp accepts no empty variables: give ${label} a value, or check the expression that should fill it.${where}`,
		}),
	);
}

function notText(label: string, given: unknown, where: string): Result<string> {
	const kind = Array.isArray(given) ? 'a list' : typeof given === 'object' ? 'an object' : `a ${typeof given}`;
	return err(
		foundBeforeSending({
			code: 'invalid-variable',
			message: `${label} is ${kind}, not a text`,
			description: `Point the expression of ${label} at a single text or number field.${where}`,
		}),
	);
}

const YES = new Set(['true', 'yes', 'on']);
const NO = new Set(['false', 'no', 'off']);

/** Parses a boolean in any form that people and systems use (interface.md, "Yes and no"); undefined for anything else. */
export function readYesNo(value: unknown): boolean | undefined {
	if (typeof value === 'boolean') return value;
	if (value === 1 || value === 0) return value === 1;
	const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
	return YES.has(word) ? true : NO.has(word) ? false : undefined;
}

/** Undefined, null or whitespace only. */
export function isBlank(value: unknown): boolean {
	return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
