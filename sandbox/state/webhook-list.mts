import { AnswerTimes } from './answer-times.mts';
import { type Circuit, CircuitBreaker } from './circuit-breaker.mts';
import type { JsonObject } from '../json.mts';
import type { Settings } from './settings.mts';

/** 1MSG's own inbox, listed on real channels. */
export const FOREIGN_WEBHOOK = 'https://app.1msg.io/service/inbox';

/** A registered URL and its delivery statistics. */
export interface Webhook {
	url: string;
	/** Only loopback URLs are called: the sandbox must not reach other servers. */
	loopback: boolean;
	breaker: CircuitBreaker;
	answers: AnswerTimes;
	attempts: number;
	delivered: number;
	/** Entries that the breaker kept back; they are lost. */
	skipped: number;
	failuresInARow: number;
	lastStatus: number | null;
	lastError: string | null;
	lastAt: string | null;
}

/** The channel's webhook URLs (1msg-contract-2.md sections 1.3 to 1.6). */
export class WebhookList {
	readonly #settings: Settings;
	#list: Webhook[] = [];

	constructor(settings: Settings) {
		this.#settings = settings;
		this.reset();
	}

	get list(): readonly Webhook[] {
		return this.#list;
	}

	get urls(): string[] {
		return this.#list.map(({ url }) => url);
	}

	find(url: string): Webhook | undefined {
		return this.#list.find((webhook) => webhook.url === url);
	}

	/** Replaces the list; URLs that stay keep their state. Returns whether it changed. */
	replace(urls: readonly string[]): boolean {
		const before = this.urls.join('\n');
		this.#list = [...new Set(urls)].map((url) => this.find(url) ?? this.#newWebhook(url));
		return this.urls.join('\n') !== before;
	}

	/** Lifts sticky disables, as a submitted list does; open circuits wait for their probe unless the settings say otherwise. */
	enableAll(): void {
		const isLifted = ({ breaker }: Webhook) => this.#settings.resubmitLifts === 'all' || breaker.state(Date.now()) === 'disabled';
		for (const webhook of this.#list.filter(isLifted)) {
			webhook.breaker.reset();
			webhook.failuresInARow = 0;
		}
	}

	/** Disables these URLs until the list is resubmitted. */
	disable(urls: readonly string[]): void {
		this.put(Object.fromEntries(urls.map((url) => [url, { circuitState: 'disabled' }])));
	}

	/** Puts URLs into a state; those that are not listed are ignored. */
	put(circuits: Readonly<Record<string, Circuit>>): void {
		for (const [url, circuit] of Object.entries(circuits)) this.find(url)?.breaker.put(circuit, Date.now());
	}

	reset(): void {
		this.#list = [this.#newWebhook(FOREIGN_WEBHOOK)];
	}

	/** webhookUrl as in GET /settings. */
	shown(): string | string[] {
		const urls = this.urls;
		const shape = this.#settings.webhookShape;
		if (shape === 'array') return urls;
		if (shape === 'comma') return urls.join(',');
		return urls.length > 1 ? urls : (urls[0] ?? '');
	}

	/** What GET /webhook and GET /settings say of the states, in the form set in the settings. */
	states(): JsonObject {
		const now = Date.now();
		const rows = this.#list.map(({ url, breaker }) => ({ url, ...breaker.shown(now) }));
		const disabled = rows.filter(({ circuitState }) => circuitState === 'disabled');
		const isEnabled = ({ circuitState }: Circuit) => circuitState !== 'disabled';
		const word = (row: Circuit) => (isEnabled(row) ? 'enabled' : 'disabled');
		const haveDisabledWebhooks = disabled.length > 0;
		const summary = (this.#list.find(({ url }) => url === disabled[0]?.url) ?? this.#list[0])?.breaker.shown(now);
		const disabledWebhooks = this.#settings.disabledWebhooks === 'objects' ? disabled : disabled.map(({ url }) => url);
		switch (this.#settings.webhookStatuses) {
			case 'circuit':
				return { haveDisabledWebhooks, ...summary, webhookStatuses: rows, disabledWebhooks };
			case 'disabledOnly':
				return { haveDisabledWebhooks, disabledWebhooks };
			case 'summary':
				return { haveDisabledWebhooks, ...summary };
			case 'map':
				return { webhookStatuses: Object.fromEntries(rows.map((row) => [row.url, word(row)])) };
			case 'booleans':
				return { webhookStatuses: Object.fromEntries(rows.map((row) => [row.url, isEnabled(row)])) };
			case 'array':
				return { webhookStatuses: rows.map((row) => ({ url: row.url, status: word(row) })) };
			case 'none':
				return {};
		}
	}

	#newWebhook(url: string): Webhook {
		return {
			url,
			loopback: isLoopback(url),
			breaker: new CircuitBreaker(this.#settings),
			answers: new AnswerTimes(),
			attempts: 0,
			delivered: 0,
			skipped: 0,
			failuresInARow: 0,
			lastStatus: null,
			lastError: null,
			lastAt: null,
		};
	}
}

/** Whether a URL is on this machine. */
export function isLoopback(url: string): boolean {
	const host = URL.parse(url)?.hostname ?? '';
	return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
