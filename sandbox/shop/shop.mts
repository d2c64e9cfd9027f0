import { request } from 'undici';
import type { Order } from './order.mts';
import type { JsonObject } from '../json.mts';
import type { Message } from '../state/messages.mts';
import type { Settings } from '../state/settings.mts';

/** What came of a POST to n8n: `status` is null without an answer, and `error` says why. */
export interface Told {
	url: string;
	status: number | null;
	error: string | null;
	/** The beginning of the answer. */
	answer: string;
}

/** What came of confirming an order. Nobody is told where no address is set. */
export type Confirmation = { orderReference: string } & (({ outcome: 'confirmed' | 'refused' } & Told) | { outcome: 'nobody' });

type Header = Settings['confirmHeader'];

const CONFIRM_TIMEOUT_MS = 15_000;
/** A workflow may answer only after it has sent its messages. */
const ARRIVAL_TIMEOUT_MS = 60_000;
const MAX_ANSWER_LENGTH = 500;

/** The shop's side: its order page and its warehouse, which tell n8n. Addresses come from the settings alone. */
export class Shop {
	readonly #settings: Settings;
	#confirmations = new Map<string, Promise<Confirmation>>();
	#confirmed = new Map<string, { phone: string; orderReference: string }>();
	#events: Settings['arrivalEvents'] = [];
	#arrivals = 0;

	constructor(settings: Settings) {
		this.#settings = settings;
	}

	/** Tells n8n that this order is confirmed; once it was told, it is not told again. */
	confirm({ phone }: Pick<Message, 'phone'>, { reference }: Order): Promise<Confirmation> {
		const key = keyOf(phone, reference);
		const confirmations = this.#confirmations;
		const before = confirmations.get(key);
		if (before) return before;
		const confirmation = this.#confirmNow(reference);
		confirmations.set(key, confirmation);
		void confirmation.then(({ outcome }) => {
			if (outcome !== 'confirmed') confirmations.delete(key);
			else if (confirmations === this.#confirmations) this.#confirmed.set(key, { phone, orderReference: reference });
		});
		return confirmation;
	}

	/** Whether n8n was told that this customer confirmed the order. */
	isConfirmed({ phone }: Pick<Message, 'phone'>, { reference }: Order): boolean {
		return this.#confirmed.has(keyOf(phone, reference));
	}

	/** The orders that n8n was told are confirmed, oldest first. */
	get confirmed(): Array<{ phone: string; orderReference: string }> {
		return [...this.#confirmed.values()];
	}

	/** Posts the next arrival; undefined where no address is set. */
	async arrive(): Promise<(Told & { event: JsonObject }) | undefined> {
		const { arrivalUrl, arrivalHeader, arrivalEvents } = this.#settings;
		if (arrivalUrl === null) return undefined;
		if (arrivalEvents !== this.#events) [this.#events, this.#arrivals] = [arrivalEvents, 0];
		const event = arrivalEvents[this.#arrivals++ % arrivalEvents.length] ?? {};
		return { event, ...(await tell(arrivalUrl, arrivalHeader, event, ARRIVAL_TIMEOUT_MS)) };
	}

	/** Forgets the confirmations, and starts with the first arrival again. */
	clear(): void {
		this.#confirmations = new Map();
		this.#confirmed = new Map();
		this.#arrivals = 0;
	}

	async #confirmNow(orderReference: string): Promise<Confirmation> {
		const { confirmUrl, confirmHeader } = this.#settings;
		if (confirmUrl === null) return { orderReference, outcome: 'nobody' };
		const told = await tell(confirmUrl, confirmHeader, { orderReference }, CONFIRM_TIMEOUT_MS);
		const isDone = told.status !== null && told.status >= 200 && told.status < 300;
		return { orderReference, outcome: isDone ? 'confirmed' : 'refused', ...told };
	}
}

/** Never throws, and follows no redirect: the address set is the only one called. */
async function tell(url: string, header: Header, body: JsonObject, timeoutMs: number): Promise<Told> {
	try {
		const answer = await request(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...(header && { [header.name]: header.value }) },
			body: JSON.stringify(body),
			signal: AbortSignal.timeout(timeoutMs),
		});
		return { url, status: answer.statusCode, error: null, answer: (await answer.body.text()).slice(0, MAX_ANSWER_LENGTH) };
	} catch (error) {
		return { url, status: null, error: error instanceof Error ? error.message : String(error), answer: '' };
	}
}

function keyOf(phone: string, reference: string): string {
	return JSON.stringify([phone, reference]);
}
