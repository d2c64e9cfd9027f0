import { Calls } from './calls.mts';
import { Changes } from './changes.mts';
import { type ChannelSettings, newChannelSettings } from '../api/settings.mts';
import { Counts } from './counts.mts';
import { Customers } from './customers.mts';
import { Deliveries } from './deliveries.mts';
import { Hooks } from '../hooks/hooks.mts';
import type { JsonObject } from '../json.mts';
import type { Media } from '../api/media.mts';
import { Messages } from './messages.mts';
import { SeededRandom } from './random.mts';
import { RateLimit } from './rate-limit.mts';
import { Shop } from '../shop/shop.mts';
import { ScriptedAnswers } from '../scenarios/scripted-answers.mts';
import { defaultSettings, type Settings } from './settings.mts';
import { Templates } from './templates.mts';
import { WebhookList } from './webhook-list.mts';

/** A channel and its whole state. */
export class World {
	readonly channelId: string;
	readonly token: string;
	readonly settings: Settings = defaultSettings();
	readonly channel: ChannelSettings = newChannelSettings();
	readonly templates = new Templates();
	readonly webhooks = new WebhookList(this.settings);
	readonly customers = new Customers(this.settings);
	readonly scripts = new ScriptedAnswers();
	readonly calls = new Calls();
	readonly counts = new Counts();
	readonly changes = new Changes();
	readonly hooks: Hooks;
	readonly deliveries: Deliveries;
	readonly shop = new Shop(this.settings);
	/** Uploaded files by ID. */
	readonly media = new Map<string, Media>();
	/** The business profile of GET and POST /me. */
	profile = newProfile();
	messages = new Messages();
	rateLimit = new RateLimit();
	random = new SeededRandom();
	/** Time of each customer's last message, in milliseconds since 1970. */
	lastInbound = new Map<string, number>();

	constructor(channelId: string, token: string) {
		this.channelId = channelId;
		this.token = token;
		this.hooks = new Hooks(this);
		this.deliveries = new Deliveries(this.settings, this.hooks, this.changes);
	}

	isWindowOpen(phone: string): boolean {
		return Date.now() - (this.lastInbound.get(phone) ?? -Infinity) < this.settings.windowMs;
	}

	/** Clears messages, calls, scripts and pending deliveries; with `all`, also settings, templates, webhooks and customers. */
	clear(all: boolean): void {
		this.deliveries.clear();
		this.hooks.clear();
		this.scripts.clear();
		this.calls.clear();
		this.counts.clear();
		this.media.clear();
		this.shop.clear();
		this.messages = new Messages();
		this.rateLimit = new RateLimit();
		this.random = new SeededRandom();
		this.lastInbound = new Map();
		if (!all) return;
		Object.assign(this.settings, defaultSettings());
		Object.assign(this.channel, newChannelSettings());
		this.templates.reset();
		this.webhooks.reset();
		this.customers.reset();
		this.profile = newProfile();
	}
}

function newProfile(): JsonObject {
	return { name: 'Example Shop', about: 'A shop that does not exist', email: 'hello@shop.example', websites: ['https://shop.example'] };
}
