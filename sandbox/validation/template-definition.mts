import { type JsonObject, listOf, objectOf, parsedJson, textOf } from '../json.mts';

/** A template's button. `dynamic` if its URL ends in a variable. */
export interface ButtonDefinition {
	type: string;
	text: string;
	url?: string;
	dynamic: boolean;
}

/** Parts of a template, or of a carousel card, that a send is validated against. */
export interface PartsDefinition {
	header?: { format: string; text: string };
	body?: string;
	footer?: string;
	buttons: ButtonDefinition[];
	limitedTimeOffer: boolean;
	cards?: PartsDefinition[];
}

/** A parsed row of the template list. */
export interface TemplateDefinition extends PartsDefinition {
	name: string;
	language: string;
	category: string;
	status: string;
	namespace?: string;
	named: boolean;
}

/** Distinct variables of a text, in order of appearance: `1`, `2`, or names. */
export function variablesOf(text: string): string[] {
	return [...new Set([...text.matchAll(/\{\{\s*([^{}]+?)\s*\}\}/g)].map((match) => match[1] ?? ''))];
}

/** Parses a row of GET /templates; tolerates every quirk of the list (1msg-api.md section 3). */
export function readTemplate(row: JsonObject): TemplateDefinition {
	const parts = readParts(componentsOf(row));
	const category = (textOf(row.category) ?? 'MARKETING').toUpperCase();
	// WhatsApp writes the text of a one-time password; a list may leave it out.
	if (category === 'AUTHENTICATION' && parts.body === '') parts.body = '*{{1}}* is your verification code.';
	const variables = [...variablesOf(parts.body ?? ''), ...variablesOf(parts.header?.text ?? '')];
	return {
		...parts,
		name: textOf(row.name) ?? '',
		language: languageOf(row),
		category,
		status: (textOf(row.status) ?? '').toLowerCase(),
		namespace: textOf(row.namespace),
		named: row.parameter_format === 'NAMED' || variables.some((name) => !/^\d+$/.test(name)),
	};
}

/** A row's language code, whether a string or an object with a code. */
export function languageOf(row: JsonObject): string {
	return textOf(row.language) ?? textOf(objectOf(row.language)?.code) ?? '';
}

function componentsOf(row: JsonObject): JsonObject[] {
	const components = typeof row.components === 'string' ? parsedJson(row.components) : row.components;
	return (listOf(components) ?? []).map((component) => objectOf(component) ?? {});
}

function readParts(components: JsonObject[]): PartsDefinition {
	const parts: PartsDefinition = { buttons: [], limitedTimeOffer: false };
	for (const component of components) {
		const text = textOf(component.text) ?? '';
		switch (textOf(component.type)?.toUpperCase()) {
			case 'HEADER':
				parts.header = { format: (textOf(component.format) ?? 'TEXT').toUpperCase(), text };
				break;
			case 'BODY':
				parts.body = text;
				break;
			case 'FOOTER':
				parts.footer = text;
				break;
			case 'BUTTONS':
				parts.buttons = (listOf(component.buttons) ?? []).map((button) => readButton(objectOf(button) ?? {}));
				break;
			case 'LIMITED_TIME_OFFER':
				parts.limitedTimeOffer = objectOf(component.limited_time_offer)?.has_expiration === true;
				break;
			case 'CAROUSEL':
				parts.cards = (listOf(component.cards) ?? []).map((card) => readParts(componentsOf(objectOf(card) ?? {})));
				break;
		}
	}
	return parts;
}

function readButton(button: JsonObject): ButtonDefinition {
	const url = textOf(button.url);
	const type = (textOf(button.type) ?? '').toUpperCase();
	return { type, text: textOf(button.text) ?? '', url, dynamic: type === 'OTP' || variablesOf(url ?? '').length > 0 };
}
