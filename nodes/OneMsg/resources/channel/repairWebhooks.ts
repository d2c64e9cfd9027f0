import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { channelLists } from '../../../shared/channelLists';
import { readStates, writeList, type FoundWebhooks } from '../../../shared/webhookRegistry';
import { ok, type Result } from '../../../core/problem';
import { masked } from '../../../core/webhooks/list';
import { reportWebhooks } from '../../../core/webhooks/problems';
import type { Webhook } from '../../../core/webhooks/states';
import { optionsField } from '../shared/options';
import { runOnWebhooks, shown, type ListWork } from './webhookWork';

const showOnlyForRepairWebhooks = { resource: ['channel'], operation: ['repairWebhooks'] };

export const description: INodeProperties[] = [optionsField(['simplify', 'timeout'])].map((property) => ({
	...property,
	displayOptions: { show: showOnlyForRepairWebhooks },
}));

/** Maximum submissions of the list if a URL stays disabled. */
const ATTEMPTS = 2;

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await runOnWebhooks(context, async (work) => await channelLists.run(work.channel.root, async () => await repair(work)));
}

/** Resubmits the list as read, which re-enables every URL (1msg-api.md, section 5); no URL is added or removed. */
async function repair(work: ListWork): Promise<Result<IDataObject>> {
	const before = await readStates(work);
	let after = before;
	let submitted = false;
	for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
		if (!after.ok) return after;
		if (!needsRepair(after.value)) break;
		const written = await writeList(work, [...new Set(after.value.webhooks.map(({ url }) => url))]);
		if (!written.ok) return written;
		submitted = true;
		// Read back, whatever the answer: another program may have written concurrently, and then its list is the one to repair.
		after = await readStates(work);
		// Without states, a second submission would show nothing either.
		if (after.ok && after.value.webhooks.every(({ isDisabled }) => isDisabled !== true)) break;
	}
	if (!before.ok) return before;
	if (!after.ok) return after;
	const stillDisabled = after.value.webhooks.filter(isDown).map(({ url }) => url);
	const listed = new Set(after.value.webhooks.map(({ url }) => url));
	const repaired = before.value.webhooks.filter((webhook) => isDown(webhook) && listed.has(webhook.url) && !stillDisabled.includes(webhook.url));
	const item = {
		channelId: work.channel.channelId,
		submitted,
		repaired: repaired.map(({ url }) => masked(url)),
		stillDisabled: stillDisabled.map(masked),
		webhooks: reportWebhooks(after.value.webhooks),
	};
	return ok(work.simplify ? item : { ...item, response: shown(after.value.text, work.channel) });
}

/** Whether any URL is or may be disabled: resubmitting a list without states is harmless. */
function needsRepair({ webhooks }: FoundWebhooks): boolean {
	return webhooks.some(({ isDisabled }) => isDisabled !== false);
}

function isDown({ isDisabled }: Webhook): boolean {
	return isDisabled === true;
}
