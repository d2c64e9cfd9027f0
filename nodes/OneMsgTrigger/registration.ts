import { randomBytes } from 'node:crypto';
import type { IHookFunctions } from 'n8n-workflow';
import { channelLists } from '../shared/channelLists';
import { changeList, isMissing, readAckNotifications, readStates, switchAckNotificationsOn, type ChannelAccess } from '../shared/webhookRegistry';
import { err, ok, type Result } from '../core/problem';
import { isSameEndpoint, secretIn, withoutQuery, withSecret } from '../core/webhooks/list';
import { mayBeDown } from '../core/webhooks/states';
import { ask, DEFAULT_TIMEOUT, type OpenChannel } from '../shared/transport';

/** Kept in n8n's static data between activation and deactivation. */
export interface Registration {
	secret: string;
	/** The registered URL without its query. */
	url: string;
	channelId: string;
}

/**
 * Whether the channel already calls `url` with this secret, and status events are on if wanted. A URL that may be down is not
 * called: registering it again submits the list, and its new secret makes it a URL without failures (1msg-contract-2.md, section 1.6).
 */
export async function isRegistered(
	context: IHookFunctions,
	channel: OpenChannel,
	url: string,
	secret: string,
	wantsStatuses: boolean,
): Promise<Result<boolean>> {
	const access = accessTo(context, channel);
	const list = await readStates(access);
	if (!list.ok) return list;
	const ours = list.value.webhooks.filter((entry) => isSameEndpoint(entry.url, url));
	if (secret === '' || ours.length === 0 || ours.some((entry) => entry.url !== ours[0]!.url || secretIn(entry.url) !== secret)) return ok(false);
	if (ours.some((entry) => mayBeDown(entry, list.value.isUnnamedDown))) return ok(false);
	if (!wantsStatuses) return ok(true);
	const found = await readAckNotifications(access);
	if (!found.ok) return isMissing(found.problem) ? ok(true) : found;
	return ok(found.value.isOn === true);
}

/**
 * Adds our URL with a new secret to the channel's list and keeps every other URL.
 * A URL of another origin is not ours, even if static data remembers it: a copied database must not disable production.
 * Rolls back if a later step fails. `onWriting` gets the registration before the list is written: a hook may arrive at once.
 */
export async function register(
	context: IHookFunctions,
	channel: OpenChannel,
	url: string,
	wantsStatuses: boolean,
	onWriting: (registration: Registration) => void,
): Promise<Result<Registration>> {
	return await channelLists.run(channel.root, async () => {
		const access = accessTo(context, channel);
		const secret = randomBytes(24).toString('base64url');
		const signed = withSecret(url, secret);
		const registration = { secret, url: withoutQuery(url), channelId: channel.channelId };
		onWriting(registration);
		const isOurs = (entry: string) => isSameEndpoint(entry, url);
		const written = await changeList(access, isOurs, signed);
		const switchedOn = written.ok && wantsStatuses ? await switchAckNotificationsOn(access) : written;
		if (switchedOn.ok) return ok(registration);
		const undone = await changeList(access, isOurs, null);
		if (undone.ok) return err(switchedOn.problem);
		const left = `The URL ${withoutQuery(url)} may be left in the channel's list: remove it in the 1MSG dashboard.`;
		return err({ ...switchedOn.problem, description: `${switchedOn.problem.description} ${left}` });
	});
}

/** Removes our URL, and only ours, from the channel's list, if present. */
export async function unregister(
	context: IHookFunctions,
	channel: OpenChannel,
	url: string,
): Promise<Result<null>> {
	const isOurs = (entry: string) => isSameEndpoint(entry, url);
	return await channelLists.run(channel.root, async () => await changeList(accessTo(context, channel), isOurs, null));
}

function accessTo(context: IHookFunctions, channel: OpenChannel): ChannelAccess {
	return { channel, timeout: DEFAULT_TIMEOUT, ask: async (request) => await ask(context, channel, request) };
}
