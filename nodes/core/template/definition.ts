import { z } from 'zod';
import { parseJson } from '../json';

/** One part of a template's definition; type and format in upper case. */
export interface TemplateComponent {
	type: string;
	format: string;
	text: string;
	buttons: TemplateButton[];
	/** The cards of a carousel, each with its own parts. */
	cards: TemplateComponent[][];
	/** The author's samples, by token. */
	examples: ReadonlyMap<string, string>;
	/** A limited-time offer that requires an end time. */
	expires: boolean;
	/** It has variables or cards that we cannot read. */
	opaque: boolean;
}

export interface TemplateButton {
	type: string;
	text: string;
	url: string;
	example: string;
	opaque: boolean;
}

/** A string or number as a string; empty for anything else. Faster than a union: a list has tens of thousands of them. */
export const quickText = z.unknown().transform((value) => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''));

/** A keyword of a definition, in upper case. */
export const upperText = z.unknown().transform((value) => (typeof value === 'string' ? value.trim().toUpperCase() : ''));

const NO_EXAMPLES: ReadonlyMap<string, string> = new Map();
const textList = z.array(quickText).catch([]);
const namedList = z.array(z.object({ param_name: quickText, example: quickText })).catch([]);
const example = z
	.object({
		header_text: textList.optional(),
		body_text: z.array(z.unknown()).transform((rows) => textList.parse(Array.isArray(rows[0]) ? rows[0] : rows)).optional().catch([]),
		header_text_named_params: namedList.optional(),
		body_text_named_params: namedList.optional(),
	})
	.transform((given): ReadonlyMap<string, string> => {
		const numbered = (given.body_text ?? given.header_text ?? []).map((text, index): [string, string] => [String(index + 1), text]);
		const named = given.body_text_named_params ?? given.header_text_named_params ?? [];
		return new Map([...numbered, ...named.map((entry): [string, string] => [entry.param_name, entry.example])]);
	})
	.optional()
	.catch(undefined)
	.transform((examples) => examples ?? NO_EXAMPLES);

const KNOWN_BUTTONS = new Set(['URL', 'OTP', 'QUICK_REPLY', 'COPY_CODE', 'COUPON_CODE', 'CATALOG', 'FLOW', 'ORDER_DETAILS', 'MPM', 'PHONE_NUMBER', 'VOICE_CALL']);
const button = z
	.object({ type: upperText, text: quickText, url: quickText, example: z.unknown().transform((given) => quickText.parse(Array.isArray(given) ? given[0] : given)) })
	.transform((given): Omit<TemplateButton, 'opaque'> => ({ ...given, type: given.type.includes('URL') ? 'URL' : given.type }));

const headerFormat = z.object({ format: upperText, type: upperText }).optional().catch(undefined);

/** The schema of each kind of part; of any other kind only the text is read. */
const KINDS: Record<string, z.ZodType<Partial<TemplateComponent>, z.ZodTypeDef, unknown>> = {
	HEADER: z
		.object({ format: upperText, subType: upperText, header: headerFormat, text: quickText, example })
		.transform(({ format, subType, header, text, example: examples }) => ({ text, examples, format: format || subType || header?.format || header?.type || '' })),
	BODY: z.object({ text: quickText, example }).transform(({ text, example: examples }) => ({ text, examples })),
	FOOTER: z.object({ text: quickText }),
	BUTTONS: z.object({ buttons: z.array(z.unknown().transform(readButton)).catch([]) }),
	LIMITED_TIME_OFFER: z
		.object({ text: quickText, limited_time_offer: z.object({ text: quickText, has_expiration: z.unknown() }).optional().catch(undefined) })
		.transform(({ text, limited_time_offer: offer }) => ({ text: text || (offer?.text ?? ''), expires: offer?.has_expiration === true })),
	CAROUSEL: z.object({ cards: z.unknown(), card_components: z.unknown() }).transform((part) => {
		const given = Array.isArray(part.cards) ? part.cards : part.card_components;
		const cards = Array.isArray(given) ? given.map(readCard) : [];
		return { cards: cards.flatMap((card) => (card ? [card] : [])), opaque: cards.length === 0 || cards.includes(null) };
	}),
};
const OTHER = z.object({ text: quickText });
const typed = z.object({ type: upperText });

/** Reads the parts of a template from a list or JSON; null if unreadable (1msg-api.md, section 3). */
export function readComponents(given: unknown): TemplateComponent[] | null {
	const list = typeof given === 'string' ? parseJson(given) : given;
	if (!Array.isArray(list)) return null;
	const read = list.map(readComponent);
	return read.includes(null) ? null : read.flatMap((part) => part ?? []);
}

function readComponent(given: unknown): TemplateComponent | null {
	const type = typed.safeParse(given).data?.type;
	if (type === undefined) return null;
	const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
	const read: Partial<TemplateComponent> = (kind ?? OTHER).safeParse(given).data ?? {};
	return { type, format: '', text: '', buttons: [], cards: [], examples: NO_EXAMPLES, expires: false, opaque: !kind && hasVariables(given), ...read };
}

function readButton(given: unknown): TemplateButton {
	const read = button.safeParse(given).data ?? { type: '', text: '', url: '', example: '' };
	return { ...read, opaque: !KNOWN_BUTTONS.has(read.type) && hasVariables(given) };
}

const word = z.union([z.string().transform((text) => ({ format: text, text })), z.record(z.unknown())]).nullish().catch(null);
const cardShape = z.object({ components: z.unknown(), header: word, body: word, buttons: z.array(z.unknown()).nullish().catch(null) });

/** A card has its parts in a list or flat, as `header`, `body` and `buttons`. */
function readCard(given: unknown): TemplateComponent[] | null {
	const card = cardShape.safeParse(given).data;
	if (!card) return null;
	if (card.components !== undefined && card.components !== null) return readComponents(card.components);
	const flat = [
		card.header && { ...card.header, type: 'HEADER' },
		card.body && { ...card.body, type: 'BODY' },
		card.buttons && { type: 'BUTTONS', buttons: card.buttons },
	].filter((part) => part !== null && part !== undefined);
	return flat.length === 0 ? null : readComponents(flat);
}

function hasVariables(part: unknown): boolean {
	return JSON.stringify(part, (key, value: unknown) => (key === 'example' ? undefined : value)).includes('{{');
}
