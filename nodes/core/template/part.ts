import type { Problem } from '../problem';

/** What kind of value a field takes; each kind has its own check (`templateValues.ts`). */
export type FieldKind = 'text' | 'mediaLink' | 'linkEnding' | 'code' | 'latitude' | 'longitude' | 'moment' | 'json';

/** One box of the form that a template needs filled. */
export interface TemplateField {
	/** `body_1`, `header_customer`, `header_media`, `button_0`, `card_0_button_1` ... (interface.md). */
	id: string;
	/** Title Case, unique within the template. */
	label: string;
	/** The sentence the value stands in, or what to give. */
	hint: string;
	/** The sample that the template's author gave; empty where there is none. */
	example: string;
	kind: FieldKind;
	/** WhatsApp refuses the message without it. */
	required: boolean;
	/** Few people need it: forms may hide it at first. */
	rare: boolean;
	/** For a link's ending: what the link starts with. */
	startsWith: string;
}

/** Checked values by field id; an optional field that was left empty is not there. */
export type FieldValues = ReadonlyMap<string, string>;

/** An element of `params` (1msg-api.md, section 2.2). */
export interface SentComponent {
	type: string;
	sub_type?: string;
	/** The place among all buttons, from zero. */
	index?: number;
	parameters?: object[];
	cards?: object[];
}

/**
 * One part of a template from all its sides: what it asks for, what is sent for it and what the customer reads.
 * They are made together, so that the form and the request cannot differ.
 */
export interface TemplatePart {
	fields: TemplateField[];
	/** What is sent for it; several for buttons, none for a part without variables. */
	components: (values: FieldValues) => SentComponent[];
	/** What the customer reads, empty for a picture; variables without a value stay as they are. */
	shown: (values: FieldValues) => string;
	/** What WhatsApp would refuse although every single value is fine. */
	check: (values: FieldValues) => Problem | null;
}

/** Where a part stands: in the template itself or in a card of its carousel. */
export interface Place {
	/** Starts the ids of its fields: empty, or `card_0_`. */
	id: string;
	/** Starts their labels: empty, or `Card 1 `. */
	label: string;
	/** The template's variables have names. */
	named: boolean;
	/** The field with the one-time password of an authentication template; empty for other templates. */
	passwordField: string;
}

/** A field with what most fields have in common filled in. */
export function field(given: Pick<TemplateField, 'id' | 'label' | 'hint'> & Partial<TemplateField>): TemplateField {
	return { example: '', kind: 'text', required: true, rare: false, startsWith: '', ...given };
}

/** A part that the customer reads as it is. */
export function fixedPart(text: string): TemplatePart {
	return { fields: [], components: () => [], shown: () => text, check: () => null };
}
