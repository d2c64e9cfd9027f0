import fc from 'fast-check';
import { sendTemplateBody } from '../../nodes/core/template/request';
import { fillTemplate, templateFields } from '../../nodes/core/template/template';
import { readTemplatePage, type Template } from '../../nodes/core/template/list';

/** A row of the channel's list as the service returns it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any;

const CLOCK = { now: Date.UTC(2026, 10, 22), timeZone: 'UTC' };

const words = fc.constantFrom('Hello', 'order', 'is back.', 'Ваш товар', 'שלום', '🎉', 'in stock!', '"now"', '50 %', '\n\n');
const names = fc.constantFrom('customer', 'product', 'order_id', 'next');

function textWith(tokens: string[]): fc.Arbitrary<string> {
	return fc.array(words, { minLength: tokens.length + 1, maxLength: tokens.length + 6 }).map((list) =>
		list.map((word, place) => (tokens[place] === undefined ? word : `${word} {{${place % 2 ? ` ${tokens[place]} ` : tokens[place]}}}`)).join(' '),
	);
}

const bodyTokens = (named: boolean) =>
	named
		? fc.uniqueArray(names, { minLength: 1, maxLength: 4 })
		: fc.integer({ min: 0, max: 12 }).chain((count) => fc.shuffledSubarray(Array.from({ length: count }, (_, place) => String(place + 1)), { minLength: count }));
const bodyOf = (named: boolean) => bodyTokens(named).chain(textWith).map((text) => ({ type: 'BODY', text }));
const mediaHeader = fc.constantFrom('IMAGE', 'VIDEO', 'DOCUMENT').map((format) => ({ type: 'HEADER', format }));
const headerOf = (named: boolean) =>
	fc.oneof(
		mediaHeader,
		fc.constantFrom({ type: 'HEADER', format: 'LOCATION' }, { type: 'HEADER', format: 'PRODUCT' }),
		(named ? names : fc.constant('1')).map((token) => ({ type: 'HEADER', format: 'TEXT', text: `News on {{${token}}}` })),
		fc.constant({ type: 'HEADER', text: 'News' }),
		fc.constant({ type: 'HEADER', subType: 'image' }),
	);
const buttonList = (types: string[]) =>
	fc.array(
		fc.constantFrom(...types).map((type): Json => {
			switch (type) {
				case 'dynamic':
					return { type: 'URL', text: 'See', url: 'https://shop.example/p/{{1}}' };
				case 'static':
					return { type: 'URL', text: 'Shop', url: 'https://shop.example/' };
				default:
					return { type, text: type };
			}
		}),
		{ maxLength: 6 },
	).map((buttons) => ({ type: 'BUTTONS', buttons }));
const anyButtons = buttonList(['dynamic', 'static', 'QUICK_REPLY', 'COPY_CODE', 'CATALOG', 'FLOW', 'PHONE_NUMBER', 'ORDER_DETAILS', 'VOICE_CALL', 'SOMETHING_NEW']);
const cardOf = (named: boolean) => fc.tuple(fc.oneof(mediaHeader, fc.constant({ type: 'HEADER', format: 'PRODUCT' })), bodyOf(named), buttonList(['SPM', 'dynamic', 'static', 'QUICK_REPLY', 'PHONE_NUMBER']));
const carouselOf = (named: boolean) =>
	fc.tuple(fc.array(cardOf(named), { minLength: 1, maxLength: 4 }), fc.constantFrom('cards', 'card_components', 'text')).map(([cards, form]) => {
		const list = cards.map((components) => ({ components: form === 'text' ? JSON.stringify(components) : components }));
		return { type: 'CAROUSEL', [form === 'card_components' ? form : 'cards']: list };
	});
const maybe = <T,>(part: fc.Arbitrary<T>) => fc.option(part, { nil: undefined });

const parts = fc.boolean().chain((named) =>
	fc.record({
		named: fc.constant(named),
		saysSo: fc.boolean(),
		asText: fc.boolean(),
		components: fc.tuple(
			maybe(headerOf(named)),
			bodyOf(named),
			maybe(fc.constant({ type: 'FOOTER', text: 'You asked us to tell you' })),
			maybe(fc.boolean().map((expires) => ({ type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Only this week', has_expiration: expires } }))),
			maybe(anyButtons),
			maybe(carouselOf(named)),
			maybe(fc.constant({ type: 'CALL_PERMISSION_REQUEST' })),
		).map((list) => list.filter((part) => part !== undefined) as Json[]),
	}),
);

const textValue = fc.oneof(
	fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => /[\p{L}\p{N}]/u.test(text) && text.length <= 20 && text === text.trim() && !/[\s\u0085\u115f\u1160\u3164\uffa0]/.test(text)),
	fc.constantFrom('Анна', 'مرحبا', '👩‍👧 Ana', 'zero\u200bwidth', '{{1}}', '$&', 'a  b'),
);

function valueFor(id: string): fc.Arbitrary<string> {
	if (id.endsWith('header_media')) return fc.oneof(fc.webUrl({ validSchemes: ['http', 'https'] }).filter((url) => !/[\s']/.test(url)), fc.stringMatching(/^\d{1,30}$/));
	if (id.endsWith('latitude')) return fc.integer({ min: -90, max: 90 }).map(String);
	if (id.endsWith('longitude')) return fc.integer({ min: -180, max: 180 }).map(String);
	if (id === 'limited_time_offer') return fc.constant('2026-12-24T18:00:00Z');
	if (/button_\d+_data$/.test(id)) return fc.constant('{"screen":"A"}');
	return textValue;
}

function toTemplate(row: { named: boolean; saysSo: boolean; asText: boolean; components: Json[] }): Template {
	const given = { name: 'x', language: 'en', category: 'UTILITY', status: 'approved', components: row.asText ? JSON.stringify(row.components) : row.components, ...(row.saysSo && row.named ? { parameter_format: 'NAMED' } : {}) };
	const [template] = readTemplatePage(JSON.stringify([given])).templates;
	return template!;
}

/** The request required by the definition, from the raw JSON alone, with values derived from field IDs. */
class Asked {
	left: Json[];
	constructor(params: Json[], private values: Map<string, string>, private named: boolean, private prefix: string) {
		this.left = [...params];
	}

