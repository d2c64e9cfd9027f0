import { type Answer, json } from '../http/answer.mts';
import { flagOf, type JsonObject } from '../json.mts';
import type { Settings } from '../state/settings.mts';
import { readUrls } from './webhook.mts';
import type { WebhookList } from '../state/webhook-list.mts';

/** The flags of POST /settings (1msg-api.md section 5). */
export interface ChannelSettings {
	ackNotificationsOn: boolean;
	guaranteedHooks: boolean;
	rawHooks: boolean;
	template_analytics_enabled: boolean;
	cta_url_link_tracking_opted_out: boolean;
}

/** Defaults of a new channel: status events are off until enabled. */
export function newChannelSettings(): ChannelSettings {
	return {
		ackNotificationsOn: false,
		guaranteedHooks: true,
		rawHooks: false,
		template_analytics_enabled: false,
		cta_url_link_tracking_opted_out: false,
	};
}

/** GET /settings (1msg-contract-2.md section 1.5). */
export function showSettings(channel: ChannelSettings, webhooks: WebhookList): Answer {
	return json(200, { webhookUrl: webhooks.shown(), ...channel, ...webhooks.states() });
}

/** POST /settings: updates the given fields. `webhookUrl: ""` clears the list; a list re-enables its URLs unless the settings say otherwise. */
export function changeSettings(channel: ChannelSettings, webhooks: WebhookList, settings: Settings, body: JsonObject): Answer {
	const update: JsonObject = {};
	if (body.webhookUrl !== undefined) {
		const urls = readUrls(body.webhookUrl);
		if (typeof urls === 'string') return json(400, { error: urls });
		webhooks.replace(urls);
		if (settings.settingsReEnable) webhooks.enableAll();
		update.webhookUrl = webhooks.shown();
	}
	for (const name of Object.keys(channel) as Array<keyof ChannelSettings>) {
		const value = flagOf(body[name]);
		if (value === undefined) continue;
		channel[name] = value;
		update[name] = value;
	}
	return json(200, { webhookUrl: webhooks.shown(), ...channel, update });
}
