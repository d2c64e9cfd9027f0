import { z } from 'zod';
import type { Channel } from '../core/channel/channel';
import { looseFlag, parseJson } from '../core/json';
import { askingProblem, type Answer } from '../core/outcome/outcome';
import { err, ok, type Problem, type Result } from '../core/problem';
import { masked, MAX_WEBHOOKS, readWebhookList, withoutQuery, writtenList } from '../core/webhooks/list';
import { readWebhooks, type ReportedWebhooks } from '../core/webhooks/states';
import type { ChannelRequest } from './transport';

/** A channel and how to request it. */
export interface ChannelAccess {
	channel: Channel;
	/** Milliseconds for one answer. */
	timeout: number;
	ask: (request: ChannelRequest) => Promise<Answer>;
}

/** A channel's webhooks, parsed and raw. */
export interface FoundWebhooks extends ReportedWebhooks {
	text: string;
}

/** Attempts to write the list if another program writes it concurrently. */
const ATTEMPTS = 2;

/** Reads the registered URLs with their states. Gives `webhook-list-unreadable`. */
export async function readStates(access: ChannelAccess): Promise<Result<FoundWebhooks>> {
	const answer = await askText(access, { method: 'GET', path: '/webhook' });
	if (!answer.ok) return answer;
	const found = readWebhooks(parseJson(answer.value), access.channel.secrets);
	return found ? ok({ ...found, text: answer.value }) : err(unreadable());
}

/** Reads the registered URLs without duplicates. Gives `webhook-list-unreadable`. */
export async function readList(access: ChannelAccess): Promise<Result<string[]>> {
	const answer = await askText(access, { method: 'GET', path: '/webhook' });
	if (!answer.ok) return answer;
	const urls = readWebhookList(parseJson(answer.value));
	return urls ? ok(urls) : err(unreadable());
}

/** Replaces the whole list, which re-enables disabled URLs. The answer does not tell what changed: read back (1msg-contract-2.md, section 1.4). */
export async function writeList(access: ChannelAccess, urls: readonly string[]): Promise<Result<string>> {
	// POST /webhook refuses an empty list; POST /settings takes it.
	if (urls.length === 0) return await askText(access, { method: 'POST', path: '/settings', body: { webhookUrl: '' } });
	return await askText(access, { method: 'POST', path: '/webhook', body: { webhookUrl: writtenList(urls) } });
}

/** Reads, merges, writes and reads back; retries if the list is not as written. `mine` null removes ours. */
export async function changeList(access: ChannelAccess, isOurs: (url: string) => boolean, mine: string | null): Promise<Result<null>> {
	let list = await readList(access);
	for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
		if (!list.ok) return list;
		const others = list.value.filter((url) => !isOurs(url));
		if (mine === null && others.length === list.value.length) return ok(null);
		if (mine !== null && others.length >= MAX_WEBHOOKS) return err(listFull(others));
		const wanted = mine === null ? others : [...others, mine];
		const written = await writeList(access, wanted);
		if (!written.ok) return written;
		list = await readList(access);
		if (!list.ok) return list;
		const now = list.value;
		const ours = now.filter(isOurs);
		const othersKept = others.every((url) => now.includes(url));
		if (othersKept && (mine === null ? ours.length === 0 : ours.length === 1 && ours[0] === mine)) return ok(null);
		// Another program wrote concurrently: the next write restores what ours overwrote.
		list = ok([...new Set([...now, ...others])]);
	}
	return err(
		serviceProblem({
			code: 'webhook-list-contended',
			message: "The channel's webhook list is being changed by another program at the same time",
			description: 'Activate the workflow again in a minute.',
			action: 'retryLater',
			retryAfter: 60,
		}),
	);
}

const settings = z.object({ ackNotificationsOn: looseFlag.optional() });

/** Whether status events are on; `isOn` is null if the service does not say. */
export async function readAckNotifications(access: ChannelAccess): Promise<Result<{ isOn: boolean | null; text: string }>> {
	const answer = await askText(access, { method: 'GET', path: '/settings' });
	if (!answer.ok) return answer;
	return ok({ isOn: settings.safeParse(parseJson(answer.value)).data?.ackNotificationsOn ?? null, text: answer.value });
}

/** Turns `ackNotificationsOn` on if it is off, and changes nothing else. A channel without `/settings` has no such setting. */
export async function switchAckNotificationsOn(access: ChannelAccess): Promise<Result<unknown>> {
	const found = await readAckNotifications(access);
	if (!found.ok) return isMissing(found.problem) ? ok(null) : found;
	if (found.value.isOn === true) return found;
	const switched = await askText(access, { method: 'POST', path: '/settings', body: { ackNotificationsOn: true } });
	return !switched.ok && isMissing(switched.problem) ? ok(null) : switched;
}

/** Whether the channel lacks the requested path. */
export function isMissing({ httpCode }: Problem): boolean {
	return httpCode === 404;
}

async function askText({ channel, timeout, ask }: ChannelAccess, request: Omit<ChannelRequest, 'timeout'>): Promise<Result<string>> {
	const answer = await ask({ ...request, timeout });
	const problem = askingProblem(answer, Date.now(), channel.secrets);
	if (problem) return err(problem);
	return ok(answer.kind === 'answer' ? answer.text : '');
}

function unreadable(): Problem {
	return serviceProblem({
		code: 'webhook-list-unreadable',
		message: "The channel's webhook list could not be read, so nothing was changed",
		description: 'Try again later. If the problem persists, check the webhooks in the 1MSG dashboard.',
		action: 'alertPerson',
	});
}

function listFull(others: readonly string[]): Problem {
	return serviceProblem({
		code: 'webhook-list-full',
		message: `The channel's list already holds ${others.length} webhook URLs, and ${MAX_WEBHOOKS} is its limit: ${others.map((url) => masked(withoutQuery(url))).join(', ')}`,
		description: 'Remove one that is no longer used, in the 1MSG dashboard or by deactivating its workflow, then activate this workflow again.',
		action: 'alertPerson',
	});
}

function serviceProblem(problem: Pick<Problem, 'code' | 'message' | 'description' | 'action'> & Partial<Problem>): Problem {
	return { retryAfter: null, httpCode: 200, saidBy: 'service', ...problem };
}
