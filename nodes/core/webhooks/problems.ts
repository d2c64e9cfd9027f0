import { masked, parseUrl, SECRET_PARAMETER, secretIn, whyUnreachable } from './list';
import type { Webhook } from './states';

/** One registered URL, fit to be shown. */
export type WebhookReport = {
	/** What its query holds is hidden. */
	url: string;
	/** Whether it looks like one that the 1MSG Trigger registers. */
	isTrigger: boolean;
	state: string | null;
	isDisabled: boolean | null;
	/** What is wrong with it and what to do, null where nothing is. */
	problem: string | null;
};

/** What is known of the registered URLs, each with what is wrong with it. */
export function reportWebhooks(webhooks: readonly Webhook[]): WebhookReport[] {
	return webhooks.map((webhook) => {
		const { url, state, isDisabled } = webhook;
		const found = [whyDisabled(webhook), whyUnheard(url), whyTest(url), whyTwice(url, webhooks)].filter((problem) => problem !== null);
		return { url: masked(url), isTrigger: isTriggerUrl(url), state, isDisabled, problem: found.join(' ') || null };
	});
}

/** What is wrong with a channel's webhooks as a whole. `ackNotificationsOn` null where the service does not tell. */
export function findListProblems(webhooks: readonly WebhookReport[], ackNotificationsOn: boolean | null): string[] {
	const problems = webhooks.flatMap(({ url, problem }) => (problem === null ? [] : [`${url}: ${problem}`]));
	if (webhooks.length === 0) {
		problems.push('The channel calls no URL, so nobody learns what became of a message. Activate a workflow with the 1MSG Trigger.');
	}
	if (ackNotificationsOn === false) {
		problems.push('ackNotificationsOn is off, so 1MSG tells no delivery status to any URL. Activating a workflow with the 1MSG Trigger for message statuses switches it on.');
	}
	return problems;
}

function whyDisabled({ isDisabled }: Webhook): string | null {
	if (isDisabled !== true) return null;
	return '1MSG has disabled it, most often because too many calls failed, and calls it no more. Make sure that it answers, then run Repair Webhooks.';
}

function whyUnheard(url: string): string | null {
	const why = whyUnreachable(url);
	if (why === null) return null;
	return `1MSG cannot reach it, because ${why}. Where it is an n8n, set its WEBHOOK_URL to the public https address and activate the workflow again.`;
}

function whyTest(url: string): string | null {
	if (!isTriggerUrl(url) || !url.includes('/webhook-test/')) return null;
	return 'It is a test URL of n8n, which answers only while the editor listens for a test event. Remove it in the 1MSG dashboard once nobody tests.';
}

function whyTwice(url: string, webhooks: readonly Webhook[]): string | null {
	const same = webhooks.filter((other) => placeOf(other.url) === placeOf(url));
	return same.length < 2 ? null : 'It stands in the list more than once, so every event arrives there more than once. Remove the others in the 1MSG dashboard.';
}

function isTriggerUrl(url: string): boolean {
	return secretIn(url) !== null && /\/1msg\/?\?/.test(url);
}

/** What two entries have in common that name the same receiver: all but our secret and a trailing slash. */
function placeOf(url: string): string {
	const parsed = parseUrl(url);
	if (!parsed) return url;
	parsed.searchParams.delete(SECRET_PARAMETER);
	parsed.pathname = parsed.pathname.replace(/\/+$/, '');
	return parsed.href;
}
