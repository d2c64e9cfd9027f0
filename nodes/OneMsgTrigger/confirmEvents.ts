import pLimit from 'p-limit';
import { sleep, type IWebhookFunctions } from 'n8n-workflow';
import { setStatusTime, type ChannelEvent, type StatusEvent } from '../core/events/events';
import type { EventShape } from '../core/events/frame';
import { foundBeforeSending, err, type Problem, type Result } from '../core/problem';
import { RANK, readHookInfoReports, type StatusReport } from '../core/status/status';
import { judgeStatusAnswer, statusQuestion } from '../core/status/hookInfo';
import { ask, openChannel, type OpenChannel } from '../shared/transport';

/** Concurrent requests. */
const MAX_CONCURRENCY = 20;

/** Milliseconds before an unconfirmed status is looked up again. */
const RETRY_DELAY = 2000;

/** Milliseconds for all requests of one POST: the execution waits for them, and 1MSG too with Respond: When Workflow Finished. */
const TOTAL_TIMEOUT = 7000;

/**
 * Looks up every status event in hookInfo, once per message, and again if it is not there yet. Returns all events in order;
 * those that were not found, or not answered in time, have `confirmed: false`. Never throws.
 */
export async function confirmEvents(context: IWebhookFunctions, events: readonly ChannelEvent[], shape: EventShape): Promise<ChannelEvent[]> {
	const reports = new Map<string, StatusReport[]>();
	const withReports = (event: StatusEvent) => confirm(event, reports.get(event.messageId) ?? [], shape);
	const open = () =>
		new Set(events.flatMap((event) => (event.event === 'messageStatus' && !withReports(event).confirmed ? [event.messageId] : [])));
	const deadline = Date.now() + TOTAL_TIMEOUT;
	const channel = await channelOf(context);
	let problem = channel.ok ? await lookUp(context, channel.value, open(), deadline, reports) : channel.problem;
	if (channel.ok && open().size > 0 && Date.now() + RETRY_DELAY < deadline) {
		await sleep(RETRY_DELAY);
		problem = await lookUp(context, channel.value, open(), deadline, reports);
	}
	if (problem) context.logger.warn(`1MSG Trigger: statuses could not be confirmed: ${problem.message}`);
	return events.map((event) => (event.event === 'messageStatus' ? withReports(event) : event));
}

/** Queries each message until the deadline and adds hookInfo's reports to `reports`; returns the last problem, if any. */
async function lookUp(
	context: IWebhookFunctions,
	channel: OpenChannel,
	messageIds: ReadonlySet<string>,
	deadline: number,
	reports: Map<string, StatusReport[]>,
): Promise<Problem | undefined> {
	const limit = pLimit(MAX_CONCURRENCY);
	let problem: Problem | undefined;
	const askAbout = async (messageId: string) => {
		const left = deadline - Date.now();
		if (left <= 0) return;
		const answer = await ask(context, channel, statusQuestion(messageId, left));
		const found = judgeStatusAnswer(messageId, answer, Date.now(), channel.secrets);
		// Earlier reports remain valid.
		if (found.ok) reports.set(messageId, [...(reports.get(messageId) ?? []), ...(readHookInfoReports(messageId, found.value.text) ?? [])]);
		else problem = found.problem;
	};
	await Promise.all([...messageIds].map(async (messageId) => await limit(askAbout, messageId)));
	return problem;
}

/** Opens the channel; a missing or unreadable credential is a problem, because it must not lose events. */
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
 * Merges a status event with the channel's own reports: `confirmed` is true if they include that status,
 * or a delivered or read beyond it. Their time and failure code take precedence.
 */
function confirm(event: StatusEvent, reports: readonly StatusReport[], shape: EventShape): StatusEvent {
	const same = reports.filter(({ status }) => status === event.status);
	const beyond = reports.some(({ status }) => status !== 'failed' && event.status !== 'failed' && RANK[status] > event.rank);
	const at = same.map((report) => report.at).filter((time) => time !== null).sort()[0];
	const failure = same.map((report) => report.failure).find((known) => known !== null && known.code !== 'unknown-failure');
	const { raw, ...rest } = event;
	const confirmed: StatusEvent = { ...rest, confirmed: same.length > 0 || beyond, occurredAt: at ?? event.occurredAt, failure: failure ?? event.failure };
	if (shape.statusTimes) setStatusTime(confirmed);
	return shape.raw ? { ...confirmed, raw } : confirmed;
}
