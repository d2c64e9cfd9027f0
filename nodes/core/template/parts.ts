import { memoize } from '../memoize';
import { foundBeforeSending, err, ok, type Problem, type Result } from '../problem';
import { buttonPart } from './button';
import type { TemplateComponent } from './definition';
import { headerPart } from './header';
import type { Template } from './list';
import { field, fixedPart, type FieldValues, type PartScope, type TemplatePart } from './part';
import { placeholders } from './placeholders';
import { MAX_BODY_LENGTH, MAX_BODY_ONLY_LENGTH, textPart } from './textPart';

/** The order in which WhatsApp shows the parts. */
const SHOWN_ORDER = ['HEADER', 'LIMITED_TIME_OFFER', 'BODY', 'FOOTER', 'BUTTONS', 'CAROUSEL'];

/**
 * The whole template as one part, in the order WhatsApp shows it; memoized per template.
 * Gives `template-unreadable` if its components could not be read, `template-not-supported` if a part cannot be filled.
 */
export const describeTemplate = memoize((template: Template) => (template.componentsKnown ? describe(template) : err<TemplatePart>(unreadable(template))));

function describe(template: Template): Result<TemplatePart> {
	const components = template.components.map((part) => withPassword(template, part));
	const texts = [...components, ...components.flatMap(({ cards }) => cards.flat())];
	const body = components.find(({ type }) => type === 'BODY');
	const scope: PartScope = {
		idPrefix: '',
		labelPrefix: '',
		named: template.named || texts.some(({ text }) => placeholders(text).some((token) => !/^\d+$/.test(token))),
		passwordField: template.category === 'AUTHENTICATION' ? `body_${placeholders(body?.text ?? '')[0] ?? '1'}` : '',
	};
	const unsupported: string[] = [];
	const whole = joinParts(components, scope, unsupported);
	return unsupported.length === 0 ? ok(whole) : err(notSupported(template, unsupported));
}

/** WhatsApp writes the text of authentication templates and may omit it from the list; the password is always required. */
function withPassword(template: Template, part: TemplateComponent): TemplateComponent {
	return template.category === 'AUTHENTICATION' && part.type === 'BODY' && part.text.trim() === '' ? { ...part, text: '{{1}}' } : part;
}

function joinParts(components: readonly TemplateComponent[], scope: PartScope, unsupported: string[]): TemplatePart {
	const known = SHOWN_ORDER.flatMap((type) => components.filter((part) => part.type === type));
	const ordered = [...known, ...components.filter(({ type }) => !SHOWN_ORDER.includes(type))];
	const maxBodyLength = components.length === 1 && scope.idPrefix === '' ? MAX_BODY_ONLY_LENGTH : MAX_BODY_LENGTH;
	return joined(ordered.map((part) => partOf(part, scope, maxBodyLength, unsupported)), '\n\n');
}

function partOf(part: TemplateComponent, scope: PartScope, maxBodyLength: number, unsupported: string[]): TemplatePart {
	const give = (made: TemplatePart | null, words: string) => {
		if (!made) unsupported.push(`${scope.labelPrefix}${words}`);
		return made ?? fixedPart('');
	};
	if (part.opaque) return give(null, `part of type ${part.type}`);
	switch (part.type) {
		case 'HEADER':
			return give(headerPart(part, scope), `header of format ${part.format}`);
		case 'BODY':
			return textPart(part, 'body', maxBodyLength, scope);
		case 'BUTTONS':
			return joined(part.buttons.map((button, index) => give(buttonPart(button, index, scope), `button "${button.text}" of type ${button.type}`)), ' ');
		case 'LIMITED_TIME_OFFER':
			return part.expires ? offerPart(part.text) : fixedPart(part.text);
		case 'CAROUSEL':
			return carouselPart(part.cards, scope, unsupported);
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

function carouselPart(cards: readonly TemplateComponent[][], scope: PartScope, unsupported: string[]): TemplatePart {
	const parts = cards.map((card, index) => joinParts(card, { ...scope, idPrefix: `card_${index}_`, labelPrefix: `Card ${index + 1} ` }, unsupported));
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
		message: `The channel's list does not show the parts of the template "${template.name}" (${template.language})`,
		description: 'Look at the template in the 1MSG dashboard, or choose another one.',
		action: 'fixTemplate',
	});
}

function notSupported(template: Template, parts: readonly string[]): Problem {
	return foundBeforeSending({
		code: 'template-not-supported',
		message: `The template "${template.name}" (${template.language}) has parts that this node does not support: ${parts.join('; ')}`,
		description: "Choose another template, or send this one with n8n's HTTP Request node and the credential of this node.",
		action: 'fixTemplate',
	});
}
