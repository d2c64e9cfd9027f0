import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { misfits } from '../../core/stockArrival/stockArrival';
import type { Template } from '../../core/template/list';
import { ask, DEFAULT_TIMEOUT, openChannel } from '../../shared/transport';
import { toError } from '../../shared/nodeErrors';
import { fetchTemplates } from '../querying/templates';
import { isFirstVersion } from '../resources/shared/versions';

/** The channel's approved templates that fit the four values, and after them the others if the node lists those. */
export async function searchStockArrivalTemplates(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const approved = await approvedTemplates(this, filter);
	const fitting = new Set(approved.filter((template) => misfits(template).length === 0));
	// Version 1 has no such field, and lists all.
	const listsOthers = isFirstVersion(this) || this.getNodeParameter('listUnfitTemplates', false) === true;
	const others = listsOthers ? approved.filter((template) => !fitting.has(template)) : [];
	return { results: [...[...fitting].map((template) => toRow(template)), ...others.map((template) => toRow(template, 'does not fit'))] };
}

/** The channel's approved templates, by name. */
export async function searchTemplates(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const shown = await approvedTemplates(this, filter);
	return { results: shown.sort((a, b) => a.name.localeCompare(b.name)).map((template) => toRow(template)) };
}

async function approvedTemplates(context: ILoadOptionsFunctions, filter?: string): Promise<Template[]> {
	const channel = await openChannel(context);
	if (!channel.ok) throw toError(context.getNode(), channel.problem);
	const templates = await fetchTemplates(channel.value, DEFAULT_TIMEOUT, async (request) => await ask(context, channel.value, request));
	if (!templates.ok) throw toError(context.getNode(), templates.problem);
	return templates.value.filter(({ status }) => status === 'APPROVED').filter((template) => matches(template, filter));
}

/** Characters of a template's text shown in its row. */
const MAX_EXCERPT_LENGTH = 60;

function toRow(template: Template, remark = '') {
	const body = bodyOf(template);
	const excerpt = body.length > MAX_EXCERPT_LENGTH ? `${body.slice(0, MAX_EXCERPT_LENGTH)}\u2026` : body;
	return {
		// n8n shows no description in the list, so the name includes an excerpt.
		name: [template.name, template.language, template.category, remark, excerpt].filter((part) => part !== '').join(' \u00b7 '),
		value: `${template.name}|${template.language}`,
		description: body,
	};
}

function bodyOf(template: Template): string {
	return (template.components.find(({ type }) => type === 'BODY')?.text ?? '').replace(/\s+/g, ' ');
}

function matches(template: Template, filter = ''): boolean {
	const searched = `${template.name} ${template.language} ${template.category} ${bodyOf(template)}`.toLowerCase();
	return filter.toLowerCase().split(/\s+/).every((word) => searched.includes(word));
}