	take(match: (component: Json) => boolean): Json {
		const found = this.left.findIndex(match);
		return found < 0 ? undefined : this.left.splice(found, 1)[0];
	}

	value(id: string): string | undefined {
		return this.values.get(this.prefix + id);
	}

	texts(kind: string, text: string): void {
		const seen = [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1]!);
		const tokens = this.named ? [...new Set(seen)] : [...new Set(seen.map(Number))].sort((a, b) => a - b).map(String);
		const component = this.take(({ type }) => type === kind);
		if (tokens.length === 0) return expect(component).toBeUndefined();
		expect(component).toStrictEqual({
			type: kind,
			parameters: tokens.map((token) => ({ type: 'text', ...(this.named && { parameter_name: token }), text: this.value(`${kind}_${token}`) })),
		});
	}

	header(part: Json): void {
		const format = (part.format ?? part.subType ?? 'TEXT').toLowerCase();
		if (format === 'text') return this.texts('header', part.text);
		const of = (name: string) => this.value(`header_${name}`);
		const name = of('filename');
		const media = of('media') ?? '';
		const wanted = format === 'product'
			? { product_retailer_id: of('product'), catalog_id: of('catalog') }
			: format === 'location'
			? { latitude: of('latitude'), longitude: of('longitude'), name: of('name'), address: of('address') }
			: { [media.startsWith('http') ? 'link' : 'id']: media, ...(name !== undefined && { filename: name }) };
		expect(this.take(({ type }) => type === 'header')).toStrictEqual({ type: 'header', parameters: [{ type: format, [format]: wanted }] });
	}

	button(button: Json, index: number): void {
		const sent = this.take((component) => component.type === 'button' && component.index === index);
		const value = this.value(`button_${index}`);
		const data = this.value(`button_${index}_data`);
		const is = (subType: string, ...parameters: Json[]) =>
			expect(sent).toStrictEqual({ type: 'button', sub_type: subType, index, ...(parameters.length > 0 && { parameters }) });
		if (button.type === 'URL' && button.url.includes('{{')) return is('url', { type: 'text', text: value?.replace(/ /g, '%20') });
		if (button.type === 'COPY_CODE') return is('copy_code', { type: 'coupon_code', coupon_code: value });
		if (button.type === 'ORDER_DETAILS') return is('order_details', { type: 'action', action: { order_details: JSON.parse(value!) } });
		if (button.type === 'CATALOG') return value === undefined ? is('catalog') : is('catalog', { type: 'action', action: { thumbnail_product_retailer_id: value } });
		if (button.type === 'FLOW') return is('flow', { type: 'action', action: { flow_token: value ?? 'unused', ...(data && { flow_action_data: JSON.parse(data) }) } });
		if (button.type === 'QUICK_REPLY' && value !== undefined) return is('quick_reply', { type: 'payload', payload: value });
		expect(sent).toBeUndefined();
	}

	carousel(cards: Json[]): void {
		const sent = this.take(({ type }) => type === 'carousel');
		expect(sent.cards.map((card: Json) => card.card_index)).toEqual(cards.map((_, index) => index));
		cards.forEach((card, index) => {
			const components = typeof card.components === 'string' ? JSON.parse(card.components) : card.components;
			new Asked(sent.cards[index].components, this.values, this.named, `card_${index}_`).all(components);
		});
	}

	all(components: Json[]): void {
		for (const part of components) {
			if (part.type === 'HEADER') this.header(part);
			if (part.type === 'BODY') this.texts('body', part.text);
			if (part.type === 'BUTTONS') part.buttons.forEach((button: Json, index: number) => this.button(button, index));
			if (part.type === 'CAROUSEL') this.carousel(part.cards ?? part.card_components);
			if (part.limited_time_offer?.has_expiration) {
				const offer = { expiration_time_ms: Date.parse(this.value('limited_time_offer')!) };
				expect(this.take(({ type }) => type === 'limited_time_offer')).toStrictEqual({ type: 'limited_time_offer', parameters: [{ type: 'limited_time_offer', limited_time_offer: offer }] });
			}
		}
		expect(this.left).toEqual([]);
	}
}

