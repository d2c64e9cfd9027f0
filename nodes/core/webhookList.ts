import { z } from 'zod';

/** A channel holds at most five webhook URLs in one list that every writer replaces as a whole (1msg-api.md, section 5). */
export const MOST_WEBHOOKS = 5;

/** The query parameter that carries our secret. */
export const SECRET_PARAMETER = 'secret';

const listAnswer = z.object({ webhookUrl: z.union([z.string(), z.array(z.string())]).nullish() });

/** The URLs in an answer of `GET /webhook`: a text, a list, or the old comma-joined text. Undefined when it is none of them. */
export function readWebhookList(json: unknown): string[] | undefined {
	const parsed = listAnswer.safeParse(json);
	if (!parsed.success) return undefined;
	const given = parsed.data.webhookUrl ?? [];
	const urls = Array.isArray(given) ? given : given.split(/,\s*(?=https?:\/\/)/i);
	return [...new Set(urls.map((url) => url.trim()).filter((url) => url !== ''))];
}

/** The list as `POST /webhook` wants it: one URL as text, several as a list. */
export function writtenList(urls: readonly string[]): string | string[] {
	return urls.length === 1 ? urls[0]! : [...urls];
}

/** Whether two URLs name the same endpoint: origin and path, whatever the query, trailing slash or spaces. */
export function isSameEndpoint(a: string, b: string): boolean {
	const left = endpointOf(a);
	return left !== null && left === endpointOf(b);
}

function endpointOf(url: string): string | null {
	try {
		const { origin, pathname } = new URL(url.trim());
		return origin + pathname.replace(/\/+$/, '');
	} catch {
		return null;
	}
}

/** The URL with the secret in its query. */
export function withSecret(url: string, secret: string): string {
	const signed = new URL(url);
	signed.searchParams.set(SECRET_PARAMETER, secret);
	return signed.href;
}

/** The secret in a registered URL's query, null where there is none. */
export function secretIn(url: string): string | null {
	try {
		return new URL(url.trim()).searchParams.get(SECRET_PARAMETER);
	} catch {
		return null;
	}
}

/** The URL fit for a message: whatever secrets stand in its query are left out. */
export function withoutQuery(url: string): string {
	return url.split('?')[0]!;
}

/** Why 1MSG cannot reach this URL from the internet, or null where nothing speaks against it. */
export function whyUnreachable(url: string): string | null {
	const { protocol, hostname } = new URL(url);
	const host = hostname.replace(/^\[|\]$/g, '');
	if (/^(localhost|.*\.(localhost|local|internal|lan))$/i.test(host) || /^(127\.|0\.0\.0\.0$|::1$)/.test(host)) {
		return `"${host}" is this machine itself`;
	}
	if (/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|f[cd][0-9a-f]{2}:|fe80:)/i.test(host)) {
		return `"${host}" is a private address`;
	}
	if (!host.includes('.') && !host.includes(':')) return `"${host}" is a name that only a local network knows`;
	return protocol === 'https:' ? null : 'it is plain http, and 1MSG wants https';
}
