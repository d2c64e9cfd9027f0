import type { Problem } from '../problem';

/** The kind of value a field takes; each has its own check (`values.ts`). */
export type FieldKind = 'text' | 'media' | 'linkEnding' | 'code' | 'latitude' | 'longitude' | 'moment' | 'json';

/** One input field of a template. */
export interface TemplateField {
	/** `body_1`, `header_customer`, `header_media`, `header_product`, `button_0`, `card_0_button_1` ... (interface.md). */
	id: string;
	/** Title Case, unique within the template. */
	label: string;
	/** The sentence in which the value appears, or what to enter. */
	hint: string;
	/** The author's sample; empty if there is none. */
	example: string;
	kind: FieldKind;
	/** WhatsApp refuses the message without it. */
	required: boolean;
	/** Rarely needed: forms may hide it at first. */
	rare: boolean;
	/** For a link ending: the start of the link. */
	startsWith: string;
}

/** Validated values by field id, without empty optional fields. */
export type FieldValues = ReadonlyMap<string, string>;

/** An element of `params` (1msg-api.md, section 2.2). */
export interface SentComponent {
	type: string;
	sub_type?: string;
	/** Zero-based index among all buttons. */
	index?: number;
	parameters?: object[];
	cards?: object[];
}

/**
 * One part of a template: its input fields, what is sent for it and what the customer reads.
 * Built together, so that form and request cannot differ.
 */
export interface TemplatePart {
	fields: TemplateField[];
	/** The components to send; several for buttons, none for a part without variables. */
	components: (values: FieldValues) => SentComponent[];
	/** What the customer reads, empty for a picture; variables without a value are kept. */
	shown: (values: FieldValues) => string;
	/** A problem that no single value shows. */
	check: (values: FieldValues) => Problem | null;
}

/** Where a part belongs: to the template itself or to a card of its carousel. */
export interface PartScope {
	/** Empty, or `card_0_`. */
	idPrefix: string;
	/** Empty, or `Card 1 `. */
	labelPrefix: string;
	/** The template's variables are named. */
	named: boolean;
	/** The field with the one-time password of an authentication template; empty for other templates. */
	passwordField: string;
}

/** A field with defaults. */
export function field(given: Pick<TemplateField, 'id' | 'label' | 'hint'> & Partial<TemplateField>): TemplateField {
	return { example: '', kind: 'text', required: true, rare: false, startsWith: '', ...given };
}

/** A part without variables. */
export function fixedPart(text: string): TemplatePart {
	return { fields: [], components: () => [], shown: () => text, check: () => null };
}
