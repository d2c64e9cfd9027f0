import { z } from 'zod';
import type { Channel } from '../core/channel/channel';
import { looseFlag, parseJson } from '../core/json';
import { askingProblem, type Answer } from '../core/outcome/outcome';
import { err, ok, type Problem, type Result } from '../core/problem';
import { masked, MAX_WEBHOOKS, readWebhookList, withoutQuery, writtenList } from '../core/webhooks/list';
import { readWebhooks, type Webhook } from '../core/webhooks/states';
import type { ChannelRequest } from './transport';

/** A channel, and how it is asked. */
export interface ChannelAccess {
	channel: Channel;
	/** Milliseconds for one answer. */
	timeout: number;
	ask: (request: ChannelRequest) => Promise<Answer>;
}

/** A channel's webhooks, and what the service said of them. */
export interface FoundWebhooks {
	webhooks: Webhook[];
	text: string;
}

/** Attempts to write the list before giving up, when another program writes it in between. */
const ATTEMPTS = 2;

/** The registered URLs with their states. Gives `webhook-list-unreadable` where the answer is none. */
export async function readStates(access: ChannelAccess): Promise<Result<FoundWebhooks>> {
	const answer = await askText(access, { method: 'GET', path: '/webhook' });
	if (!answer.ok) return answer;
	const webhooks = readWebhooks(parseJson(answer.value));
	return webhooks ? ok({ webhooks, text: answer.value }) : err(unreadable());
}

/** The registered URLs, each once. Gives `webhook-list-unreadable` where the answer is none. */
export async function readList(access: ChannelAccess): Promise<Result<string[]>> {
	const answer = await askText(access, { method: 'GET', path: '/webhook' });
	if (!answer.ok) return answer;
	const urls = readWebhookList(parseJson(answer.value));
	return urls ? ok(urls) : err(unreadable());
}

/** Replaces the whole list; what was disabled is enabled again. */
export async function writeList(access: ChannelAccess, urls: readonly string[]): Promise<Result<string>> {
	// POST /webhook refuses an empty list; POST /settings takes it.
	if (urls.length === 0) return await askText(access, { method: 'POST', path: '/settings', body: { webhookUrl: '' } });
	return await askText(access, { method: 'POST', path: '/webhook', body: { webhookUrl: writtenList(urls) } });
}

/** Read, merge, write, read back; once more when the list then is not what we wrote. `mine` null removes ours. */
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
		// Somebody wrote in between. What we took away with an old reading goes back with the next writing.
		list = ok([...new Set([...now, ...others])]);
	}
	return err(
		service({
			code: 'webhook-list-contended',
			message: "The channel's webhook list is being changed by another program at the same time",
			description: 'Activate the workflow again in a minute.',
			action: 'retryLater',
			retryAfter: 60,
		}),
	);
}

const settings = z.object({ ackNotificationsOn: looseFlag.optional() });

/** Whether status events are on; `isOn` null where the service does not tell. */
export async function readAckNotifications(access: ChannelAccess): Promise<Result<{ isOn: boolean | null; text: string }>> {
	const answer = await askText(access, { method: 'GET', path: '/settings' });
	if (!answer.ok) return answer;
	return ok({ isOn: settings.safeParse(parseJson(answer.value)).data?.ackNotificationsOn ?? null, text: answer.value });
}

/** Switches `ackNotificationsOn` on where it is off, and touches nothing else. A channel without `/settings` has no such switch. */
export async function switchAckNotificationsOn(access: ChannelAccess): Promise<Result<unknown>> {
	const found = await readAckNotifications(access);
	if (!found.ok) return isMissing(found.problem) ? ok(null) : found;
	if (found.value.isOn === true) return found;
	const switched = await askText(access, { method: 'POST', path: '/settings', body: { ackNotificationsOn: true } });
	return !switched.ok && isMissing(switched.problem) ? ok(null) : switched;
}

/** Whether the channel has no such path. */
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
	return service({
		code: 'webhook-list-unreadable',
		message: "The channel's webhook list could not be read, so nothing was changed",
		description: 'Try again later. If it stays so, look at the webhooks in the 1MSG dashboard.',
		action: 'alertPerson',
	});
}

function listFull(others: readonly string[]): Problem {
	return service({
		code: 'webhook-list-full',
		message: `The channel's list already holds ${others.length} webhook URLs, and ${MAX_WEBHOOKS} is the most it takes: ${others.map((url) => masked(withoutQuery(url))).join(', ')}`,
		description: 'Remove one that is no longer used, in the 1MSG dashboard or by deactivating its workflow, then activate this workflow again.',
		action: 'alertPerson',
	});
}

function service(problem: Pick<Problem, 'code' | 'message' | 'description' | 'action'> & Partial<Problem>): Problem {
	return { retryAfter: null, httpCode: 200, saidBy: 'service', ...problem };
}
