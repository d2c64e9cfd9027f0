import type { IExecuteFunctions } from 'n8n-workflow';
import { formsOf } from '../../core/recipient/contactKey';
import { chatIdFor, contactKeyFor, type Identity } from '../../core/recipient/identity';
import { askingProblem } from '../../core/outcome/outcome';
import { foundBeforeSending, err, ok, type Problem, type Result } from '../../core/problem';
import { quote } from '../../core/redact';
import { newestFirst, readHistory, type SentMessage } from '../../core/status/sentMessages';
import type { OpenChannel } from '../../shared/transport';
import { askPaced, SHORT_RETRY, type Deadline } from './ask';

/** Seconds by which the channel's clock may lag ours. */
export const CLOCK_SKEW = 120;

/** Maximum messages requested. */
const MAX_MESSAGES = 100;

/** What the business sent to a customer, newest first, and the service's raw answers. */
export interface SentTo {
	sent: SentMessage[];
	texts: string[];
}

/**
 * Searches the channel's history (1msg-api.md, section 7), in every chat that WhatsApp may keep for this customer.
 * `since` is in Unix seconds, `timeout` in milliseconds. Gives `history-unavailable` if the channel keeps none,
 * `invalid-recipient` for a username, whose chat has no known ID.
 */
export async function findSent(
	context: IExecuteFunctions,
	channel: OpenChannel,
	customer: Identity,
	since: number,
	timeout: number,
	deadline?: Deadline,
): Promise<Result<SentTo>> {
	const sent = new Map<string, SentMessage>();
	const texts: string[] = [];
	const chats = chatsOf(customer);
	if (chats.length === 0) return err(noChat());
	for (const chatId of chats) {
		// Without `last` the service probably gives the oldest first, and a busy chat would hide the newest (1msg-contract-2.md, section 1.7).
		const query = { chatId, limit: MAX_MESSAGES, min_time: since, last: true };
		const answer = await askPaced(context, channel, { method: 'GET', path: '/messages', query, timeout }, { retryFor: SHORT_RETRY, deadline });
		const problem = askingProblem(answer, Date.now(), channel.secrets);
		if (problem) return err(problem);
		const text = answer.kind === 'answer' ? answer.text : '';
		const history = readHistory(text, contactKeyFor(customer)!);
		if (!history) return err(noHistory(quote(text, channel.secrets)));
		if (history.kind === 'notKept') return err(noHistory(quote(history.notice, channel.secrets)));
		texts.push(text);
		for (const message of history.sent) sent.set(message.messageId, message);
	}
	const from = new Date(since * 1000).toISOString();
	const recent = [...sent.values()].filter(({ sentAt }) => sentAt === null || sentAt >= from);
	return ok({ sent: recent.sort(newestFirst), texts });
}

function chatsOf(customer: Identity): string[] {
	if (customer.phone !== null) return formsOf(customer.phone).map((form) => `${form}@c.us`);
	const chatId = chatIdFor(customer);
	return chatId === null ? [] : [chatId];
}

function noChat(): Problem {
	return foundBeforeSending({
		code: 'invalid-recipient',
		message: "The channel's history cannot be searched for a username",
		description: "Use the customer's phone or user ID (BSUID), such as the recipient field of an earlier event or status.",
	});
}

function noHistory(said: string): Problem {
	return {
		code: 'history-unavailable',
		message: `The channel keeps no history of its messages${said === '' ? '' : `; it says: ${said}`}`,
		description: 'Enable message history in the 1MSG dashboard, or wait for the status with the 1MSG Trigger.',
		action: 'alertPerson',
		retryAfter: null,
		httpCode: 200,
		saidBy: 'service',
	};
}
