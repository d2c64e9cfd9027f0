import { type Answer, json } from '../http/answer.mts';
import { type JsonObject, listOf, objectOf, textOf } from '../json.mts';
import { SANDBOX_NAMESPACE } from '../state/seed-templates.mts';
import { readTemplate, type TemplateDefinition, variablesOf } from '../validation/template-definition.mts';
import type { Settings } from '../state/settings.mts';
import type { Templates } from '../state/templates.mts';

const CATEGORIES = ['MARKETING', 'UTILITY', 'AUTHENTICATION'];
const MAX_LENGTH = { header: 60, body: 1024, footer: 60, button: 25, name: 512 };
const MAX_BUTTONS = 10;

/** POST /addTemplate: adds the template as pending and answers as WhatsApp did (1msg-contract-2.md section 1.8). */
export function addTemplate(templates: Templates, { addTemplateAnswer: form }: Settings, body: JsonObject): Answer {
	const { name, category, language, components } = body;
	const row = { name, language, category: textOf(category)?.toUpperCase(), status: 'pending', rejected_reason: 'NONE', namespace: SANDBOX_NAMESPACE, components };
	const template = readTemplate(row);
	const wrong = whatIsWrong(template, components) ?? (templates.find(template.name, template.language) && 'Content in this language already exists');
	if (wrong) return form === 'responseError' ? json(200, { response: { error: { code: 100, message: 'Invalid parameter', error_user_msg: wrong } } }) : json(400, { error: wrong });
	const added = templates.add(row);
	return json(200, form === 'row' ? added : { response: { id: added.id, status: 'PENDING', category: row.category } });
}

/** POST /removeTemplate: removes every language of the name. */
export function removeTemplate(templates: Templates, body: JsonObject): Answer {
	const name = textOf(body.name) ?? '';
	return templates.remove(name) > 0 ? json(200, { result: 'success' }) : json(400, { error: `Template ${name} does not exist` });
}

function whatIsWrong(template: TemplateDefinition, components: unknown): string | undefined {
	const { name, language, category, header, body, footer, buttons } = template;
	if (!/^[a-z0-9_]+$/.test(name) || name.length > MAX_LENGTH.name) return 'name must be lower-case letters, digits and underscores';
	if (!/^[a-z]{2,3}(_[A-Z]{2,3})?$/.test(language)) return 'language must be a code like en or pt_BR';
	if (!CATEGORIES.includes(category)) return `category must be one of ${CATEGORIES.join(', ')}`;
	if (!listOf(components) || !body) return 'components must be an array with a BODY';
	if (body.length > MAX_LENGTH.body || (footer ?? '').length > MAX_LENGTH.footer) return 'a text is too long';
	if ((header?.text ?? '').length > MAX_LENGTH.header || variablesOf(header?.text ?? '').length > 1) return 'the header is too long or has more than one variable';
	if (buttons.length > MAX_BUTTONS || buttons.some(({ text }) => text.length > MAX_LENGTH.button)) return 'there are too many buttons, or a label is too long';
	if (/^\s*\{\{|\}\}\s*$/.test(body)) return 'variables cannot be at the start or end of the body';
	return variablesOf(body).length > 0 && !hasExample(components) ? 'the body has variables but no example' : undefined;
}

function hasExample(components: unknown): boolean {
	const body = (listOf(components) ?? []).map(objectOf).find((component) => textOf(component?.type)?.toUpperCase() === 'BODY');
	return objectOf(body?.example) !== undefined;
}
