import { overviewOfChats, unreadOf } from '../state/chats.mts';
import { customerView } from './customers.mts';
import { ControlError, queryNumber, type Route } from './request.mts';
import type { JsonObject } from '../json.mts';
import { MESSAGE_STATES, type MessageState, stateOf } from '../state/message-state.mts';
import { chatMessageView } from './message-view.mts';
import type { Message } from '../state/messages.mts';
import { orderOf } from '../shop/order.mts';
import type { World } from '../state/world.mts';

/** The channel from the customers' side. */
export const chatRoutes: Route[] = [
	{
		method: 'GET',
		path: /^chats$/,
		shown: 'GET /_sandbox/chats?search=&state=&limit=',
		does: 'the customers, most recent first, and totals by state (tally: messages, customers: what the list would have); state: accepted, sent, delivered, read, failed, or several with commas',
		answer({ query }, world) {
			const filter = { search: query.get('search') ?? '', states: statesOf(query.get('state')) };
			const { newest, ...overview } = overviewOfChats(world.messages, world.customers, filter, queryNumber(query, 'limit', 100), Date.now());
			return { ...overview, chats: newest.map((message) => chatRow(message, world)) };
		},
	},
	{
		method: 'GET',
		path: /^chats\/([^/]+)$/,
		shown: 'GET /_sandbox/chats/{phone}?limit=',
		does: "one customer's chat in both directions, newest last",
		answer({ query, key }, world) {
			const { messages, lastInbound, customers, settings } = world;
			const customer = customers.find(key);
			const phone = customer?.key ?? key;
			const chat = messages.chat(phone);
			const limit = queryNumber(query, 'limit', 100);
			const wroteAt = lastInbound.get(phone);
			return {
				phone,
				customer: customer ? customerView(customer) : null,
				total: chat.length,
				windowOpenUntil: wroteAt === undefined ? null : new Date(wroteAt + settings.windowMs).toISOString(),
				messages: chat.slice(Math.max(0, chat.length - limit)).map((message) => chatMessageView(message, world)),
			};
		},
	},
	{
		method: 'POST',
		path: /^chats\/([^/]+)\/read$/,
		shown: 'POST /_sandbox/chats/{phone}/read',
		does: 'marks the delivered messages as read',
		answer({ key }, { messages, customers, deliveries }) {
			const unread = unreadOf(messages.chat(customers.find(key)?.key ?? key));
			for (const message of unread) deliveries.happen(message, { status: 'read', at: Date.now() });
			return { read: unread.length };
		},
	},
];

function statesOf(given: string | null): MessageState[] | undefined {
	if (!given) return undefined;
	return given.split(',').map((word) => {
		const state = MESSAGE_STATES.find((known) => known === word);
		if (!state) throw new ControlError(`Unknown state: ${word}. Known: ${MESSAGE_STATES.join(', ')}.`);
		return state;
	});
}

/** What the last stock arrival called the customer. */
function nameInLastOrder(chat: readonly Message[]): string | null {
	for (const message of chat.toReversed()) {
		const order = orderOf(message);
		if (order) return order.customerName;
	}
	return null;
}

function chatRow(message: Message, { messages, customers }: World): JsonObject {
	const { phone, direction, at, shown, template = null } = message;
	return {
		phone,
		name: customers.get(phone)?.name ?? nameInLastOrder(messages.chat(phone)),
		username: customers.get(phone)?.username ?? null,
		hidesPhone: customers.get(phone)?.hidesPhone ?? false,
		direction,
		template,
		text: shown.text,
		at: new Date(at).toISOString(),
		state: direction === 'out' ? stateOf(message) : null,
		unread: unreadOf(messages.chat(phone)).length,
	};
}
