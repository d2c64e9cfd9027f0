import { masked, parseUrl, SECRET_PARAMETER, secretIn, whyUnreachable } from './list';
import { isDown, mayBeDown, type ReportedWebhooks, type Webhook, type WebhookState } from './states';

/** One registered URL, safe to display. */
export type WebhookReport = {
	/** Query values are masked. */
	url: string;
	/** Whether it looks like one registered by the 1MSG Trigger. */
	isTrigger: boolean;
	state: WebhookState;
	/** Whether it gets no calls at all until the list is submitted again; null if its state is unknown. */
	isDisabled: boolean | null;
	/** ISO time since when it is disabled, or since when calls fail; null if nothing is wrong or it is not reported. */
	since: string | null;
	/** Why its calls fail, in words; null as `since`. */
	reason: string | null;
	/** What is wrong with it and what to do, null if nothing. */
	problem: string | null;
};

/** Reports on the registered URLs, each with its problems. */
export function reportWebhooks({ webhooks }: ReportedWebhooks): WebhookReport[] {
	return webhooks.map((webhook) => {
		const { url, state, since, reason } = webhook;
		const found = [stateProblem(webhook), ...listingProblems(url, webhooks)].filter((problem) => problem !== null);
		return {
			url: masked(url),
			isTrigger: isTriggerUrl(url),
			state,
			isDisabled: state === 'unknown' ? null : state === 'disabled',
			since,
			reason: reason === null ? null : reasonInWords(reason),
			problem: found.join(' ') || null,
		};
	});
}

/** The problems of a channel's webhooks as a whole. `ackNotificationsOn` is null if the service does not say. */
export function findListProblems(list: ReportedWebhooks, ackNotificationsOn: boolean | null): string[] {
	const problems = reportWebhooks(list).flatMap(({ url, problem }) => (problem === null ? [] : [`${url}: ${problem}`]));
	if (list.isUnnamedDown) {
		problems.push('1MSG says that a webhook is down, but not which of these. Run Repair Webhooks, which submits the whole list again.');
	}
	if (list.webhooks.length === 0) {
		problems.push('The channel calls no URL, so no workflow receives delivery statuses. Activate a workflow with the 1MSG Trigger.');
	}
	if (ackNotificationsOn === false) {
		problems.push('ackNotificationsOn is off, so 1MSG reports no delivery statuses. Activating a workflow with the 1MSG Trigger for message statuses turns it on.');
	}
	return problems;
}

/** Whether nothing is wrong that keeps events from the 1MSG Trigger; other programs' URLs do not count. */
export function isHealthyList({ webhooks, isUnnamedDown }: ReportedWebhooks, ackNotificationsOn: boolean | null): boolean {
	const ours = webhooks.filter(({ url }) => isTriggerUrl(url));
	const isBroken = (webhook: Webhook) => mayBeDown(webhook, isUnnamedDown) || listingProblems(webhook.url, webhooks).length > 0;
	return webhooks.length > 0 && ackNotificationsOn !== false && !ours.some(isBroken);
}

/** What each state means for the calls (1msg-contract-2.md, section 1.6). */
const MEANING: Record<Exclude<WebhookState, 'ok' | 'unknown'>, string> = {
	degraded: 'Some calls to it have failed lately. 1MSG still makes them all, but further failures make it skip calls.',
	open: '1MSG skips most calls to it, because too many failed. It tries one call after about 15 minutes, 1 hour and 6 hours, and disables the URL if all three fail.',
	half_open: '1MSG skips most calls to it, because too many failed, and waits for the answer to one call.',
	disabled: '1MSG has disabled it, because too many calls failed, and no longer calls it.',
};

/** What the end of an outage does not bring back (1msg-contract-2.md, section 1.6). */
export const CATCH_UP = 'Skipped calls do not come again: look up the messages without a final status with Get Message Status, as the workflow Nightly repair does.';

