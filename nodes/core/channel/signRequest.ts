import { readChannel, type Channel, type ChannelFields } from './channel';
import type { Result } from '../problem';

/** What a request needs to be signed, whoever makes it: n8n's HTTP Request node says `uri`, everybody else `url`. */
export interface SignableRequest {
	url?: unknown;
	uri?: unknown;
	baseURL?: unknown;
	headers?: Record<string, unknown>;
}

const CHANNEL_PLACEHOLDER = /\{channel\}|%7Bchannel%7D/gi;

/** Where an HTTP proxy is in between, Host decides where the request goes. */
const NOT_OF_THE_CALLER = /^(?:authorization|host)$/i;

/**
 * In the words of both kinds of request that n8n has. Followed, a redirect takes the token along: to every origin
 * before version 4.4 of the HTTP Request node, to subdomains and from http to https still.
 */
const NO_REDIRECTS = { disableFollowRedirect: true, followRedirect: false, followAllRedirects: false, maxRedirects: 0 };

/**
 * The request with the channel's token in its Authorization header, once, `{channel}` in its URL replaced by the channel ID,
 * and redirects not followed. Its whole address is in `url`, and no other login is in it.
 * Throws an Error in words when the credential's fields are unusable, or when the request goes to another origin
 * than the credential's Base URL: the token never travels there (1msg-api.md, section 1).
 */
export function signRequest<T extends SignableRequest>(fields: ChannelFields, request: T): T {
	const channel = channelOf(fields);
	if (!channel.ok) throw new Error(`${channel.problem.message}. ${channel.problem.description}`);
	const { root, channelId, apiToken } = channel.value;
	const url = String(request.url ?? request.uri ?? '').replace(CHANNEL_PLACEHOLDER, channelId);
	const headers = Object.fromEntries(Object.entries(request.headers ?? {}).filter(([name]) => !NOT_OF_THE_CALLER.test(name.trim())));
	return {
		...request,
		...NO_REDIRECTS,
		baseURL: undefined,
		uri: undefined,
		auth: undefined,
		url: isBelow(root, url) ? url : resolve(url, request.baseURL, channel.value),
		headers: { ...headers, Authorization: `Bearer ${apiToken}` },
	};
}

const PLAIN_PATH = /^\/[\w/-]*$/;

/** Whether the URL is the channel's own with a plain path behind it, as this package's own requests are: nothing is left to resolve. */
function isBelow(root: string, url: string): boolean {
	return url.startsWith(root) && PLAIN_PATH.test(url.slice(root.length));
}

/** The whole address; a path that starts with the channel ID belongs under the Base URL, wherever that has the channel or a prefix. */
function resolve(url: string, baseURL: unknown, { root, origin, channelId }: Channel): string {
	const startsWithChannel = url.startsWith(`/${channelId}/`);
	const target = parseUrl(startsWithChannel ? root + url.slice(channelId.length + 1) : url, baseURL ?? root);
	if (!target) throw new Error(`The request's URL is not a web address. Start it with ${origin}, as the credential's Base URL does.`);
	// Not `origin`: that of a blob: URL is the one inside it.
	const goesTo = `${target.protocol}//${target.host}`;
	if (goesTo !== origin) {
		throw new Error(`The token of this credential is only sent to ${origin}, not to ${goesTo}. Check the URL and the credential's Base URL.`);
	}
	// A login would replace the token. Behind two slashes an HTTP proxy's client reads another host.
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

let last: { fields: ChannelFields; channel: Result<Channel> } | undefined;

/** A thousand messages are signed with the same fields, one after the other. */
function channelOf(fields: ChannelFields): Result<Channel> {
	const isSame = last?.fields.apiToken === fields.apiToken && last?.fields.channelId === fields.channelId && last?.fields.baseUrl === fields.baseUrl;
	if (!last || !isSame) last = { fields: { ...fields }, channel: readChannel(fields) };
	return last.channel;
}
