import { failureWords } from '../scenarios/failures.mts';
import { type JsonObject, objectOf, parsedJson } from '../json.mts';
import { failureOf, stateOf } from '../state/message-state.mts';
import { orderOf, orderPath } from '../shop/order.mts';
import type { Message, StatusRecord } from '../state/messages.mts';
import type { World } from '../state/world.mts';

/** An outbound message in the control API. */
export function messageView(message: Message): JsonObject {
	const { id, phone, chatId, kind, template = null, language = null, shown, request, at, statuses, quotedMessageId = null } = message;
	return {
		id,
		phone,
		chatId,
		kind,
		template,
		language,
		...shown,
		quotedMessageId,
		request: objectOf(parsedJson(request)),
		acceptedAt: new Date(at).toISOString(),
		statuses: statuses.map((record) => ({ ...record, at: new Date(record.at).toISOString() })),
	};
}

/**
 * A chat message in the control API. Outbound: state, failure (also one reported after the delivery), order and what its buttons open;
 * inbound: payload and media.
 */
export function chatMessageView(message: Message, { settings, shop }: Pick<World, 'settings' | 'shop'>): JsonObject {
	const { direction, payload = null, media = null, category = null, mmLite = null } = message;
	if (direction === 'in') return { ...messageView(message), direction, payload, media };
	const state = stateOf(message);
	const failure = failureOf(message);
	const order = orderOf(message);
	return {
		...messageView(message),
		direction,
		category,
		mmLite,
		state,
		failure: failure && state === 'failed' ? failureView(failure) : null,
		lateFailure: failure && state !== 'failed' && failure === message.statuses.at(-1) ? failureView(failure) : null,
		order: order ? { reference: order.reference, isConfirmed: shop.isConfirmed(message, order) } : null,
		buttons: message.shown.buttons.map((button) => ({ ...button, opens: orderPath(button, message, settings.shopUrl) })),
	};
}

function failureView({ code }: StatusRecord): JsonObject {
	return code === undefined ? { code: null, title: 'Message failed', details: '' } : { code, ...failureWords(code) };
}
