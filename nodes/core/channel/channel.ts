import { z } from 'zod';
import { looseText, parseJson } from '../json';
import { foundBeforeSending, err, ok, type Result } from '../problem';
import { quote } from '../redact';

/** The credential's fields as typed by the user. */
export interface ChannelFields {
	channelId?: unknown;
	apiToken?: unknown;
	baseUrl?: unknown;
	testRecipient?: unknown;
}

/** Where requests go and how they are authorised. */
export interface Channel {
	channelId: string;
	/** Without a `Bearer ` prefix. */
	apiToken: string;
	/** Base URL plus channel ID, no trailing slash; paths like `/status` are appended. */
	root: string;
	/** Scheme, host and port of the base URL; the token is sent nowhere else. */
	origin: string;
	/** Everything that must never be shown. */
	secrets: string[];
}

export const DEFAULT_BASE_URL = 'https://api.1msg.io';

const CHANNEL_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{2,63}$/;
const TYPICAL_CHANNEL_ID = /^[A-Z]{3}\d{9}$|^\d{6,9}$/;
const tokenPayload = z.object({ instanceId: looseText, token: looseText });

function text(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** The token trimmed and without a pasted `Bearer ` prefix. */
export function bareToken(apiToken: unknown): string {
	return text(apiToken).replace(/^bearer\s+/i, '');
}

/** The channel named by a JWT; decoded, not verified (1msg-api.md, section 1). */
function readTokenPayload(token: string): z.infer<typeof tokenPayload> | undefined {
	const payload = token.split('.')[1];
	if (payload === undefined) return undefined;
	return tokenPayload.safeParse(parseJson(Buffer.from(payload, 'base64url').toString('utf8'))).data;
}

function stripInstance(channelId: string): string {
	return channelId.replace(/^instance/i, '');
}

/**
 * Reads the credential's fields into a channel. An explicit channel ID wins over the token's;
 * a trailing slash and a channel ID appended to the base URL are tolerated, a path prefix is kept.
 * Gives `channel-id-missing`, `token-missing` or `invalid-base-url`.
 */
export function readChannel(fields: ChannelFields): Result<Channel> {
	const apiToken = bareToken(fields.apiToken);
	if (apiToken === '' || /\s/.test(apiToken)) {
		return err(
			foundBeforeSending({
				code: 'token-missing',
				message: apiToken === '' ? 'The credential has no API token' : 'The API token contains spaces or line breaks',
				description: "Copy the channel's token from the 1MSG dashboard into the credential's API Token field.",
				action: 'alertPerson',
			}),
		);
	}
	const base = readBaseUrl(fields.baseUrl);
	if (!base) {
		return err(
			foundBeforeSending({
				code: 'invalid-base-url',
				message: `The credential's Base URL "${quote(text(fields.baseUrl), [apiToken]).slice(0, 100)}" is not a web address`,
				description: `Use ${DEFAULT_BASE_URL}, or the full address of your own gateway, starting with https:// or http://.`,
				action: 'alertPerson',
			}),
		);
	}
	const payload = readTokenPayload(apiToken);
	const pasted = base.pathname.split('/').pop() ?? '';
	const channelId =
		stripInstance(text(fields.channelId)) ||
		stripInstance(payload?.instanceId ?? '') ||
		(TYPICAL_CHANNEL_ID.test(stripInstance(pasted)) ? stripInstance(pasted) : '');
	if (!CHANNEL_ID.test(channelId)) {
		return err(
			foundBeforeSending({
				code: 'channel-id-missing',
				message:
					channelId === ''
						? 'The credential has no channel ID, and the token does not name one'
						: 'The channel ID contains invalid characters',
				description: 'Copy the channel ID from the 1MSG dashboard, for example three letters and nine digits.',
				action: 'alertPerson',
			}),
		);
	}
	const prefix = stripInstance(pasted) === channelId ? base.pathname.slice(0, -pasted.length - 1) : base.pathname;
	return ok({
		channelId,
		apiToken,
		root: `${base.origin}${prefix}/${channelId}`,
		origin: base.origin,
		secrets: [apiToken, payload?.token ?? ''].filter((secret) => secret !== ''),
	});
}

function readBaseUrl(baseUrl: unknown): { origin: string; pathname: string } | undefined {
	const given = text(baseUrl) || DEFAULT_BASE_URL;
	try {
		const url = new URL(given);
		if ((url.protocol !== 'https:' && url.protocol !== 'http:') || url.hostname === '') return undefined;
		return { origin: url.origin, pathname: url.pathname.replace(/^\/+/, '/').replace(/\/+$/, '') };
	} catch {
		return undefined;
	}
}