test('every template the form can show produces the request its definition asks for', () => {
	fc.assert(
		fc.property(parts, fc.gen(), (row, gen) => {
			const template = toTemplate(row);
			const fields = templateFields(template);
			if (!fields.ok) throw new Error(fields.problem.message);
			expect(new Set(fields.value.map(({ id }) => id)).size).toBe(fields.value.length);
			const values = new Map<string, string>();
			for (const { id, required, kind } of fields.value) {
				if (required || gen(fc.boolean)) values.set(id, kind === 'json' ? '{"screen":"A"}' : gen(valueFor, id));
			}
			const filled = fillTemplate(template, Object.fromEntries(values), CLOCK);
			if (!filled.ok) throw new Error(JSON.stringify(filled.problem));
			new Asked(filled.value.params, values, row.named, '').all(row.components);
			for (const [id, value] of values) if (/body_/.test(id)) expect(filled.value.text).toContain(value);
		}),
		{ numRuns: 300 },
	);
});

test('without any one of its required values no template can be sent, and the answer names it', () => {
	fc.assert(
		fc.property(parts, fc.gen(), (row, gen) => {
			const template = toTemplate(row);
			const fields = templateFields(template);
			if (!fields.ok) throw new Error(fields.problem.message);
			const required = fields.value.filter((field) => field.required);
			fc.pre(required.length > 0);
			const values = Object.fromEntries(required.map(({ id, kind }) => [id, kind === 'json' ? '{}' : gen(valueFor, id)]));
			const missing = gen(() => fc.constantFrom(...required));
			const given = gen(fc.boolean) ? { ...values, [missing.id]: gen(() => fc.constantFrom('', ' ', null, '\u200b')) } : Object.fromEntries(Object.entries(values).filter(([id]) => id !== missing.id));
			const filled = fillTemplate(template, given, CLOCK);
			expect(filled).toMatchObject({ ok: false, problem: { saidBy: 'node', message: expect.stringContaining(missing.label) } });
			if (!filled.ok) expect(filled.problem.description).toContain(missing.hint);
		}),
		{ numRuns: 200 },
	);
});

test('what is left to the channel is left out of the request', () => {
	const send = { to: { phone: '12025550100' }, template: 'x', namespace: 'n', languageCode: 'en', params: [], timeToLive: null, marketingMessages: null };
	const plain = { phone: '12025550100', template: 'x', namespace: 'n', language: { policy: 'deterministic', code: 'en' }, params: [] };
	expect(sendTemplateBody(send)).toStrictEqual(plain);
	expect(sendTemplateBody({ ...send, timeToLive: 60, marketingMessages: true })).toStrictEqual({ ...plain, messageSendTtlSeconds: 60, useMMlite: true });
	expect(sendTemplateBody({ ...send, marketingMessages: false })).toStrictEqual({ ...plain, useMMlite: false });
});
