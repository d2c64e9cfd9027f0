import type { JsonObject } from '../json.mts';

/** The namespace of all sandbox templates. */
export const SANDBOX_NAMESPACE = '5a4db0c5_0000_4aaa_8bbb_5a4db0c50001';

/** English body of every stock arrival template. */
export const STOCK_ARRIVAL_BODY = 'Hello, {{1}}! For order #{{2}}, item "{{3}}" is now in stock. {{4}}.';

const CONFIRM = buttons({ type: 'URL', text: 'Confirm shipment', url: 'https://shop.example/confirm' });
const SAMPLE = ['Anna', '10482', 'Trail shoes', 'It ships tomorrow'];
const IMAGE = { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['https://shop.example/media/shoes.png'] } };

/** Initial templates: the stock arrival, every status, component kind and quirk. */
export function seedTemplates(): JsonObject[] {
	return [
		stockArrival('stock_arrival'),
		row('stock_arrival', 'es', [
			body('Hola, {{1}}: para el pedido n.º {{2}}, el artículo "{{3}}" ya está disponible. {{4}}.', SAMPLE),
			buttons({ type: 'URL', text: 'Confirmar envío', url: 'https://shop.example/confirm' }),
		]),
		row('stock_arrival', 'pt_BR', [
			body('Olá, {{1}}! Para o pedido nº {{2}}, o item "{{3}}" já está disponível. {{4}}.', SAMPLE),
			buttons({ type: 'URL', text: 'Confirmar envio', url: 'https://shop.example/confirm' }),
		]),
		stockArrival('stock_arrival_single'),
		stockArrival('stock_arrival_pending', { status: 'PENDING' }),
		stockArrival('stock_arrival_paused', { status: 'paused' }),
		stockArrival('stock_arrival_disabled', { status: 'disabled' }),
		stockArrival('stock_arrival_rejected', { status: 'rejected', rejected_reason: 'INVALID_FORMAT' }),
		stockArrival('stock_arrival_upper_case', { status: 'APPROVED' }),
		withTextComponents(stockArrival('stock_arrival_text_components')),
		stockArrival('stock_arrival_no_namespace', { namespace: undefined }),
		stockArrival('stock_arrival_language_object', { language: { code: 'en' } }),
		row('stock_text_header', 'en', [
			{ type: 'HEADER', format: 'TEXT', text: 'Order {{1}}', example: { header_text: ['10482'] } },
			body('Good news, {{1}}: {{2}} is back.', SAMPLE.slice(0, 2)),
			{ type: 'FOOTER', text: 'You asked us to tell you.' },
		]),
		row('stock_image_header', 'en_US', [
			IMAGE,
			body('{{1}} is back in stock, {{2}}.', SAMPLE.slice(0, 2)),
			buttons({ type: 'URL', text: 'See it', url: 'https://shop.example/p/{{1}}', example: ['https://shop.example/p/shoes'] }),
		]),
		row('stock_video_header', 'en', [{ type: 'HEADER', format: 'VIDEO' }, body('See {{1}} in motion today.', ['shoes'])]),
		row('stock_document_header', 'de', [{ type: 'HEADER', format: 'DOCUMENT' }, body('Lieferschein zu Auftrag {{1}} anbei.', ['10482'])]),
		row('stock_location_header', 'fr', [{ type: 'HEADER', format: 'LOCATION' }, body('Votre article {{1}} vous attend ici.', ['chaussures'])]),
		row(
			'stock_named_variables',
			'en',
			[
				{ type: 'HEADER', format: 'TEXT', text: 'For {{customer}}', example: { header_text_named_params: [{ param_name: 'customer', example: 'Anna' }] } },
				{
					type: 'BODY',
					text: 'Hello {{customer}}, {{product}} of order {{order}} has arrived.',
					example: {
						body_text_named_params: [
							{ param_name: 'customer', example: 'Anna' },
							{ param_name: 'product', example: 'Trail shoes' },
							{ param_name: 'order', example: '10482' },
						],
					},
				},
			],
			{ parameter_format: 'NAMED' },
		),
		row('stock_dynamic_link', 'pt_BR', [
			body('Seu item {{1}} chegou hoje.', ['Tênis']),
			buttons(
				{ type: 'PHONE_NUMBER', text: 'Ligar', phone_number: '+12025550199' },
				{ type: 'URL', text: 'Pagar', url: 'https://shop.example/pay/{{1}}', example: ['https://shop.example/pay/1'] },
			),
		]),
		row('stock_quick_replies', 'ru', [
			body('Здравствуйте, {{1}}! Товар {{2}} поступил на склад.', SAMPLE.slice(0, 2)),
			buttons({ type: 'QUICK_REPLY', text: 'Отправляйте' }, { type: 'QUICK_REPLY', text: 'Не сейчас' }),
		]),
		row('stock_coupon', 'en', [body('Your discount on {{1}} is ready.', ['shoes']), buttons({ type: 'COPY_CODE', text: 'Copy offer code', example: 'BACK10' })], MARKETING),
		row('stock_catalog', 'en', [body('New arrivals for you, {{1}}, are in.', ['Anna']), buttons({ type: 'CATALOG', text: 'View catalog' })], MARKETING),
		row('stock_flow', 'en', [
			body('Choose how order {{1}} reaches you.', ['10482']),
			buttons({ type: 'FLOW', text: 'Choose', flow_id: '900000000001', flow_action: 'navigate', navigate_screen: 'DELIVERY' }),
		]),
		row(
			'stock_limited_offer',
			'en',
			[
				IMAGE,
				{ type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Back for a week', has_expiration: true } },
				body('{{1}}, what you waited for is here.', ['Anna']),
				buttons({ type: 'COPY_CODE', text: 'Copy offer code', example: 'WEEK' }, { type: 'URL', text: 'Shop', url: 'https://shop.example/o/{{1}}', example: ['https://shop.example/o/1'] }),
			],
			MARKETING,
		),
		row('stock_carousel', 'en', [body('{{1}}, these are back.', ['Anna']), { type: 'CAROUSEL', cards: [card(), card()] }], MARKETING),
		row(
			'sign_in_code',
			'en',
			[
				{ type: 'BODY', text: '*{{1}}* is your verification code.', add_security_recommendation: false, example: { body_text: [['123456']] } },
				buttons({ type: 'URL', text: 'Copy code', url: 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}', example: ['https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp123456'] }),
			],
			{ category: 'AUTHENTICATION' },
		),
		row('stock_no_variables', 'en', [body('Something you asked for is back in stock.', [])]),
	].map((template, index) => ({ id: String(101 + index), ...template }));
}

/** Templates named `generated_0001`..., copies of the English stock arrival. */
export function generatedTemplates(count: number, firstId: number): JsonObject[] {
	return Array.from({ length: count }, (_, index) => ({
		id: String(firstId + index),
		...stockArrival(`generated_${String(index + 1).padStart(4, '0')}`),
	}));
}

const MARKETING = { category: 'MARKETING' };

function stockArrival(name: string, changes: JsonObject = {}): JsonObject {
	return row(name, 'en', [body(STOCK_ARRIVAL_BODY, SAMPLE), CONFIRM], changes);
}

function row(name: string, language: string, components: JsonObject[], changes: JsonObject = {}): JsonObject {
	return {
		name,
		language,
		category: 'UTILITY',
		status: 'approved',
		rejected_reason: 'NONE',
		namespace: SANDBOX_NAMESPACE,
		components,
		...changes,
	};
}

function body(text: string, sample: string[]): JsonObject {
	return { type: 'BODY', text, ...(sample.length > 0 && { example: { body_text: [sample] } }) };
}

function buttons(...list: JsonObject[]): JsonObject {
	return { type: 'BUTTONS', buttons: list };
}

function card(): JsonObject {
	return {
		components: [
			IMAGE,
			body('{{1}} is back.', ['Trail shoes']),
			buttons({ type: 'QUICK_REPLY', text: 'Keep one for me' }, { type: 'URL', text: 'See it', url: 'https://shop.example/p/{{1}}', example: ['https://shop.example/p/1'] }),
		],
	};
}

function withTextComponents(template: JsonObject): JsonObject {
	return { ...template, components: JSON.stringify(template.components) };
}
