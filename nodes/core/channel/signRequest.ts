import { readChannel, type Channel, type ChannelFields } from './channel';
import type { Result } from '../problem';

/** What signing needs of a request: n8n's HTTP Request node uses `uri`, everything else `url`. */
export interface SignableRequest {
	url?: unknown;
	uri?: unknown;
	baseURL?: unknown;
	headers?: Record<string, unknown>;
}

const CHANNEL_PLACEHOLDER = /\{channel\}|%7Bchannel%7D/gi;

/** Behind an HTTP proxy, Host decides where the request goes. */
const OVERRIDDEN_HEADERS = /^(?:authorization|host)$/i;

/**
 * For both kinds of request in n8n. A followed redirect would carry the token along: to any origin before
 * version 4.4 of the HTTP Request node, to subdomains and from http to https even now.
 */
const NO_REDIRECTS = { disableFollowRedirect: true, followRedirect: false, followAllRedirects: false, maxRedirects: 0 };

/**
 * Signs a request: the channel's token as the only Authorization, `{channel}` in the URL replaced by the channel ID,
 * redirects disabled, the full address in `url` without any other credentials.
 * Throws if the credential's fields are unusable, or if the request goes to another origin than the credential's
 * Base URL: the token is never sent there (1msg-api.md, section 1).
 */
export function signRequest<T extends SignableRequest>(fields: ChannelFields, request: T): T {
	const channel = channelOf(fields);
	if (!channel.ok) throw new Error(`${channel.problem.message}. ${channel.problem.description}`);
	const { root, channelId, apiToken } = channel.value;
	const url = String(request.url ?? request.uri ?? '').replace(CHANNEL_PLACEHOLDER, channelId);
	const headers = Object.fromEntries(Object.entries(request.headers ?? {}).filter(([name]) => !OVERRIDDEN_HEADERS.test(name.trim())));
	return {
		...request,
		...NO_REDIRECTS,
		baseURL: undefined,
		uri: undefined,
		auth: undefined,
		url: isOwnUrl(root, url) ? url : resolve(url, request.baseURL, channel.value),
		headers: { ...headers, Authorization: `Bearer ${apiToken}` },
	};
}

const PLAIN_PATH = /^\/[\w/-]*$/;

/** Whether the URL is the channel's root plus a plain path, as in this package's own requests: nothing to resolve. */
function isOwnUrl(root: string, url: string): boolean {
	return url.startsWith(root) && PLAIN_PATH.test(url.slice(root.length));
}

/** The full address; a leading channel ID in the path stands for the channel's root. */
function resolve(url: string, baseURL: unknown, { root, origin, channelId }: Channel): string {
	const startsWithChannel = url.startsWith(`/${channelId}/`);
	const target = parseUrl(startsWithChannel ? root + url.slice(channelId.length + 1) : url, baseURL ?? root);
	if (!target) throw new Error(`The request's URL is not a web address. Start it with ${origin}, as the credential's Base URL does.`);
	// Not `origin`, which for a blob: URL is that of the URL inside.
	const targetOrigin = `${target.protocol}//${target.host}`;
	if (targetOrigin !== origin) {
		throw new Error(`The token of this credential is only sent to ${origin}, not to ${targetOrigin}. Check the URL and the credential's Base URL.`);
	}
	// URL credentials would replace the token; after two slashes an HTTP proxy's client reads another host.
	target.username = '';
	target.password = '';
	target.pathname = target.pathname.replace(/^\/+/, '/');
	return target.href;
}

function parseUrl(url: string, base: unknown): URL | undefined {
	try {
		return new URL(url, String(base));
	} catch {
		return undefined;
	}
}

let cached: { fields: ChannelFields; channel: Result<Channel> } | undefined;

/** Cached: a thousand messages are signed with the same fields. */
function channelOf(fields: ChannelFields): Result<Channel> {
	const isSame = cached?.fields.apiToken === fields.apiToken && cached?.fields.channelId === fields.channelId && cached?.fields.baseUrl === fields.baseUrl;
	if (!cached || !isSame) cached = { fields: { ...fields }, channel: readChannel(fields) };
	return cached.channel;
}
