import { EVENT_HEADER, exampleEvent, exampleOrder, type EventAnswer, type MessageAnswer, type Order } from '../../../harness/event.mts';
import type { Environment } from '../../../harness/environment.mts';
import { postServed } from './post-served.mts';

/** Result of one order; its message is empty if the event failed. */
export interface Arrival extends Partial<MessageAnswer> {
	order: Order;
	/** HTTP status. */
	status: number;
	text: string;
}

/** Adds a phone's order to the table and posts the arrival of its product. */
export async function arrive({ orders, eventUrl }: Pick<Environment, 'orders' | 'eventUrl'>, phone: string, more: Partial<Order> = {}): Promise<Arrival> {
	const order = { ...exampleOrder(phone), ...more };
	await orders.add([order]);
	const headers = { [EVENT_HEADER.name]: EVENT_HEADER.value };
	const { status, body, text } = await postServed<Partial<EventAnswer>>(eventUrl, exampleEvent(order), headers);
	return { ...body.messages?.[0], order, status, text };
}
