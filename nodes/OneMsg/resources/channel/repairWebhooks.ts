import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { channelLists } from '../../../shared/channelLists';
import { readStates, writeList, type FoundWebhooks } from '../../../shared/webhookRegistry';
import { ok, type Result } from '../../../core/problem';
import { masked } from '../../../core/webhooks/list';
import { CATCH_UP, reportWebhooks } from '../../../core/webhooks/problems';
import { isDown, type WebhookState } from '../../../core/webhooks/states';
import { optionsFields } from '../shared/options';
import { showOnlyFor } from '../shared/versions';
import { runOnWebhooks, shown, type ListWork } from './webhookWork';

const showOnlyForRepairWebhooks = { resource: ['channel'], operation: ['repairWebhooks'] };

export const description: INodeProperties[] = showOnlyFor(showOnlyForRepairWebhooks, optionsFields(['simplify', 'timeout']));

/** Maximum submissions of the list if a URL stays down. */
const ATTEMPTS = 2;

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await runOnWebhooks(context, async (work) => await channelLists.run(work.channel.root, async () => await repair(work)));
}

/** What `POST /webhook` does not bring back. */
const ADVICE = `${CATCH_UP} What customers wrote meanwhile is in the 1MSG inbox.`;

/**
 * Resubmits the list as read, which re-enables every URL (1msg-contract-2.md, section 1.4); no URL is added or removed.
 * What changed is told by the states read before and after, never by the answer.
 */
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
		// Another program may have written concurrently, and then its list is the one to repair.
		after = await readStates(work);
		// Without states, a second submission would show nothing either.
		if (after.ok && !after.value.webhooks.some(({ state }) => isDown(state))) break;
	}
	if (!before.ok) return before;
	if (!after.ok) return after;
	const { webhooks } = after.value;
	const wasDown = new Set(before.value.webhooks.filter(({ state }) => isDown(state)).map(({ url }) => url));
	const urlsIn = (...states: WebhookState[]) => [...new Set(webhooks.filter(({ state }) => states.includes(state)).map(({ url }) => url))];
	const repaired = urlsIn('ok', 'degraded').filter((url) => wasDown.has(url));
	const item = {
		channelId: work.channel.channelId,
		submitted,
		repaired: repaired.map(masked),
		stillDisabled: urlsIn('disabled').map(masked),
		stillOpen: urlsIn('open', 'half_open').map(masked),
		advice: wasDown.size > 0 || webhooks.some(({ state }) => isDown(state)) ? ADVICE : null,
		webhooks: reportWebhooks(after.value),
	};
	return ok(work.simplify ? item : { ...item, response: shown(after.value.text, work.channel) });
}

/** Whether any URL is or may be down: resubmitting a list without states is harmless. */
function needsRepair({ webhooks, isUnnamedDown }: FoundWebhooks): boolean {
	return isUnnamedDown || webhooks.some(({ state }) => isDown(state) || state === 'unknown');
}
