import { Clock } from '../state/clock.mts';
import { type HookEntry, messageEntries, statusEntries } from './payloads.mts';
import { HookPoster, type PostResult } from './post.mts';
import { HookQueue } from './queue.mts';
import type { Message, StatusRecord } from '../state/messages.mts';
import type { World } from '../state/world.mts';
import { isLoopback } from '../state/webhook-list.mts';

type HookWorld = Pick<World, 'channelId' | 'settings' | 'channel' | 'webhooks' | 'customers' | 'changes'>;

/** Delivers channel events to its registered loopback URLs (1msg-api.md section 6). */
export class Hooks {
	readonly #world: HookWorld;
	readonly #clock = new Clock();
	readonly #poster = new HookPoster();
	#queues = new Map<string, HookQueue>();

	constructor(world: HookWorld) {
		this.#world = world;
	}

	/** Sends a status hook if ackNotificationsOn. */
	status(message: Message, record: StatusRecord): void {
		const { channel, settings, customers } = this.#world;
		if (!channel.ackNotificationsOn) return;
		const entries = statusEntries(message, record, customers.namesIn(message), settings, channel.rawHooks);
		const copies = settings.duplicateStatuses ? 2 : 1;
		for (let copy = 0; copy < copies; copy++) for (const entry of entries) this.#push(entry);
	}

	/** Sends a hook for an inbound message or an echo. */
	message(message: Message): void {
		const { channel, settings, customers } = this.#world;
		for (const entry of messageEntries(message, customers.namesIn(message), settings, channel.rawHooks)) this.#push(entry);
	}

	/** Undelivered entries of a URL. */
	pending(url: string): number {
		return this.#queues.get(url)?.pending ?? 0;
	}

	/** Posts a body to loopback URLs once, bypassing the queues. */
	async postNow(urls: readonly string[], body: string): Promise<Array<PostResult & { url: string }>> {
		const reachable = urls.filter(isLoopback);
		return Promise.all(
			reachable.map(async (url) => ({ url, ...(await this.#poster.post(url, body, this.#world.settings.hookTimeoutMs)) })),
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
		const { channelId, settings, channel, webhooks, changes } = this.#world;
		for (const webhook of webhooks.list) {
			if (!webhook.loopback) continue;
			let queue = this.#queues.get(webhook.url);
			// A URL removed and added back is a new registration.
			if (queue?.webhook !== webhook) {
				queue?.close();
				queue = new HookQueue(webhook, {
					channelId,
					clock: this.#clock,
					poster: this.#poster,
					settings,
					changes,
					isGuaranteed: () => channel.guaranteedHooks,
					isListed: (listed) => webhooks.list.includes(listed),
				});
				this.#queues.set(webhook.url, queue);
			}
			queue.push(entry);
		}
	}
}
