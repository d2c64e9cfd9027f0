import type { Order } from '../harness/event.mts';

/** Numbered from here; none of them is magic: the sandbox delivers to all. */
const FIRST_PHONE = 79_120_000_000;

/** So many customers who wait for a product, each with an order and a phone of their own, the phones as digits. At most 10,000,000. */
export function waitingCustomers(sku: string, count: number): Order[] {
	return Array.from({ length: count }, (_, place) => ({
		sku,
		orderReference: `${sku}-${place + 1}`,
		customerName: `Customer ${place + 1}`,
		phone: String(FIRST_PHONE + place),
		email: `customer${place + 1}@example.com`,
		status: 'waiting',
	}));
}
