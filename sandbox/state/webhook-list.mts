import type { Settings } from './settings.mts';

/** 1MSG's own inbox, listed on real channels. */
export const FOREIGN_WEBHOOK = 'https://app.1msg.io/service/inbox';

/** A registered URL and its delivery statistics. */
export interface Webhook {
	url: string;
	/** Only loopback URLs are called: the sandbox must not reach other servers. */
	loopback: boolean;
	enabled: boolean;
	attempts: number;
	delivered: number;
	failuresInARow: number;
	lastStatus: number | null;
	lastError: string | null;
	lastAt: string | null;
}

/** The channel's webhook URLs (1msg-api.md section 5). */
export class WebhookList {
	#list: Webhook[] = [];

	constructor() {
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
		this.#list = [...new Set(urls)].map((url) => this.find(url) ?? newWebhook(url));
		return this.urls.join('\n') !== before;
	}

	/** Re-enables every URL, as POST /webhook does and POST /settings does not. */
	enableAll(): void {
		for (const webhook of this.#list) {
			webhook.enabled = true;
			webhook.failuresInARow = 0;
		}
	}

	/** Disables these URLs until the list is resubmitted. */
	disable(urls: readonly string[]): void {
		for (const webhook of this.#list) if (urls.includes(webhook.url)) webhook.enabled = false;
	}

	reset(): void {
		this.#list = [newWebhook(FOREIGN_WEBHOOK)];
	}

	/** webhookUrl as in GET /webhook and GET /settings. */
	shown(shape: Settings['webhookShape']): string | string[] {
		const urls = this.urls;
		if (shape === 'array') return urls;
		if (shape === 'comma') return urls.join(',');
		return urls.length > 1 ? urls : (urls[0] ?? '');
	}

	statuses(shape: Settings['webhookStatuses']): unknown {
		const word = ({ enabled }: Webhook) => (enabled ? 'enabled' : 'disabled');
		switch (shape) {
			case 'map':
				return Object.fromEntries(this.#list.map((webhook) => [webhook.url, word(webhook)]));
			case 'booleans':
				return Object.fromEntries(this.#list.map(({ url, enabled }) => [url, enabled]));
			case 'array':
				return this.#list.map((webhook) => ({ url: webhook.url, status: word(webhook) }));
			case 'none':
				return undefined;
		}
	}
}

/** Whether a URL is on this machine. */
export function isLoopback(url: string): boolean {
	const host = URL.parse(url)?.hostname ?? '';
	return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function newWebhook(url: string): Webhook {
	return {
		url,
		loopback: isLoopback(url),
		enabled: true,
		attempts: 0,
		delivered: 0,
		failuresInARow: 0,
		lastStatus: null,
		lastError: null,
		lastAt: null,
	};
}
