import type { IExecuteFunctions } from 'n8n-workflow';
import { contactKeyOf, formsOf } from '../../core/recipient/contactKey';
import { askingProblem } from '../../core/outcome/outcome';
import { err, ok, type Problem, type Result } from '../../core/problem';
import { quote } from '../../core/redact';
import { newestFirst, readHistory, type SentMessage } from '../../core/status/sentMessages';
import type { OpenChannel } from '../../shared/transport';
import { askPaced, SHORT_RETRY, type Deadline } from './ask';

/** Seconds by which the channel's clock may lag ours. */
export const CLOCK_SKEW = 120;

/** Maximum messages requested. */
const MAX_MESSAGES = 100;

/** What the business sent to a phone, newest first, and the service's raw answers. */
export interface SentTo {
	sent: SentMessage[];
	texts: string[];
}

/**
 * Searches the channel's history (1msg-api.md, section 7), in every chat that WhatsApp may keep for this phone.
 * `since` is in Unix seconds, `timeout` in milliseconds. Gives `history-unavailable` if the channel keeps none.
 */
export async function findSent(
	context: IExecuteFunctions,
	channel: OpenChannel,
	phone: string,
	since: number,
	timeout: number,
	deadline?: Deadline,
): Promise<Result<SentTo>> {
	const sent = new Map<string, SentMessage>();
	const texts: string[] = [];
	for (const form of formsOf(phone)) {
		const query = { chatId: `${form}@c.us`, limit: MAX_MESSAGES, min_time: since };
		const answer = await askPaced(context, channel, { method: 'GET', path: '/messages', query, timeout }, { retryFor: SHORT_RETRY, deadline });
		const problem = askingProblem(answer, Date.now(), channel.secrets);
		if (problem) return err(problem);
		const text = answer.kind === 'answer' ? answer.text : '';
		const history = readHistory(text, contactKeyOf(phone));
		if (!history) return err(noHistory(quote(text, channel.secrets)));
		if (history.kind === 'notKept') return err(noHistory(quote(history.notice, channel.secrets)));
		texts.push(text);
		for (const message of history.sent) sent.set(message.messageId, message);
	}
	const from = new Date(since * 1000).toISOString();
	const recent = [...sent.values()].filter(({ sentAt }) => sentAt === null || sentAt >= from);
	return ok({ sent: recent.sort(newestFirst), texts });
}

function noHistory(said: string): Problem {
	return {
		code: 'history-unavailable',
		message: `The channel keeps no history of its messages${said === '' ? '' : `; it says: ${said}`}`,
		description: 'Enable the storing of history in the 1MSG dashboard, or wait for the status through the 1MSG Trigger.',
		action: 'alertPerson',
		retryAfter: null,
		httpCode: 200,
		saidBy: 'service',
	};
}
