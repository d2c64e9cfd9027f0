import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { exampleEvent, exampleOrder, postEvent, type Order } from '../harness/event.mts';
import type { Environment } from '../harness/environment.mts';
import { runStory } from './story.mts';

const NAMES = ['Anna', 'Boris', 'Clara', 'Dora', 'Emil'];
/** None of the numbers from here on are magic: the sandbox delivers to all. */
const FIRST_PHONE = 79_123_456_790;
let customers = 0;

/** An order of a customer whom nobody has messaged yet; with `onlyPhone`, another order of that phone. */
export function nextOrder(onlyPhone?: string): Order {
	if (onlyPhone !== undefined) return exampleOrder(onlyPhone);
	const index = customers++;
	return { ...exampleOrder(String(FIRST_PHONE + index)), customerName: NAMES[index % NAMES.length] ?? '' };
}

/** Adds the order to the waiting ones and posts the arrival of its product. With a real channel it follows the message too; the sandbox's are reported anyway. */
export async function nextArrival(environment: Environment, order: Order, say: (line: string) => void): Promise<void> {
	const event = exampleEvent(order);
	await environment.orders.add([order]);
	if (!environment.sandbox) return void (await runStory(environment, event, say));
	say(`Stock arrived for order ${order.orderReference} (${order.customerName}, ${order.phone})`);
	const { status, text } = await postEvent(environment.eventUrl, event);
	if (status >= 300) throw new Error(`The workflow answered ${status}: ${text.slice(0, 600)}`);
}

/** Calls `press` for each Enter, one after the other, until the input ends. Reads lines, so it needs no terminal and leaves one as it was. */
export async function onEnter(input: Readable, press: () => Promise<void>, say: (line: string) => void): Promise<void> {
	input.on('error', () => {});
	for await (const line of createInterface({ input })) {
		if (line.trim() === '') await press().catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
		else say('Press Enter alone for the next arrival, Ctrl-C to stop.');
	}
}
