import { type Answer, json } from '../http/answer.mts';
import { type JsonObject, listOf } from '../json.mts';
import type { Settings } from '../state/settings.mts';
import type { WebhookList } from '../state/webhook-list.mts';

const MAX_URLS = 5;
const EMPTY = { null: null, text: '', array: [], missing: undefined };

/** GET /webhook (1msg-contract-2.md section 1.3). */
export function showWebhooks(webhooks: WebhookList, settings: Settings): Answer {
	const webhookUrl = webhooks.urls.length > 0 ? webhooks.shown() : EMPTY[settings.emptyWebhookUrl];
	return json(200, { webhookUrl, ...webhooks.states() });
}

/** POST /webhook: replaces the list and re-enables its URLs; rejects an empty list (1msg-contract-2.md section 1.4). */
export function setWebhooks(webhooks: WebhookList, settings: Settings, body: JsonObject): Answer {
	const urls = readUrls(body.webhookUrl);
	if (typeof urls === 'string') return json(400, { error: urls });
	if (urls.length === 0) return json(400, { error: 'webhookUrl is empty' });
	const isChanged = webhooks.replace(urls);
	webhooks.enableAll();
	return json(200, settings.webhookAnswer === 'matches' ? { set: true, webhookUrl: webhooks.shown() } : { set: isChanged, message: urls.join(',') });
}

/** The URLs of a request: one, an array, or comma-separated; a string is the error message. */
export function readUrls(value: unknown): string[] | string {
	const items = listOf(value) ?? (typeof value === 'string' ? value.split(/,(?=\s*https?:)/) : undefined);
	if (!items || items.some((item) => typeof item !== 'string')) return 'webhookUrl must be a URL or an array of URLs';
	const urls = items.map((item) => String(item).trim()).filter((url) => url !== '');
	const wrong = urls.find((url) => !/^https?:$/.test(URL.parse(url)?.protocol ?? ''));
	if (wrong !== undefined) return `${wrong} is not a valid URL`;
	return urls.length > MAX_URLS ? `No more than ${MAX_URLS} webhook URLs are allowed` : urls;
}
