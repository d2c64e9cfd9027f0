import { masked, parseUrl, SECRET_PARAMETER, secretIn, whyUnreachable } from './list';
import type { Webhook } from './states';

/** One registered URL, safe to display. */
export type WebhookReport = {
	/** Query values are masked. */
	url: string;
	/** Whether it looks like one registered by the 1MSG Trigger. */
	isTrigger: boolean;
	state: string | null;
	isDisabled: boolean | null;
	/** What is wrong with it and what to do, null if nothing. */
	problem: string | null;
};

/** Reports on the registered URLs, each with its problems. */
export function reportWebhooks(webhooks: readonly Webhook[]): WebhookReport[] {
	return webhooks.map((webhook) => {
		const { url, state, isDisabled } = webhook;
		const found = [disabledProblem(webhook), unreachableProblem(url), testUrlProblem(url), duplicateProblem(url, webhooks)].filter((problem) => problem !== null);
		return { url: masked(url), isTrigger: isTriggerUrl(url), state, isDisabled, problem: found.join(' ') || null };
	});
}

/** The problems of a channel's webhooks as a whole. `ackNotificationsOn` is null if the service does not say. */
export function findListProblems(webhooks: readonly WebhookReport[], ackNotificationsOn: boolean | null): string[] {
	const problems = webhooks.flatMap(({ url, problem }) => (problem === null ? [] : [`${url}: ${problem}`]));
	if (webhooks.length === 0) {
		problems.push('The channel calls no URL, so no workflow learns what became of a message. Activate a workflow with the 1MSG Trigger.');
	}
	if (ackNotificationsOn === false) {
		problems.push('ackNotificationsOn is off, so 1MSG reports no delivery statuses. Activating a workflow with the 1MSG Trigger for message statuses turns it on.');
	}
	return problems;
}

function disabledProblem({ isDisabled }: Webhook): string | null {
	if (isDisabled !== true) return null;
	return '1MSG has disabled it, usually because too many calls failed, and no longer calls it. Make sure that it answers, then run Repair Webhooks.';
}

function unreachableProblem(url: string): string | null {
	const why = whyUnreachable(url);
	if (why === null) return null;
	return `1MSG cannot reach it, because ${why}. If it belongs to an n8n, set its WEBHOOK_URL to the public https address and activate the workflow again.`;
}

function testUrlProblem(url: string): string | null {
	if (!isTriggerUrl(url) || !url.includes('/webhook-test/')) return null;
	return 'It is a test URL of n8n, which answers only while the editor listens for a test event. Remove it in the 1MSG dashboard once testing is done.';
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
