import { foundBeforeSending, err, ok, type Result } from '../problem';
import { STOCK_ARRIVAL_FIELDS } from './stockArrival';
import { STOCK_ARRIVAL_TEXTS, stockArrivalWording } from './wording';
import { placeholders } from '../template/placeholders';
import { MAX_BODY_LENGTH } from '../template/textPart';
import { readValue } from '../value';

/** A validated stock arrival template, ready to be submitted for approval. */
export interface TemplateDraft {
	name: string;
	language: string;
	body: string;
	buttonText: string;
	buttonUrl: string;
	/** For {{1}} to {{4}}. */
	samples: string[];
}

/** The fields as given; samples by the names of STOCK_ARRIVAL_FIELDS. */
export interface DraftFields {
	templateName: unknown;
	languageCode: unknown;
	bodyText: unknown;
	buttonText: unknown;
	buttonUrl: unknown;
	sampleValues: Record<string, unknown>;
}

const MAX_NAME_LENGTH = 512;
const MAX_BUTTON_LENGTH = 25;
const MAX_URL_LENGTH = 2000;

/**
 * Reads a draft and validates it by WhatsApp's rules (1msg-api.md, section 3). An empty text, button or sample defaults to our wording for the language.
 * Gives `invalid-template-name`, `invalid-language`, `invalid-template-text`, `invalid-button` or `invalid-sample`.
 */
export function readTemplateDraft(given: DraftFields): Result<TemplateDraft> {
	const name = readName(textOf(given.templateName));
	if (!name.ok) return name;
	const language = readLanguage(textOf(given.languageCode));
	if (!language.ok) return language;
	const wording = stockArrivalWording(language.value);
	const body = readBody(textOf(given.bodyText) || (wording?.body ?? ''));
	if (!body.ok) return body;
	const buttonText = readButtonText(textOf(given.buttonText) || (wording?.button ?? ''));
	if (!buttonText.ok) return buttonText;
	const buttonUrl = readButtonUrl(textOf(given.buttonUrl));
	if (!buttonUrl.ok) return buttonUrl;
	const samples = readSamples(given.sampleValues, (wording ?? STOCK_ARRIVAL_TEXTS[0]!).samples);
	if (!samples.ok) return samples;
	return ok({ name: name.value, language: language.value, body: body.value, buttonText: buttonText.value, buttonUrl: buttonUrl.value, samples: samples.value });
}

/** The request body of `POST /addTemplate`. */
export function addTemplateBody({ name, language, body, buttonText, buttonUrl, samples }: TemplateDraft) {
	return {
		name,
		language,
		category: 'UTILITY',
		components: [
			{ type: 'BODY', text: body, example: { body_text: [samples] } },
			{ type: 'BUTTONS', buttons: [{ type: 'URL', text: buttonText, url: buttonUrl }] },
		],
	};
}

function textOf(given: unknown): string {
	return typeof given === 'string' ? given.trim() : '';
}

function bad(code: string, message: string, description: string): Result<string> {
	return err(foundBeforeSending({ code, message, description, action: 'fixTemplate' }));
}

function readName(name: string): Result<string> {
	if (/^[a-z0-9_]+$/.test(name) && name.length <= MAX_NAME_LENGTH) return ok(name);
	const proposal = name.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '').slice(0, MAX_NAME_LENGTH) || 'stock_arrival';
	return bad('invalid-template-name', name === '' ? 'The template has no name' : `"${name.slice(0, 100)}" cannot be the name of a template`, `Use at most ${MAX_NAME_LENGTH} lower-case letters, digits and underscores, such as ${proposal.slice(0, 100)}.`);
}

function readLanguage(given: string): Result<string> {
	const language = given.replace('-', '_');
	if (/^[a-z]{2,3}(?:_[A-Z]{2,3})?$/.test(language)) return ok(language);
	return bad('invalid-language', `"${given.slice(0, 50)}" is not a language code`, 'Give a code that WhatsApp knows, such as en or pt_BR.');
}

function readBody(given: string): Result<string> {
	const body = given.replace(/\{\{\s*(\d+)\s*\}\}/g, '{{$1}}');
	const flaw = bodyFlaw(body);
	return flaw === undefined ? ok(body) : bad('invalid-template-text', `The Body Text cannot be approved: ${flaw}`, 'Write a text such as: Hello, {{1}}! For order #{{2}}, item "{{3}}" is now in stock. {{4}}.');
}

function bodyFlaw(body: string): string | undefined {
	if (body === '') return 'it is empty, and there is no ready-made wording for this language';
	if (body.length > MAX_BODY_LENGTH) return `it has ${body.length} characters; WhatsApp allows ${MAX_BODY_LENGTH}`;
	if (placeholders(body).join() !== '1,2,3,4' || /[{}]/.test(body.replace(/\{\{\d\}\}/g, ''))) return 'it must have the variables {{1}} customer, {{2}} order, {{3}} product and {{4}} next step, and no others';
	if (/^\{\{|\}\}$/.test(body)) return 'it starts or ends with a variable; WhatsApp requires text or a full stop around it';
	if (/\}\}\s*\{\{/.test(body)) return 'two variables are adjacent, without text between them';
	if (/\n\s*\n\s*\n|\t| {5}/.test(body)) return 'it has empty lines in a row, tabs, or more than four spaces in a row';
	return undefined;
}

function readButtonText(text: string): Result<string> {
	const flaw =
		text === '' ? 'is empty, and there is no ready-made wording for this language'
		: text.length > MAX_BUTTON_LENGTH ? `has ${text.length} characters; WhatsApp allows ${MAX_BUTTON_LENGTH}`
		: /[{}\n\r\t*_~`]|\p{Extended_Pictographic}/u.test(text) ? 'has a variable, a line break, an emoji or formatting'
		: undefined;
	return flaw === undefined ? ok(text) : bad('invalid-button', `The Button Text ${flaw}`, 'Give a short plain label, such as Confirm shipment.');
}

function readButtonUrl(url: string): Result<string> {
	const flaw =
		!/^https:\/\/\S+$/i.test(url) || !URL.canParse(url) ? 'is not an address that starts with https://'
		: /[{}]/.test(url) ? 'has a variable, but must be the same for every customer'
		: url.length > MAX_URL_LENGTH ? `has ${url.length} characters; WhatsApp allows ${MAX_URL_LENGTH}`
		: /^https:\/\/(?:www\.)?wa\.me(?:\/|$)/i.test(url) ? 'leads to WhatsApp itself, which WhatsApp does not approve'
		: undefined;
	return flaw === undefined ? ok(url) : bad('invalid-button', `The Button URL ${flaw}`, 'Give the page where customers confirm, such as https://shop.example/confirm.');
}

function readSamples(given: Record<string, unknown>, ready: readonly string[]): Result<string[]> {
	const samples: string[] = [];
	for (const [index, { name, label }] of STOCK_ARRIVAL_FIELDS.entries()) {
		const sample = readValue(given[name] ?? ready[index], `The sample for ${label}`);
		if (!sample.ok) return err({ ...sample.problem, code: 'invalid-sample' });
		if (/[{}]/.test(sample.value)) {
			return err(foundBeforeSending({ code: 'invalid-sample', message: `The sample for ${label} has a variable in it`, description: 'Give an example of what customers will read there.' }));
		}
		samples.push(sample.value);
	}
	return ok(samples);
}
