import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { ChannelAccess } from '../../../shared/webhookRegistry';
import { parseJson } from '../../../core/json';
import { askingProblem, type Answer } from '../../../core/outcome/outcome';
import { ok, type Result } from '../../../core/problem';
import { redactDeep } from '../../../core/redact';
import { masked } from '../../../core/webhooks/list';
import { ask, openChannel, type ChannelRequest, type OpenChannel } from '../../../shared/transport';
import { runItems } from '../shared/runItems';
import { failAll } from '../shared/failedItems';
import { RETRY_DELAYS } from '../../querying/ask';
import { waitingOf } from '../shared/waiting';
import { readAskSettings, readOptions } from '../shared/settings';

/** The context of an operation on the webhook list. */
export interface ListWork extends ChannelAccess {
	channel: OpenChannel;
	/** Whether to omit the service's raw answers from the item. */
	simplify: boolean;
}

/** Runs work on the channel's webhook list for each item, sequentially. */
export async function runOnWebhooks(context: IExecuteFunctions, work: (access: ListWork) => Promise<Result<IDataObject>>): Promise<INodeExecutionData[]> {
	const opened = await openChannel(context);
	if (!opened.ok) return failAll(context, opened.problem);
	const channel = opened.value;
	return await runItems<ListWork>(context, {
		prepare: async (itemIndex) => {
			const settings = readAskSettings(readOptions(context, itemIndex));
			if (!settings.ok) return settings;
			return ok({ channel, ...settings.value, ask: async (request) => await askSoon(context, channel, request) });
		},
		act: work,
		concurrency: 1,
	});
}

/**
 * Bypasses the pacer: behind a batch of sends, a list would be stale before it is written.
 * For the same reason only reads are retried, not writes.
 */
async function askSoon(context: IExecuteFunctions, channel: OpenChannel, request: ChannelRequest): Promise<Answer> {
	const waiting = waitingOf(context);
	for (const wait of RETRY_DELAYS) {
		const answer = await ask(context, channel, request);
		const isPassing = askingProblem(answer, Date.now(), channel.secrets)?.action === 'retryLater';
		if (!isPassing || request.method !== 'GET' || waiting.isCancelled()) return answer;
		await waiting.sleep(wait);
	}
	return await ask(context, channel, request);
}

/** The service's raw answer for an item's `response`, without secrets, including those in other programs' URLs. */
export function shown(text: string, { secrets }: OpenChannel): IDataObject {
	return (redactDeep(parseJson(masked(text)) ?? null, secrets) ?? {}) as IDataObject;
}
