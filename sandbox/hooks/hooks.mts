import type { Changes } from '../state/changes.mts';
import { Clock } from '../state/clock.mts';
import { type HookEntry, messageEntry, statusEntry } from './payloads.mts';
import { HookPoster, type PostResult } from './post.mts';
import { HookQueue } from './queue.mts';
import type { ChannelSettings } from '../api/settings.mts';
import type { Message, StatusRecord } from '../state/messages.mts';
import type { Settings } from '../state/settings.mts';
import { isLoopback, type WebhookList } from '../state/webhook-list.mts';

/** Delivers channel events to its registered loopback URLs (1msg-api.md section 6). */
export class Hooks {
	readonly #channelId: string;
	readonly #settings: Settings;
	readonly #channel: ChannelSettings;
	readonly #webhooks: WebhookList;
	readonly #changes: Changes;
	readonly #clock = new Clock();
	readonly #poster = new HookPoster();
	#queues = new Map<string, HookQueue>();

	constructor(channelId: string, settings: Settings, channel: ChannelSettings, webhooks: WebhookList, changes: Changes) {
		this.#channelId = channelId;
		this.#settings = settings;
		this.#channel = channel;
		this.#webhooks = webhooks;
		this.#changes = changes;
	}

	/** Sends a status hook if ackNotificationsOn. */
	status(message: Message, record: StatusRecord): void {
		if (!this.#channel.ackNotificationsOn) return;
		const copies = this.#settings.duplicateStatuses ? 2 : 1;
		for (let copy = 0; copy < copies; copy++) {
			this.#push(statusEntry(message, record, this.#settings, this.#channel.rawHooks));
		}
	}

	/** Sends a hook for an inbound message or an echo. */
	message(message: Message): void {
		this.#push(messageEntry(message, this.#channel.rawHooks));
	}

	/** Undelivered entries of a URL. */
	pending(url: string): number {
		return this.#queues.get(url)?.pending ?? 0;
	}

	/** Posts a body to loopback URLs once, bypassing the queues. */
	async postNow(urls: readonly string[], body: string): Promise<Array<PostResult & { url: string }>> {
		const reachable = urls.filter(isLoopback);
		return Promise.all(
			reachable.map(async (url) => ({ url, ...(await this.#poster.post(url, body, this.#settings.hookTimeoutMs)) })),
		);
	}

	/** Drops everything undelivered. */
	clear(): void {
		this.#clock.clear();
		for (const queue of this.#queues.values()) queue.close();
		this.#queues = new Map();
	}

	async close(): Promise<void> {
		this.clear();
		await this.#poster.close();
	}

	#push(entry: HookEntry): void {
		for (const webhook of this.#webhooks.list) {
			if (!webhook.loopback) continue;
			let queue = this.#queues.get(webhook.url);
			// A URL removed and added back is a new registration.
			if (queue?.webhook !== webhook) {
				queue?.close();
				queue = new HookQueue(webhook, {
					channelId: this.#channelId,
					clock: this.#clock,
					poster: this.#poster,
					settings: this.#settings,
					changes: this.#changes,
					isGuaranteed: () => this.#channel.guaranteedHooks,
					isListed: (listed) => this.#webhooks.list.includes(listed),
				});
				this.#queues.set(webhook.url, queue);
			}
			queue.push(entry);
		}
	}
}
