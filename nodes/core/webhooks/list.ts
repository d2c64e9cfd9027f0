import { z } from 'zod';

/** A channel holds at most five webhook URLs in one list, which every writer replaces as a whole (1msg-api.md, section 5). */
export const MAX_WEBHOOKS = 5;

/** The query parameter that carries our secret. */
export const SECRET_PARAMETER = 'secret';

const listAnswer = z.object({
	webhookUrl: z.union([z.string(), z.array(z.string())]).nullish(),
	webhookStatuses: z.unknown(),
	disabledWebhooks: z.unknown(),
});

/** Fields allowed in an answer without `webhookUrl` (1msg-contract-2.md, section 1.3). With any other it is not a list: reading it as empty and writing it back would remove all URLs. */
const OTHER_FIELDS = new Set(['haveDisabledWebhooks', 'webhookStatuses', 'disabledWebhooks', 'circuitState', 'reason', 'fails', 'trips', 'disabledAt', 'firstFailAt']);

/**
 * The URLs in an answer of `GET /webhook`, including duplicates: a string, a list, or the old comma-separated string;
 * none if null or missing (1msg-contract-2.md, section 1.3). Undefined if the answer is something else, or has states of
 * URLs but no list: written back as empty, it would lose them.
 */
export function readWebhookEntries(json: unknown): string[] | undefined {
	const parsed = listAnswer.safeParse(json);
	if (!parsed.success) return undefined;
	if (parsed.data.webhookUrl === undefined && Object.keys(json as object).some((name) => !OTHER_FIELDS.has(name))) return undefined;
	const { webhookUrl, webhookStatuses, disabledWebhooks } = parsed.data;
	if ((webhookUrl ?? null) === null && (isFilled(webhookStatuses) || isFilled(disabledWebhooks))) return undefined;
	const given = webhookUrl ?? [];
	const urls = Array.isArray(given) ? given : given.split(/,\s*(?=https?:\/\/)/i);
	return urls.map((url) => url.trim()).filter((url) => url !== '');
}

function isFilled(value: unknown): boolean {
	return typeof value === 'string' ? value !== '' : typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** `readWebhookEntries` without duplicates. */
export function readWebhookList(json: unknown): string[] | undefined {
	const entries = readWebhookEntries(json);
	return entries && [...new Set(entries)];
}

/** The list as `POST /webhook` expects it: one URL as a string, several as a list. */
export function writtenList(urls: readonly string[]): string | string[] {
	return urls.length === 1 ? urls[0]! : [...urls];
}

/** Whether two URLs have the same origin and path, ignoring query, trailing slash and spaces. */
export function isSameEndpoint(a: string, b: string): boolean {
	const left = endpointOf(a);
	return left !== null && left === endpointOf(b);
}

function endpointOf(url: string): string | null {
	const parsed = parseUrl(url);
	return parsed && parsed.origin + parsed.pathname.replace(/\/+$/, '');
}

/** Adds the secret to the URL's query. */
export function withSecret(url: string, secret: string): string {
	const signed = new URL(url);
	signed.searchParams.set(SECRET_PARAMETER, secret);
	return signed.href;
}

/** The secret in a registered URL's query, null if there is none. */
export function secretIn(url: string): string | null {
	return parseUrl(url)?.searchParams.get(SECRET_PARAMETER) ?? null;
}

/** The URL without its query, which may hold secrets. */
export function withoutQuery(url: string): string {
	return url.split('?')[0]!;
}

const HIDDEN_VALUE = /([?&](?:[^=&#\s"',]*=)?)[^&#\s"',]+/g;
const HIDDEN_USER = /(https?:\/\/)[^/?#@\s"',]+@/gi;

/** Masks query values and credentials in a text of URLs: any may be a secret. */
export function masked(text: string): string {
	return text.replace(HIDDEN_VALUE, '$1[hidden]').replace(HIDDEN_USER, '$1[hidden]@');
}

const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;

/** Why 1MSG cannot reach this URL from the internet, or null if it should be able to. */
export function whyUnreachable(url: string): string | null {
	const parsed = parseUrl(url);
	if (!parsed) return 'it is not a web address';
	const host = parsed.hostname.replace(/^\[|\]$|\.$/g, '');
	const ip = IPV4.test(host) || host.includes(':') ? host : '';
	if (/(^|\.)localhost$/.test(host) || /^(127\.|0\.0\.0\.0$|::1?$|::ffff:7f)/.test(ip)) {
		return `"${host}" is this machine itself`;
	}
	if (/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|fe80:)/.test(ip)) {
		return `"${host}" is a private address`;
	}
	const isLocalName = ip === '' && (!host.includes('.') || /\.(local|internal|lan|home\.arpa)$/.test(host));
	if (isLocalName) return `"${host}" resolves only on a local network`;
	return parsed.protocol === 'https:' ? null : 'it is plain http, and 1MSG requires https';
}

/** Parses a URL; null if invalid. */
export function parseUrl(url: string): URL | null {
	try {
		return new URL(url.trim());
	} catch {
		return null;
	}
}
