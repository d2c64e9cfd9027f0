import type { ILoadOptionsFunctions, ResourceMapperField, ResourceMapperFields } from 'n8n-workflow';
import { renderTemplate, templateFields } from '../../core/template/template';
import { chooseTemplate, readTemplateName } from '../../core/template/choice';
import type { Template } from '../../core/template/list';
import type { TemplateField } from '../../core/template/part';
import type { Result } from '../../core/problem';
import { ask, DEFAULT_TIMEOUT, openChannel } from '../../shared/transport';
import { toError } from '../../shared/nodeErrors';
import { fetchTemplates } from '../querying/templates';
import { isFirstVersion } from '../resources/shared/versions';

/** The input fields of the chosen template; without a usable template, a notice says why there are none. */
export async function getTemplateVariables(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const template = await chosenTemplate(this);
	if (template === undefined) return { fields: [], emptyFieldsNotice: 'Choose a template to see its variables' };
	if (!template.ok) return notice(template.problem);
	const fields = templateFields(template.value);
	if (!fields.ok) return notice(fields.problem);
	const inputs = fields.value.map((field) => toMapperField(field));
	// Since version 2 a field of its own shows the text.
	const text = isFirstVersion(this) ? [textField(template.value)] : [];
	return { fields: inputs.length === 0 ? [] : [...text, ...inputs], emptyFieldsNotice: 'This template has no variables' };
}

/** The chosen template's name and whole text as a notice above no fields, since a field would show a single line; else, why there is none. */
export async function getTemplateText(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const template = await chosenTemplate(this);
	if (template === undefined) return { fields: [], emptyFieldsNotice: 'Choose a template to see its text' };
	if (!template.ok) return notice(template.problem);
	// The editor keeps an earlier template's text while an expression of the node cannot be resolved: its name shows that.
	const text = `${template.value.name} · ${template.value.language}:\n${renderTemplate(template.value)}`;
	return { fields: [], emptyFieldsNotice: escapeHtml(text).replace(/\r?\n/g, '<br>') };
}

/** The template chosen in the editor; undefined if none is. */
async function chosenTemplate(context: ILoadOptionsFunctions): Promise<Result<Template> | undefined> {
	const value = context.getNodeParameter('template', '', { extractValue: true });
	if (value === '' || value === undefined) return undefined;
	const wanted = readTemplateName(value, context.getNodeParameter('options.languageCode', ''));
	if (!wanted.ok) return wanted;
	const channel = await openChannel(context);
	if (!channel.ok) throw toError(context.getNode(), channel.problem);
	const templates = await fetchTemplates(channel.value, DEFAULT_TIMEOUT, async (request) => await ask(context, channel.value, request));
	if (!templates.ok) throw toError(context.getNode(), templates.problem);
	return chooseTemplate(templates.value, wanted.value, '');
}

/** n8n shows a notice as HTML. */
function escapeHtml(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function notice({ message, description }: { message: string; description: string }): ResourceMapperFields {
	return { fields: [], emptyFieldsNotice: `${message}. ${description}` };
}

/** The read-only field with the text; its saved value is not sent. */
export const TEXT_FIELD = 'template_text';

/** Shows the template's text above the input fields. */
function textField(template: Template): ResourceMapperField {
	const text = renderTemplate(template);
	return { ...baseField(TEXT_FIELD, 'Template Text'), type: 'string', required: false, readOnly: true, defaultValue: text.replace(/\s*\n\s*/g, ' / ') };
}

function toMapperField({ id, label, hint, kind, required, rare }: TemplateField): ResourceMapperField {
	return { ...baseField(id, captionOf(label, hint)), type: kind === 'moment' ? 'dateTime' : 'string', required, removed: rare };
}

/** Characters of context before a variable: n8n truncates captions after about 22. */
const CONTEXT_LENGTH = 9;

/** A variable is captioned by the words around it, as in `order #{{2}}, item`; any other field by its label. */
function captionOf(label: string, hint: string): string {
	const variable = /\{\{[^{}]+\}\}/.exec(label)?.[0];
	const at = variable === undefined ? -1 : hint.indexOf(variable);
	if (at < 0) return `${label}: ${hint}`;
	// "Text" is implied; a variable of a header or card names its part.
	const part = label.slice(0, label.indexOf('{{')).replace(/Text $/, '').trim();
	const before = hint.slice(Math.max(0, at - CONTEXT_LENGTH), at);
	const words = (at > CONTEXT_LENGTH ? before.replace(/^\S*\s/, '') : before) + hint.slice(at);
	return part === '' ? words : `${part}: ${words}`;
}

function baseField(id: string, displayName: string): Pick<ResourceMapperField, 'id' | 'displayName' | 'display' | 'defaultMatch' | 'canBeUsedToMatch'> {
	return { id, displayName, display: true, defaultMatch: false, canBeUsedToMatch: false };
}