function stateProblem({ url, state, word, since, reason }: Webhook): string | null {
	if (state === 'ok') return null;
	if (state === 'unknown') return word === null ? null : `1MSG reports its state as "${word}", which this node does not know. Check the URL in the 1MSG dashboard.`;
	const isOurs = isTriggerUrl(url);
	return [
		MEANING[state],
		since === null ? '' : `${state === 'disabled' ? 'Disabled' : 'Failing'} since ${since}.`,
		reason === null ? '' : reasonInWords(reason),
		isOurs ? remedyOf(reason) : 'It is not a URL of the 1MSG Trigger: whoever runs it must make it answer with HTTP 2xx.',
		isDown(state) ? 'Then run Repair Webhooks.' : '',
		isOurs && isDown(state) ? CATCH_UP : '',
	].filter((sentence) => sentence !== '').join(' ');
}

/** The HTTP status in a reason such as `http_404`; null if it is another. */
function statusOf(reason: string): number | null {
	const found = /^http[_ ]?(\d{3})$/i.exec(reason);
	return found && Number(found[1]);
}

/** A failure's code in words; one that nobody knows is quoted. */
function reasonInWords(reason: string): string {
	const status = statusOf(reason);
	if (status !== null) return `It answered HTTP ${status}, and only 2xx counts as received.`;
	return reason === 'timeout_or_network' ? 'It did not answer in time, or 1MSG could not reach it.' : `1MSG gives the reason "${reason}".`;
}

/** What to do at a URL of the 1MSG Trigger whose calls fail for this reason. */
function remedyOf(reason: string | null): string {
	const status = reason === null ? null : statusOf(reason);
	if (status === 404) return 'Activate its workflow. If the workflow is gone, or this is a test URL, remove it in the 1MSG dashboard.';
	if (status === 401 || status === 403) return 'Deactivate its workflow and activate it again: that registers a new secret.';
	if (status !== null && status >= 500) return "Set the trigger's Respond to Immediately, or repair the workflow: a failed run counts as a failed call. Check n8n and its proxy.";
	if (reason === 'timeout_or_network') return 'Make sure that 1MSG can reach this n8n (WEBHOOK_URL), and that the trigger responds Immediately.';
	return 'Make sure that its workflow is active and answers at once with HTTP 2xx.';
}

/** What is wrong with a URL whatever its state. */
function listingProblems(url: string, webhooks: readonly Webhook[]): string[] {
	return [unreachableProblem(url), testUrlProblem(url), duplicateProblem(url, webhooks)].filter((problem) => problem !== null);
}

function unreachableProblem(url: string): string | null {
	const why = whyUnreachable(url);
	if (why === null) return null;
	return `1MSG cannot reach it, because ${why}. If it belongs to an n8n, set its WEBHOOK_URL to the public https address and activate the workflow again.`;
}

function testUrlProblem(url: string): string | null {
	if (!isTriggerUrl(url) || !url.includes('/webhook-test/')) return null;
	return 'It is a test URL of n8n: it answers 404 unless the editor is listening, until 1MSG disables it. Remove it in the 1MSG dashboard when you have finished testing.';
}

function duplicateProblem(url: string, webhooks: readonly Webhook[]): string | null {
	const duplicates = webhooks.filter((other) => receiverOf(other.url) === receiverOf(url));
	return duplicates.length < 2 ? null : 'It is listed more than once, so every event arrives there more than once. Remove the duplicates in the 1MSG dashboard.';
}

function isTriggerUrl(url: string): boolean {
	return secretIn(url) !== null && /\/1msg\/?\?/.test(url);
}

/** Identifies a receiver: the URL without our secret and a trailing slash. */
function receiverOf(url: string): string {
	const parsed = parseUrl(url);
	if (!parsed) return url;
	parsed.searchParams.delete(SECRET_PARAMETER);
	parsed.pathname = parsed.pathname.replace(/\/+$/, '');
	return parsed.href;
}
