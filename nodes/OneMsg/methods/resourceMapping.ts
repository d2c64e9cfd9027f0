import type { ILoadOptionsFunctions, ResourceMapperField, ResourceMapperFields } from 'n8n-workflow';
import { renderTemplate, templateFields } from '../../core/template/template';
import { chooseTemplate, readTemplateName } from '../../core/template/choice';
import type { Template } from '../../core/template/list';
import type { TemplateField } from '../../core/template/part';
import { ask, DEFAULT_TIMEOUT, openChannel } from '../../shared/transport';
import { toError } from '../../shared/errors';
import { fetchTemplates } from '../querying/templates';

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
	const boxes = fields.value.map((field) => toMapperField(field));
	return { fields: boxes.length === 0 ? [] : [textField(template.value), ...boxes], emptyFieldsNotice: 'This template has no variables' };
}

function notice({ message, description }: { message: string; description: string }): ResourceMapperFields {
	return { fields: [], emptyFieldsNotice: `${message}. ${description}` };
}

/** The box that only shows the text; what a workflow saved in it is left out of the send. */
export const TEXT_FIELD = 'template_text';

/** Shows the whole text above the boxes, as the template's author wrote it; it is not sent. */
function textField(template: Template): ResourceMapperField {
	const text = renderTemplate(template);
	return { ...box(TEXT_FIELD, 'Template Text'), type: 'string', required: false, readOnly: true, defaultValue: text.replace(/\s*\n\s*/g, ' / ') };
}

function toMapperField({ id, label, hint, kind, required, rare }: TemplateField): ResourceMapperField {
	return { ...box(id, captionOf(label, hint)), type: kind === 'moment' ? 'dateTime' : 'string', required, removed: rare };
}

/** Characters of the sentence before its variable: n8n shows about twenty-two of a caption and cuts the rest. */
const BEFORE = 9;

/** A variable is named by the words it stands in, as in `order #{{2}}, item`; everything else by its label. */
function captionOf(label: string, hint: string): string {
	const variable = /\{\{[^{}]+\}\}/.exec(label)?.[0];
	const at = variable === undefined ? -1 : hint.indexOf(variable);
	if (at < 0) return `${label}: ${hint}`;
	// "Text" goes without saying; a header's or a card's variable says where it stands.
	const part = label.slice(0, label.indexOf('{{')).replace(/Text $/, '').trim();
	const before = hint.slice(Math.max(0, at - BEFORE), at);
	const words = (at > BEFORE ? before.replace(/^\S*\s/, '') : before) + hint.slice(at);
	return part === '' ? words : `${part}: ${words}`;
}

function box(id: string, displayName: string): Pick<ResourceMapperField, 'id' | 'displayName' | 'display' | 'defaultMatch' | 'canBeUsedToMatch'> {
	return { id, displayName, display: true, defaultMatch: false, canBeUsedToMatch: false };
}
