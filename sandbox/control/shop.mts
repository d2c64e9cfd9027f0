import { ControlError, queryNumber, type Route } from './request.mts';
import type { JsonObject } from '../json.mts';
import { type Order, orderOf } from '../shop/order.mts';
import type { Message } from '../state/messages.mts';
import type { World } from '../state/world.mts';

/** The shop's order page and its warehouse. */
export const shopRoutes: Route[] = [
	{
		method: 'GET',
		path: /^orders\/([^/]+)$/,
		shown: 'GET /_sandbox/orders/{messageId}',
		does: 'the order that a stock arrival tells of, for the order page',
		answer({ key }, world): JsonObject {
			const { message, order } = orderMeant(key, world);
			return { shopName: world.settings.shopName, ...order, isConfirmed: world.shop.isConfirmed(message, order) };
		},
	},
	{
		method: 'POST',
		path: /^orders\/([^/]+)\/confirm$/,
		shown: 'POST /_sandbox/orders/{messageId}/confirm',
		does: 'posts {orderReference} to confirmUrl, as the order page does; an order that is confirmed is not posted again',
		answer({ key }, world) {
			const { message, order } = orderMeant(key, world);
			return world.shop.confirm(message, order);
		},
	},
	{
		method: 'GET',
		path: /^confirmations$/,
		shown: 'GET /_sandbox/confirmations?offset=',
		does: 'the orders confirmed so far, newest last',
		answer({ query }, { shop }) {
			const { confirmed } = shop;
			return { total: confirmed.length, confirmations: confirmed.slice(queryNumber(query, 'offset', 0)) };
		},
	},
	{
		method: 'POST',
		path: /^arrive$/,
		shown: 'POST /_sandbox/arrive',
		does: 'posts the next of arrivalEvents to arrivalUrl',
		async answer(_, { shop }) {
			const arrival = await shop.arrive();
			if (!arrival) throw new ControlError('Nobody to tell: set arrivalUrl with POST /_sandbox/settings.');
			return arrival;
		},
	},
];

function orderMeant(id: string, { messages }: World): { message: Message; order: Order } {
	const message = messages.get(id);
	const order = message && orderOf(message);
	if (!message || !order) throw new ControlError('No message with an order has this ID.', 404);
	return { message, order };
}
