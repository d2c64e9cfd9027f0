import type { Order } from '../harness/event.mts';

/** First phone number. None are magic: the sandbox delivers to all. */
const FIRST_PHONE = 79_120_000_000;

/** Customers waiting for a product, each with a unique order and phone (digits). At most 10,000,000. */
export function waitingCustomers(sku: string, count: number): Order[] {
	return Array.from({ length: count }, (_, index) => ({
		sku,
		orderReference: `${sku}-${index + 1}`,
		customerName: `Customer ${index + 1}`,
		phone: String(FIRST_PHONE + index),
		email: `customer${index + 1}@example.com`,
		status: 'waiting',
	}));
}
