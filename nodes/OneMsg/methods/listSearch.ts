import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { misfits } from '../../core/stockArrival';
import type { Template } from '../../core/templateList';
import { ask, DEFAULT_TIMEOUT, openChannel } from '../../transport';
import { toError } from '../report';
import { fetchTemplates } from '../templates';

/** The approved templates of the channel, those that fit the four values first. */
export async function searchStockArrivalTemplates(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const shown = await approvedTemplates(this, filter);
	const fitting = new Set(shown.filter((template) => misfits(template).length === 0));
	const others = shown.filter((template) => !fitting.has(template));
	return { results: [...fitting, ...others].map(toRow) };
}

/** The approved templates of the channel, by name. */
export async function searchTemplates(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const shown = await approvedTemplates(this, filter);
	return { results: shown.sort((a, b) => a.name.localeCompare(b.name)).map(toRow) };
}

async function approvedTemplates(context: ILoadOptionsFunctions, filter?: string): Promise<Template[]> {
	const channel = await openChannel(context);
	if (!channel.ok) throw toError(context.getNode(), channel.problem);
	const templates = await fetchTemplates(channel.value, DEFAULT_TIMEOUT, async (request) => await ask(context, channel.value, request));
	if (!templates.ok) throw toError(context.getNode(), templates.problem);
	return templates.value.filter(({ status }) => status === 'APPROVED').filter((template) => matches(template, filter));
}

function toRow(template: Template) {
	const body = template.components.find(({ type }) => type === 'BODY')?.text ?? '';
	return {
		name: [template.name, template.language, template.category].filter((part) => part !== '').join(' \u00b7 '),
		value: `${template.name}|${template.language}`,
		description: body,
	};
}

function matches(template: Template, filter = ''): boolean {
	const searched = `${template.name} ${template.language} ${template.category}`.toLowerCase();
	return filter.toLowerCase().split(/\s+/).every((word) => searched.includes(word));
}
