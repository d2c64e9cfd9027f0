import { checkButtons } from './buttons.mts';
import { filledText } from './text.mts';
import { locationOf, mediaOf, productOf } from './value.mts';
import { type JsonObject, listOf, objectOf } from '../json.mts';
import type { Shown } from '../state/messages.mts';
import { refuse } from './refusal.mts';
import type { PartsDefinition, TemplateDefinition } from './template-definition.mts';

/** Maximum length of a body with other parts, and of one on its own (section 3). */
const MAX_BODY_LENGTH = 1024;
const MAX_LONE_BODY_LENGTH = 32_768;

/** A send's components, by kind. */
interface SentParts {
	single: Map<string, JsonObject>;
	buttons: JsonObject[];
}

/**
 * Checks `params` of a send against the template (1msg-api.md section 2.2) and returns what the customer sees.
 * Throws a Refusal with WhatsApp's code.
 */
export function validateParams(template: TemplateDefinition, params: unknown): Shown {
	if (params !== undefined && params !== null && !listOf(params)) refuse(100, 'params must be an array of components');
	return checkParts(template, template.named, listOf(params) ?? [], '');
}

function checkParts(parts: PartsDefinition, named: boolean, components: unknown[], prefix: string): Shown {
	const sent = sortComponents(components, prefix === '' ? TEMPLATE_KINDS : CARD_KINDS, prefix);
	const header = checkHeader(parts.header, named, sent.single.get('header'), `${prefix}header`);
	const text = filledText(parts.body ?? '', named, parametersOf(sent.single.get('body')), `${prefix}body`);
	const isAlone = prefix === '' && !parts.header && parts.footer === undefined && parts.buttons.length === 0 && !parts.cards && !parts.limitedTimeOffer;
	const maxLength = isAlone ? MAX_LONE_BODY_LENGTH : MAX_BODY_LENGTH;
	if (text.length > maxLength) refuse(132005, `${prefix}body: ${text.length} characters, at most ${maxLength} are allowed`);
	checkOffer(parts.limitedTimeOffer, sent.single.get('limited_time_offer'));
	const buttons = checkButtons(parts.buttons, sent.buttons, `${prefix}buttons`);
	const cards = checkCards(parts.cards, named, sent.single.get('carousel'));
	return {
		text,
		...(header !== undefined && { header }),
		...(parts.footer !== undefined && { footer: parts.footer }),
		buttons,
		...(cards && { cards }),
	};
}

const CARD_KINDS = ['header', 'body'];
const TEMPLATE_KINDS = [...CARD_KINDS, 'limited_time_offer', 'carousel'];

function sortComponents(components: unknown[], kinds: string[], prefix: string): SentParts {
	const sent: SentParts = { single: new Map(), buttons: [] };
	for (const item of components) {
		const component = objectOf(item) ?? {};
		const type = String(component.type);
		if (type === 'button') sent.buttons.push(component);
		else if (!kinds.includes(type)) refuse(100, `${prefix}component type ${type} is not known`);
		else if (sent.single.has(type)) refuse(100, `${prefix}component ${type} is there twice`);
		else sent.single.set(type, component);
	}
	return sent;
}

function checkHeader(header: PartsDefinition['header'], named: boolean, component: JsonObject | undefined, where: string): string | undefined {
	const parameters = parametersOf(component);
	if (!header || header.format === 'TEXT') {
		const [first] = parameters;
		if (header && first && first.type !== 'text') refuse(132012, `${where}: Format mismatch, expected TEXT, received ${String(first.type).toUpperCase()}`);
		return header ? filledText(header.text, named, parameters, where) : filledText('', named, parameters, where) || undefined;
	}
	const [parameter] = parameters;
	if (!parameter) refuse(132012, `${where}: Format mismatch, expected ${header.format}, received UNKNOWN`);
	if (parameters.length > 1) refuse(132000, `${where}: one parameter is expected, received ${parameters.length}`);
	if (header.format === 'PRODUCT') return productOf(parameter, where);
	return header.format === 'LOCATION' ? locationOf(parameter, where) : mediaOf(parameter, header.format, where);
}

function checkOffer(expected: boolean, component: JsonObject | undefined): void {
	const where = 'limited_time_offer';
	if (!expected && component) refuse(132012, `${where}: the template has no offer that expires`);
	if (!expected) return;
	const [parameter] = parametersOf(component);
	if (parameter?.type !== where) refuse(132012, `${where}: the template needs an expiration time`);
	const expires = objectOf(parameter[where])?.expiration_time_ms;
	if (expires === undefined) refuse(131008, `${where}: expiration_time_ms is missing`);
	if (typeof expires !== 'number' || expires <= Date.now()) refuse(131009, `${where}: expiration_time_ms is not a time to come`);
}

function checkCards(cards: PartsDefinition[] | undefined, named: boolean, component: JsonObject | undefined): Shown[] | undefined {
	if (!cards && component) refuse(132012, 'carousel: the template has no cards');
	if (!cards) return undefined;
	const sent = (listOf(component?.cards) ?? []).map((card) => objectOf(card) ?? {});
	if (sent.length !== cards.length) refuse(132012, `carousel: ${cards.length} cards expected, received ${sent.length}`);
	return cards.map((card, index) => {
		const match = sent.find((candidate) => candidate.card_index === index);
		if (!match) refuse(132012, `carousel: no card has card_index ${index}`);
		return checkParts(card, named, listOf(match.components) ?? [], `card ${index}: `);
	});
}

function parametersOf(component: JsonObject | undefined): JsonObject[] {
	return (listOf(component?.parameters) ?? []).map((parameter) => objectOf(parameter) ?? {});
}
