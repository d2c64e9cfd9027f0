import type { Changes } from '../state/changes.mts';
import type { Clock } from '../state/clock.mts';
import { Fifo } from './fifo.mts';
import { type HookEntry, payload } from './payloads.mts';
import type { HookPoster } from './post.mts';
import type { Settings } from '../state/settings.mts';
import type { Webhook } from '../state/webhook-list.mts';

// Entries arrive one at a time: wait this long to fill a batch.
const BATCH_WAIT_MS = 50;

/** Dependencies of a queue. */
export interface HookQueueTools {
	channelId: string;
	clock: Clock;
	poster: HookPoster;
	settings: Settings;
	changes: Changes;
	/** Whether failed deliveries are retried. */
	isGuaranteed: () => boolean;
	/** Whether the URL is still in the channel's list. */
	isListed: (webhook: Webhook) => boolean;
}

/** The entries of one POST, and its failure count. */
interface Delivery {
	entries: HookEntry[];
	failures: number;
}

/** Delivery queue of one URL: bounded concurrency, retried until 2xx; what its circuit breaker keeps back is lost, and so is everything once it is unlisted. */
export class HookQueue {
	readonly webhook: Webhook;
	readonly #tools: HookQueueTools;
	#waiting = new Fifo<HookEntry>();
	#again = new Fifo<Delivery>();
	#inFlight = 0;
	#pausing = 0;
	#scheduled = false;
	#closed = false;

	constructor(webhook: Webhook, tools: HookQueueTools) {
		this.webhook = webhook;
		this.#tools = tools;
	}

	/** POSTs in flight or awaiting a retry, plus unbatched entries. */
	get pending(): number {
		return this.#waiting.length + this.#again.length + this.#inFlight + this.#pausing;
	}

	push(entry: HookEntry): void {
		if (!this.#isListed()) return;
		if (!this.webhook.breaker.lets(Date.now())) return void (this.webhook.skipped += 1);
		this.#waiting.push(entry);
		if (this.#waiting.length >= this.#tools.settings.hookBatch) this.#pump();
		else this.#pumpSoon();
	}

	close(): void {
		this.#closed = true;
		this.#drop();
	}

	#isListed(): boolean {
		return !this.#closed && this.#tools.isListed(this.webhook);
	}

	#drop(): void {
		this.#waiting.clear();
		this.#again.clear();
	}

	#pumpSoon(): void {
		if (this.#scheduled) return;
		this.#scheduled = true;
		this.#tools.clock.schedule(Date.now() + BATCH_WAIT_MS, () => {
			this.#scheduled = false;
			this.#pump();
		});
	}

	#pump(): void {
		if (!this.#isListed()) return this.#drop();
		while (this.#inFlight < this.#tools.settings.hookConcurrency) {
			const delivery = this.#again.shift() ?? this.#newDelivery();
			if (!delivery) return;
			const pass = this.webhook.breaker.pass(Date.now());
			if (pass === 'skip') this.webhook.skipped += delivery.entries.length;
			else void this.#deliver(delivery, pass === 'probe');
		}
	}

	#newDelivery(): Delivery | undefined {
		const entries: HookEntry[] = [];
		const raw = this.#waiting.first?.raw;
		while (entries.length < this.#tools.settings.hookBatch && this.#waiting.first?.raw === raw) {
			const entry = this.#waiting.shift();
			if (!entry) break;
			entries.push(entry);
		}
		return entries.length > 0 ? { entries, failures: 0 } : undefined;
	}

	async #deliver({ entries, failures }: Delivery, isProbe: boolean): Promise<void> {
		const { settings, poster, channelId, changes } = this.#tools;
		const { webhook } = this;
		this.#inFlight += 1;
		const body = JSON.stringify(payload(channelId, entries, settings));
		const postedAt = Date.now();
		const started = performance.now();
		const { status, error } = await poster.post(webhook.url, body, settings.hookTimeoutMs);
		webhook.answers.add(postedAt, performance.now() - started);
		this.#inFlight -= 1;
		if (this.#closed) return;
		const done = status !== null && status >= 200 && status < 300;
		webhook.attempts += 1;
		webhook.lastStatus = status;
		webhook.lastError = error;
		webhook.lastAt = new Date().toISOString();
		webhook.failuresInARow = done ? 0 : webhook.failuresInARow + 1;
		const reason = done ? undefined : status === null ? 'timeout_or_network' : `http_${status}`;
		if (isProbe) webhook.breaker.probed(reason, Date.now());
		else if (reason !== undefined && failures === 0) webhook.breaker.failed(reason, Date.now());
		if (done) webhook.delivered += entries.length;
		else this.#failed({ entries, failures: failures + 1 });
		changes.happened();
		this.#pump();
	}

	#failed(delivery: Delivery): void {
		const { settings, clock, isGuaranteed } = this.#tools;
		const { webhook } = this;
		if (settings.disableAfterFailures > 0 && webhook.failuresInARow >= settings.disableAfterFailures) webhook.breaker.disable(Date.now());
		if (webhook.breaker.state(Date.now()) === 'disabled' || !isGuaranteed()) return;
		this.#pausing += 1;
		const pause = Math.min(settings.hookRetryMs * 2 ** Math.min(delivery.failures - 1, 20), settings.hookRetryMaxMs);
		clock.schedule(Date.now() + pause, () => {
			this.#pausing -= 1;
			this.#again.push(delivery);
			this.#pump();
		});
	}
}
