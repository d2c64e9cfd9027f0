import { randomBytes } from 'node:crypto';
import type { IHookFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { parseJson } from '../core/foreign';
import { NamedLock } from '../core/lock';
import { askingProblem } from '../core/outcome';
import { no, ok, type Problem, type Result } from '../core/problem';
import {
	isSameEndpoint,
	MOST_WEBHOOKS,
	readWebhookList,
	secretIn,
	withoutQuery,
	withSecret,
	writtenList,
} from '../core/webhookList';
import { ask, DEFAULT_TIMEOUT, type ChannelRequest, type OpenChannel } from '../transport';

/** What the trigger keeps in n8n's static data between activation and deactivation. */
export interface Registration {
	secret: string;
	/** The registered URL without its query. */
	url: string;
	channelId: string;
}

/** Writers of one channel's list in this process take turns: the service has no compare-and-swap. */
const lists = new NamedLock();

/** Attempts to write the list before giving up, when another program writes it in between. */
const ATTEMPTS = 2;

/** Whether the channel already calls `url` with this secret, and status events are on where they are wanted. */
export async function isRegistered(
	context: IHookFunctions,
	channel: OpenChannel,
	url: string,
	secret: string,
	wantsStatuses: boolean,
): Promise<Result<boolean>> {
	const list = await readList(context, channel);
	if (!list.ok) return list;
	const ours = list.value.filter((entry) => isSameEndpoint(entry, url));
	if (ours.length !== 1 || secret === '' || secretIn(ours[0]!) !== secret) return ok(false);
	return wantsStatuses ? await acknowledgesStatuses(context, channel) : ok(true);
}

/**
 * Adds our URL with a new secret to the channel's list and leaves every other URL there.
 * `formerUrl` is what static data remembers from a registration under another host: it is replaced.
 * Undoes itself when a later step does not succeed.
 */
export async function register(
	context: IHookFunctions,
	channel: OpenChannel,
	url: string,
	formerUrl: string,
	wantsStatuses: boolean,
): Promise<Result<Registration>> {
	return await lists.run(channel.root, async () => {
		const secret = randomBytes(24).toString('base64url');
		const signed = withSecret(url, secret);
		const isOurs = (entry: string) => isSameEndpoint(entry, url) || isSameEndpoint(entry, formerUrl);
		const written = await changeList(context, channel, isOurs, signed);
		const switchedOn = written.ok && wantsStatuses ? await switchStatusesOn(context, channel) : written;
		if (switchedOn.ok) return ok({ secret, url: withoutQuery(url), channelId: channel.channelId });
		const undone = await changeList(context, channel, isOurs, null);
		if (undone.ok) return no(switchedOn.problem);
		const left = `The URL ${withoutQuery(url)} may be left in the channel's list: remove it in the 1MSG dashboard.`;
		return no({ ...switchedOn.problem, description: `${switchedOn.problem.description} ${left}` });
	});
}

/** Takes our URL, and only ours, out of the channel's list; nothing to do where it is not there. */
export async function unregister(
	context: IHookFunctions,
	channel: OpenChannel,
	url: string,
	formerUrl: string,
): Promise<Result<null>> {
	const isOurs = (entry: string) => isSameEndpoint(entry, url) || isSameEndpoint(entry, formerUrl);
	return await lists.run(channel.root, async () => await changeList(context, channel, isOurs, null));
}

/** Read, merge, write, read back; once more when the list then is not what we wrote. `mine` null removes ours. */
async function changeList(
	context: IHookFunctions,
	channel: OpenChannel,
	isOurs: (url: string) => boolean,
	mine: string | null,
): Promise<Result<null>> {
	let list = await readList(context, channel);
	for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
		if (!list.ok) return list;
		const others = list.value.filter((url) => !isOurs(url));
		if (mine === null && others.length === list.value.length) return ok(null);
		if (mine !== null && others.length >= MOST_WEBHOOKS) return no(listFull(others));
		const wanted = mine === null ? others : [...others, mine];
		const written = await writeList(context, channel, wanted);
		if (!written.ok) return written;
		list = await readList(context, channel);
		if (!list.ok) return list;
		const now = list.value;
		const ours = now.filter(isOurs);
		const othersKept = others.every((url) => now.includes(url));
		if (othersKept && (mine === null ? ours.length === 0 : ours.length === 1 && ours[0] === mine)) return ok(null);
		// Somebody wrote in between. What we took away with an old reading goes back with the next writing.
		list = ok([...new Set([...now, ...others])]);
	}
	return no(
		service({
			code: 'webhook-list-contended',
			message: "The channel's webhook list is being changed by another program at the same time",
			description: 'Activate the workflow again in a minute.',
			action: 'retryLater',
			retryAfter: 60,
		}),
	);
}

