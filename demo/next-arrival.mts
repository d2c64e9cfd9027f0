import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { exampleEvent, exampleOrder, postEvent, type Answer, type ArrivalAnswer, type Order } from '../harness/event.mts';
import type { Environment } from '../harness/environment.mts';

const NAMES = ['Anna', 'Boris', 'Clara', 'Dora', 'Emil'];
/** None of the numbers from here on are magic: the sandbox delivers to all. */
const FIRST_PHONE = 79_123_456_790;
let customers = 0;

/** An order of a customer whom nobody has messaged yet. */
export function nextOrder(): Order {
	const index = customers++;
	const customerName = NAMES[index % NAMES.length] ?? '';
	const round = index < NAMES.length ? '' : Math.floor(index / NAMES.length) + 1;
	return { ...exampleOrder(String(FIRST_PHONE + index)), customerName, email: `${customerName.toLowerCase()}${round}@example.com` };
}

/** Adds the order to the waiting ones and posts the arrival of its product. Throws if the workflow refuses the event. */
export async function nextArrival({ orders, eventUrl }: Pick<Environment, 'orders' | 'eventUrl'>, order: Order, say: (line: string) => void): Promise<Answer<ArrivalAnswer>> {
	await orders.add([order]);
	say(`Stock arrived for order ${order.orderReference} (${order.customerName}, ${order.phone})`);
	const answer = await postEvent<ArrivalAnswer>(eventUrl, exampleEvent(order));
	if (answer.status >= 300) throw new Error(`The workflow answered ${answer.status}: ${answer.text.slice(0, 600)}`);
	return answer;
}

/** Calls `press` for each Enter, one after the other, until the input ends. Reads lines, so it needs no terminal and leaves one as it was. */
export async function onEnter(input: Readable, press: () => Promise<unknown>, say: (line: string) => void): Promise<void> {
	for await (const line of createInterface({ input })) {
		if (line.trim() === '') await press().catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
		else say('Press Enter alone for the next arrival, Ctrl-C to stop.');
	}
}
