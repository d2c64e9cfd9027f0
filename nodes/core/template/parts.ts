import { memoize } from '../memoize';
import { foundBeforeSending, err, ok, type Problem, type Result } from '../problem';
import { buttonPart } from './button';
import type { TemplateComponent } from './definition';
import { headerPart } from './header';
import type { Template } from './list';
import { field, fixedPart, type FieldValues, type Place, type TemplatePart } from './part';
import { placeholders } from './placeholders';
import { LONGEST_BODY, LONGEST_LONE_BODY, textPart } from './textPart';

/** The order in which WhatsApp shows the parts. */
const SHOWN_ORDER = ['HEADER', 'LIMITED_TIME_OFFER', 'BODY', 'FOOTER', 'BUTTONS', 'CAROUSEL'];

/**
 * The template as one part made of its parts, in the order WhatsApp shows them; read once per template.
 * Gives `template-unreadable` where its components could not be read, `template-not-supported` where a part wants what we cannot give.
 */
export const describeTemplate = memoize((template: Template) => (template.componentsKnown ? describe(template) : err<TemplatePart>(unreadable(template))));

function describe(template: Template): Result<TemplatePart> {
	const components = template.components.map((part) => withPassword(template, part));
	const texts = [...components, ...components.flatMap(({ cards }) => cards.flat())];
	const body = components.find(({ type }) => type === 'BODY');
	const place: Place = {
		id: '',
		label: '',
		named: template.named || texts.some(({ text }) => placeholders(text).some((token) => !/^\d+$/.test(token))),
		passwordField: template.category === 'AUTHENTICATION' ? `body_${placeholders(body?.text ?? '')[0] ?? '1'}` : '',
	};
	const unsupported: string[] = [];
	const whole = joinParts(components, place, unsupported);
	return unsupported.length === 0 ? ok(whole) : err(notSupported(template, unsupported));
}

/** An authentication template's text is WhatsApp's own and may be missing from the list; its password is always asked for. */
function withPassword(template: Template, part: TemplateComponent): TemplateComponent {
	return template.category === 'AUTHENTICATION' && part.type === 'BODY' && part.text === '' ? { ...part, text: '{{1}}' } : part;
}

function joinParts(components: readonly TemplateComponent[], place: Place, unsupported: string[]): TemplatePart {
	const known = SHOWN_ORDER.flatMap((type) => components.filter((part) => part.type === type));
	const ordered = [...known, ...components.filter(({ type }) => !SHOWN_ORDER.includes(type))];
	const longestBody = components.length === 1 && place.id === '' ? LONGEST_LONE_BODY : LONGEST_BODY;
	return joined(ordered.map((part) => partOf(part, place, longestBody, unsupported)), '\n\n');
}

function partOf(part: TemplateComponent, place: Place, longestBody: number, unsupported: string[]): TemplatePart {
	const give = (made: TemplatePart | null, words: string) => {
		if (!made) unsupported.push(`${place.label}${words}`);
		return made ?? fixedPart('');
	};
	if (part.opaque) return give(null, `part of type ${part.type}`);
	switch (part.type) {
		case 'HEADER':
			return give(headerPart(part, place), `header of format ${part.format}`);
		case 'BODY':
			return textPart(part, 'body', longestBody, place);
		case 'BUTTONS':
			return joined(part.buttons.map((button, index) => give(buttonPart(button, index, place), `button "${button.text}" of type ${button.type}`)), ' ');
		case 'LIMITED_TIME_OFFER':
			return part.expires ? offerPart(part.text) : fixedPart(part.text);
		case 'CAROUSEL':
			return carouselPart(part.cards, place, unsupported);
		default:
			return fixedPart(part.text);
	}
}

function offerPart(text: string): TemplatePart {
	const id = 'limited_time_offer';
	return {
		...fixedPart(text),
		fields: [field({ id, label: 'Offer Ends At', hint: 'Date and time at which the offer ends', kind: 'moment' })],
		components: (values) => [{ type: id, parameters: [{ type: id, [id]: { expiration_time_ms: Number(values.get(id)) } }] }],
	};
}

function carouselPart(cards: readonly TemplateComponent[][], place: Place, unsupported: string[]): TemplatePart {
	const parts = cards.map((card, index) => joinParts(card, { ...place, id: `card_${index}_`, label: `Card ${index + 1} ` }, unsupported));
	return {
		...joined(parts, '\n\n'),
		components: (values) => [
			{ type: 'carousel', cards: parts.map((part, index) => ({ card_index: index, components: part.components(values) })) },
		],
	};
}

function joined(parts: readonly TemplatePart[], separator: string): TemplatePart {
	return {
		fields: parts.flatMap(({ fields }) => fields),
		components: (values: FieldValues) => parts.flatMap((part) => part.components(values)),
		shown: (values) => parts.map((part) => part.shown(values)).filter((text) => text !== '').join(separator),
		check: (values) => parts.reduce<Problem | null>((found, part) => found ?? part.check(values), null),
	};
}

function unreadable(template: Template): Problem {
	return foundBeforeSending({
		code: 'template-unreadable',
		message: `The channel's list does not tell what the template "${template.name}" (${template.language}) consists of`,
		description: 'Look at the template in the 1MSG dashboard, or choose another one.',
		action: 'fixTemplate',
	});
}

function notSupported(template: Template, parts: readonly string[]): Problem {
	return foundBeforeSending({
		code: 'template-not-supported',
		message: `The template "${template.name}" (${template.language}) wants values for what this node does not know: ${parts.join('; ')}`,
		description: "Choose another template, or send this one with n8n's HTTP Request node and the credential of this node.",
		action: 'fixTemplate',
	});
}
