import type { ILoadOptionsFunctions, ResourceMapperField, ResourceMapperFields } from 'n8n-workflow';
import { templateFields } from '../../core/template';
import { chooseTemplate, readTemplateName } from '../../core/templateChoice';
import type { TemplateField } from '../../core/templatePart';
import { ask, DEFAULT_TIMEOUT, openChannel } from '../../transport';
import { toError } from '../report';
import { fetchTemplates } from '../templates';

/** The boxes to fill for the chosen template, labelled from it; without a usable template a notice says why there are none. */
export async function getTemplateVariables(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const value = this.getNodeParameter('template', '', { extractValue: true });
	if (value === '' || value === undefined) return { fields: [], emptyFieldsNotice: 'Choose a template to see its variables' };
	const wanted = readTemplateName(value, this.getNodeParameter('options.languageCode', ''));
	if (!wanted.ok) return notice(wanted.problem);
	const channel = await openChannel(this);
	if (!channel.ok) throw toError(this.getNode(), channel.problem);
	const templates = await fetchTemplates(channel.value, DEFAULT_TIMEOUT, async (request) => await ask(this, channel.value, request));
	if (!templates.ok) throw toError(this.getNode(), templates.problem);
	const template = chooseTemplate(templates.value, wanted.value, '');
	if (!template.ok) return notice(template.problem);
	const fields = templateFields(template.value);
	if (!fields.ok) return notice(fields.problem);
	return { fields: fields.value.map(toMapperField), emptyFieldsNotice: 'This template has no variables' };
}

function notice({ message, description }: { message: string; description: string }): ResourceMapperFields {
	return { fields: [], emptyFieldsNotice: `${message}. ${description}` };
}

function toMapperField({ id, label, hint, example, kind, required, rare }: TemplateField): ResourceMapperField {
	const sample = example === '' ? '' : ` (e.g. ${example})`;
	return {
		id,
		displayName: `${label}: ${hint}${sample}`,
		type: kind === 'moment' ? 'dateTime' : 'string',
		required,
		removed: rare,
		display: true,
		defaultMatch: false,
		canBeUsedToMatch: false,
	};
}