async function readList(context: IHookFunctions, channel: OpenChannel): Promise<Result<string[]>> {
	const json = await askJson(context, channel, { method: 'GET', path: '/webhook', timeout: DEFAULT_TIMEOUT });
	if (!json.ok) return json;
	const urls = readWebhookList(json.value);
	if (urls) return ok(urls);
	return no(
		service({
			code: 'webhook-list-unreadable',
			message: "The channel's webhook list could not be read, so nothing was changed",
			description: 'Try again later. If it stays so, look at the webhooks in the 1MSG dashboard.',
			action: 'alertPerson',
		}),
	);
}

async function writeList(context: IHookFunctions, channel: OpenChannel, urls: string[]): Promise<Result<unknown>> {
	// POST /webhook refuses an empty list; POST /settings takes it.
	const path = urls.length === 0 ? '/settings' : '/webhook';
	const webhookUrl = urls.length === 0 ? '' : writtenList(urls);
	return await askJson(context, channel, { method: 'POST', path, body: { webhookUrl }, timeout: DEFAULT_TIMEOUT });
}

const settings = z.object({ ackNotificationsOn: z.union([z.boolean(), z.number(), z.string()]).nullish() });

async function acknowledgesStatuses(context: IHookFunctions, channel: OpenChannel): Promise<Result<boolean>> {
	const json = await askJson(context, channel, { method: 'GET', path: '/settings', timeout: DEFAULT_TIMEOUT });
	if (!json.ok) return json;
	const value = settings.safeParse(json.value).data?.ackNotificationsOn;
	return ok(value === true || value === 1 || /^(true|1)$/i.test(String(value)));
}

/** Switches `ackNotificationsOn` on where it is off, and touches nothing else. */
async function switchStatusesOn(context: IHookFunctions, channel: OpenChannel): Promise<Result<unknown>> {
	const on = await acknowledgesStatuses(context, channel);
	if (!on.ok || on.value) return on;
	const body = { ackNotificationsOn: true };
	return await askJson(context, channel, { method: 'POST', path: '/settings', body, timeout: DEFAULT_TIMEOUT });
}

async function askJson(context: IHookFunctions, channel: OpenChannel, request: ChannelRequest): Promise<Result<unknown>> {
	const answer = await ask(context, channel, request);
	const problem = askingProblem(answer, Date.now(), channel.secrets);
	if (problem) return no(problem);
	return ok(answer.kind === 'answer' ? parseJson(answer.text) : undefined);
}

function listFull(others: readonly string[]): Problem {
	return service({
		code: 'webhook-list-full',
		message: `The channel's list already holds ${others.length} webhook URLs, and ${MOST_WEBHOOKS} is the most it takes: ${others.map(withoutQuery).join(', ')}`,
		description: 'Remove one that is no longer used, in the 1MSG dashboard or by deactivating its workflow, then activate this workflow again.',
		action: 'alertPerson',
	});
}

function service(problem: Pick<Problem, 'code' | 'message' | 'description' | 'action'> & Partial<Problem>): Problem {
	return { retryAfter: null, httpCode: 200, saidBy: 'service', ...problem };
}
