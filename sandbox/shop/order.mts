import { listOf, objectOf, parsedJson, textOf } from '../json.mts';
import type { Message, ShownButton } from '../state/messages.mts';

/** A customer's order, as a stock arrival's message tells of it. */
export interface Order {
	customerName: string;
	reference: string;
	item: string;
	nextStep: string;
}

const VARIABLES = 4;

/** The order of a message whose body has the four variables of a stock arrival: {{1}} customer, {{2}} order, {{3}} item, {{4}} next step; otherwise undefined. */
export function orderOf({ direction, kind, request }: Pick<Message, 'direction' | 'kind' | 'request'>): Order | undefined {
	if (direction !== 'out' || kind !== 'template') return undefined;
	const components = (listOf(objectOf(parsedJson(request))?.params) ?? []).map(objectOf);
	const texts = (listOf(components.find((component) => component?.type === 'body')?.parameters) ?? []).map((parameter) => textOf(objectOf(parameter)?.text) ?? '');
	const [customerName = '', reference = '', item = '', nextStep = ''] = texts;
	// Dots alone would be a step up in the page's address.
	if (texts.length !== VARIABLES || !/[\p{L}\p{N}]/u.test(reference)) return undefined;
	return { customerName, reference, item, nextStep };
}

/** The path of the order page that a button opens here in place of the shop's; undefined for links to other sites and messages without an order. */
export function orderPath({ type, url }: ShownButton, message: Message, shopUrl: string): string | undefined {
	const order = type === 'URL' && url !== undefined && isSameOrigin(url, shopUrl) ? orderOf(message) : undefined;
	return order && `/shop/orders/${encodeURIComponent(order.reference)}?message=${encodeURIComponent(message.id)}`;
}

function isSameOrigin(url: string, other: string): boolean {
	const origin = URL.parse(url)?.origin;
	return origin !== undefined && origin === URL.parse(other)?.origin;
}
