import pLimit from 'p-limit';
import { sleep, type IWebhookFunctions } from 'n8n-workflow';
import type { ChannelEvent, StatusEvent } from '../core/events/events';
import { foundBeforeSending, err, type Problem, type Result } from '../core/problem';
import { RANK, readHookInfoReports, type StatusReport } from '../core/status/status';
import { judgeStatusAnswer, statusQuestion } from '../core/status/hookInfo';
import { ask, openChannel, type OpenChannel } from '../shared/transport';

/** Questions under way at once. */
const AT_ONCE = 20;

/** Milliseconds before a message whose status is not there yet is asked for again. */
const PAUSE = 2000;

/** Milliseconds for all questions of one POST: 1MSG waits for its 200 meanwhile, and does not publish how long. */
const LONGEST = 7000;

/**
 * Looks every status event up in hookInfo, once per message and again where it is not there yet. Gives all events back, in order:
 * those that were not found, not answered in time, or could not be asked for, with `confirmed: false`. Never throws.
 */
export async function confirmEvents(context: IWebhookFunctions, events: readonly ChannelEvent[]): Promise<ChannelEvent[]> {
	const reports = new Map<string, StatusReport[]>();
	const withReports = (event: StatusEvent) => confirm(event, reports.get(event.messageId) ?? []);
	const open = () =>
		new Set(events.flatMap((event) => (event.event === 'messageStatus' && !withReports(event).confirmed ? [event.messageId] : [])));
	const deadline = Date.now() + LONGEST;
	const channel = await channelOf(context);
	let problem = channel.ok ? await lookUp(context, channel.value, open(), deadline, reports) : channel.problem;
	if (channel.ok && open().size > 0 && Date.now() + PAUSE < deadline) {
		await sleep(PAUSE);
		problem = await lookUp(context, channel.value, open(), deadline, reports);
	}
	if (problem) context.logger.warn(`1MSG Trigger: statuses could not be confirmed: ${problem.message}`);
	return events.map((event) => (event.event === 'messageStatus' ? withReports(event) : event));
}

/** Asks for each message until the deadline and adds what hookInfo tells to `reports`; returns why a question had no answer, if one had none. */
async function lookUp(
	context: IWebhookFunctions,
	channel: OpenChannel,
	messageIds: ReadonlySet<string>,
	deadline: number,
	reports: Map<string, StatusReport[]>,
): Promise<Problem | undefined> {
	const limit = pLimit(AT_ONCE);
	let problem: Problem | undefined;
	const askAbout = async (messageId: string) => {
		const left = deadline - Date.now();
		if (left <= 0) return;
		const answer = await ask(context, channel, statusQuestion(messageId, left));
		const found = judgeStatusAnswer(messageId, answer, Date.now(), channel.secrets);
		// What an earlier answer told still holds.
		if (found.ok) reports.set(messageId, [...(reports.get(messageId) ?? []), ...(readHookInfoReports(messageId, found.value.text) ?? [])]);
		else problem = found.problem;
	};
	await Promise.all([...messageIds].map(async (messageId) => await limit(askAbout, messageId)));
	return problem;
}

/** The channel; a credential that is gone or unreadable is a problem here, since no event may be lost for it. */
async function channelOf(context: IWebhookFunctions): Promise<Result<OpenChannel>> {
	try {
		return await openChannel(context);
	} catch (error) {
		return err(
			foundBeforeSending({
				code: 'credential-unreadable',
				message: error instanceof Error ? error.message : 'The credential could not be read',
				description: 'Choose a credential in the 1MSG Trigger.',
				action: 'alertPerson',
			}),
		);
	}
}

/**
 * A status event with what the channel itself says about the message: `confirmed` is true where it reports that status,
 * or a delivered or read beyond it. Then its time and its failure with the number win; else the event stays as it came.
 */
function confirm(event: StatusEvent, reports: readonly StatusReport[]): StatusEvent {
	const same = reports.filter(({ status }) => status === event.status);
	const beyond = reports.some(({ status }) => status !== 'failed' && event.status !== 'failed' && RANK[status] > event.rank);
	const at = same.map((report) => report.at).filter((time) => time !== null).sort()[0];
	const failure = same.map((report) => report.failure).find((known) => known !== null && known.code !== 'unknown-failure');
	const { raw, ...rest } = event;
	return { ...rest, confirmed: same.length > 0 || beyond, occurredAt: at ?? event.occurredAt, failure: failure ?? event.failure, raw };
}
