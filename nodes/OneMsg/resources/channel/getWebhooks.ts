import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { readAckNotifications, readStates } from '../../../shared/webhookRegistry';
import { ok, type Result } from '../../../core/problem';
import { MAX_WEBHOOKS } from '../../../core/webhooks/list';
import { findListProblems, isHealthyList, reportWebhooks } from '../../../core/webhooks/problems';
import { optionsFields } from '../shared/options';
import { showOnlyFor } from '../shared/versions';
import { runOnWebhooks, shown, type ListWork } from './webhookWork';

const showOnlyForGetWebhooks = { resource: ['channel'], operation: ['getWebhooks'] };

export const description: INodeProperties[] = showOnlyFor(showOnlyForGetWebhooks, optionsFields(['simplify', 'timeout']));

/** One item per input item with the whole list, so that an IF on `isHealthy` also sees an empty list. */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await runOnWebhooks(context, describeList);
}

async function describeList(work: ListWork): Promise<Result<IDataObject>> {
	const list = await readStates(work);
	if (!list.ok) return list;
	const settings = await readAckNotifications(work);
	// Some channels lack this path; report their list anyway.
	if (!settings.ok && settings.problem.httpCode !== 404) return settings;
	const ackNotificationsOn = settings.ok ? settings.value.isOn : null;
	const webhooks = reportWebhooks(list.value);
	const item = {
		channelId: work.channel.channelId,
		isHealthy: isHealthyList(list.value, ackNotificationsOn),
		problems: findListProblems(list.value, ackNotificationsOn),
		used: webhooks.length,
		free: Math.max(0, MAX_WEBHOOKS - webhooks.length),
		ackNotificationsOn,
		webhooks,
	};
	if (work.simplify) return ok(item);
	const response = { webhook: shown(list.value.text, work.channel), settings: settings.ok ? shown(settings.value.text, work.channel) : null };
	return ok({ ...item, response });
}
