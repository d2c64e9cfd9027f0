import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { err, ok, type Result } from '../../../core/problem';
import { redactDeep } from '../../../core/redact';
import { misfits } from '../../../core/stockArrival/stockArrival';
import { renderTemplate } from '../../../core/template/template';
import { addTemplateBody, readTemplateDraft, type TemplateDraft } from '../../../core/stockArrival/draft';
import type { Template } from '../../../core/template/list';
import { judgeSubmission } from '../../../core/stockArrival/submission';
import { ask, openChannel, type OpenChannel } from '../../../shared/transport';
import { runItems } from '../shared/runItems';
import { failAll } from '../shared/failedItems';
import { readAskSettings, readOptions } from '../shared/settings';
import { askPaced, SHORT_RETRY } from '../../querying/ask';
import { fetchTemplates } from '../../querying/templates';
import { optionsFields } from '../shared/options';
import { showOnlyFor } from '../shared/versions';
import { draftFields } from './draftFields';

const showOnlyForCreate = { resource: ['template'], operation: ['createStockArrivalTemplate'] };

export const description: INodeProperties[] = showOnlyFor(showOnlyForCreate, [...draftFields, ...optionsFields(['simplify', 'timeout'])]);

interface Submission {
	draft: TemplateDraft;
	simplify: boolean;
	/** Milliseconds. */
	timeout: number;
}

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const channel = await openChannel(context);
	if (!channel.ok) return failAll(context, channel.problem);
	return await runItems<Submission>(context, {
		prepare: async (itemIndex) => prepare(context, itemIndex),
		act: async (submission) => await submit(context, channel.value, submission),
		// Sequential, so that two items with the same name and language create one template.
		concurrency: 1,
	});
}

function prepare(context: IExecuteFunctions, itemIndex: number): Result<Submission> {
	const settings = readAskSettings(readOptions(context, itemIndex));
	if (!settings.ok) return settings;
	const draft = readTemplateDraft({
		templateName: context.getNodeParameter('templateName', itemIndex),
		languageCode: context.getNodeParameter('languageCode', itemIndex),
		bodyText: context.getNodeParameter('bodyText', itemIndex, ''),
		buttonText: context.getNodeParameter('buttonText', itemIndex, ''),
		buttonUrl: context.getNodeParameter('buttonUrl', itemIndex),
		sampleValues: context.getNodeParameter('sampleValues', itemIndex, {}) as IDataObject,
	});
	return draft.ok ? ok({ draft: draft.value, ...settings.value }) : draft;
}

/** Submits the draft, unless the channel already has a template with its name and language: then reports that one. */
async function submit(context: IExecuteFunctions, channel: OpenChannel, { draft, timeout, simplify }: Submission): Promise<Result<IDataObject>> {
	const withResponse = (item: IDataObject, response: object) => ok(simplify ? item : { ...item, response: redactDeep(response, channel.secrets) as IDataObject });
	const find = async (): Promise<Result<Template | undefined>> => {
		const list = await fetchTemplates(channel, timeout, async (request) => await askPaced(context, channel, request, { retryFor: SHORT_RETRY }));
		return list.ok ? ok(list.value.find(({ name, language }) => name === draft.name && language.replace('-', '_') === draft.language)) : list;
	};
	const existing = await find();
	if (!existing.ok) return existing;
	if (existing.value) return withResponse(existingItem('exists', existing.value), existing.value.row);

	const answer = await ask(context, channel, { method: 'POST', path: '/addTemplate', body: addTemplateBody(draft), timeout });
	const submission = judgeSubmission(answer, Date.now(), channel.secrets);
	if (submission.kind === 'taken') return withResponse(newItem(draft, submission.status), submission.row);
	if (submission.kind === 'refused') return err(submission.problem);
	const now = await find();
	return now.ok && now.value ? withResponse(existingItem(submission.outcome, now.value), now.value.row) : err(submission.problem);
}

function newItem({ name, language, body, buttonText }: TemplateDraft, status: string): IDataObject {
	return { outcome: 'submitted', name, language, category: 'UTILITY', status, text: `${body}\n\n[${buttonText}]`, fits: true, rejectedReason: null };
}

function existingItem(outcome: string, template: Template): IDataObject {
	const { name, language, category, status, rejectedReason } = template;
	return { outcome, name, language, category, status, text: renderTemplate(template), fits: misfits(template).length === 0, rejectedReason };
}
