import { EVENT_HEADER, exampleEvent, exampleOrder, type EventAnswer, type MessageAnswer, type Order } from '../../../harness/event.mts';
import type { Environment } from '../../../harness/environment.mts';
import { postServed } from './post-served.mts';

/** What became of one order: its message's answer is empty where the event wasn't handled. */
export interface Arrival extends Partial<MessageAnswer> {
	order: Order;
	/** The answer's, of HTTP. */
	status: number;
	text: string;
}

/** Puts an order of a phone into the table, and posts that its product has arrived. */
export async function arrive({ orders, eventUrl }: Pick<Environment, 'orders' | 'eventUrl'>, phone: string, more: Partial<Order> = {}): Promise<Arrival> {
	const order = { ...exampleOrder(phone), ...more };
	await orders.add([order]);
	const headers = { [EVENT_HEADER.name]: EVENT_HEADER.value };
	const { status, body, text } = await postServed<Partial<EventAnswer>>(eventUrl, exampleEvent(order), headers);
	return { ...body.messages?.[0], order, status, text };
}
