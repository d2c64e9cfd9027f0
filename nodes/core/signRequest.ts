import { readChannel, type Channel, type ChannelFields } from './channel';
import type { Result } from './problem';

/** What a request needs to be signed, whoever makes it (a node of ours or n8n's HTTP Request node). */
export interface SignableRequest {
	url: string;
	baseURL?: string;
	headers?: Record<string, unknown>;
}

const CHANNEL_PLACEHOLDER = /\{channel\}|%7Bchannel%7D/gi;

/**
 * The request with the channel's token in its Authorization header, once, and `{channel}` in the path replaced by the channel ID.
 * Throws an Error in words when the credential's fields are unusable, or when the request goes to another host
 * than the credential's Base URL: the token never travels there (1msg-api.md, section 1).
 */
export function signRequest<T extends SignableRequest>(fields: ChannelFields, request: T): T {
	const channel = channelOf(fields);
	if (!channel.ok) throw new Error(`${channel.problem.message}. ${channel.problem.description}`);
	const { root, origin, channelId, apiToken } = channel.value;
	const url = request.url.replace(CHANNEL_PLACEHOLDER, channelId);
	const target = isBelow(root, url) ? { origin, href: url } : resolve(url, request.baseURL, root, channelId);
	if (target.origin !== origin) {
		throw new Error(`The token of this credential is only sent to ${origin}, not to ${target.origin}. Check the URL and the credential's Base URL.`);
	}
	const headers = Object.fromEntries(
		Object.entries(request.headers ?? {}).filter(([name]) => name.toLowerCase() !== 'authorization'),
	);
	return { ...request, baseURL: undefined, url: target.href, headers: { ...headers, Authorization: `Bearer ${apiToken}` } };
}

const PLAIN_PATH = /^\/[\w/-]*$/;

/** Whether the URL is the channel's own with a plain path behind it, as this package's own requests are: nothing is left to resolve. */
function isBelow(root: string, url: string): boolean {
	return url.startsWith(root) && PLAIN_PATH.test(url.slice(root.length));
}

/** A path that starts with the channel ID belongs under the base URL, wherever that has the channel or a prefix. */
function resolve(url: string, baseURL: string | undefined, root: string, channelId: string): URL {
	if (url.startsWith(`/${channelId}/`)) return new URL(root + url.slice(channelId.length + 1));
	return new URL(url, baseURL ?? root);
}

let last: { fields: ChannelFields; channel: Result<Channel> } | undefined;

/** A thousand messages are signed with the same fields, one after the other. */
function channelOf(fields: ChannelFields): Result<Channel> {
	const isSame = last?.fields.apiToken === fields.apiToken && last?.fields.channelId === fields.channelId && last?.fields.baseUrl === fields.baseUrl;
	if (!last || !isSame) last = { fields: { ...fields }, channel: readChannel(fields) };
	return last.channel;
}
