import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { misfits } from '../../core/stockArrival';
import type { Template } from '../../core/templateList';
import { DEFAULT_TIMEOUT, openChannel } from '../../transport';
import { toError } from '../report';
import { fetchTemplates } from '../templates';

/** The approved templates of the channel, those that fit the four values first. */
export async function searchStockArrivalTemplates(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const channel = await openChannel(this);
	if (!channel.ok) throw toError(this.getNode(), channel.problem);
	const templates = await fetchTemplates(this, channel.value, DEFAULT_TIMEOUT);
	if (!templates.ok) throw toError(this.getNode(), templates.problem);
	const shown = templates.value.filter(({ status }) => status === 'APPROVED').filter((template) => matches(template, filter));
	const fitting = shown.filter((template) => misfits(template).length === 0);
	const others = shown.filter((template) => !fitting.includes(template));
	return { results: [...fitting, ...others].map(toRow) };
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
