import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { foundBeforeSending, no, ok, type Problem, type Result } from '../../core/problem';
import { chooseTemplate, readTemplateName, type TemplateName } from '../../core/templateChoice';
import type { Template } from '../../core/templateList';
import type { OpenChannel } from '../../transport';
import { fetchTemplates } from '../templates';

/** The channel's templates, read when first asked for, once for all items; `timeout` is in milliseconds. */
export type TemplateSource = (timeout: number) => Promise<Result<Template[]>>;

export function templateSource(context: IExecuteFunctions, channel: OpenChannel): TemplateSource {
	let list: Promise<Result<Template[]>> | undefined;
	return async (timeout) => await (list ??= fetchTemplates(context, channel, timeout));
}

/** What the Template field and the options say about the template, before any list is read. */
export interface NamedTemplate {
	wanted: TemplateName;
	/** Empty where it is left to the channel's list. */
	namespace: string;
	/** Name, language and namespace are all given by hand, so the list need not be read. */
	isComplete: boolean;
}

/** Gives `template-missing` or `invalid-template-name`. */
export function readNamedTemplate(context: IExecuteFunctions, itemIndex: number, options: IDataObject): Result<NamedTemplate> {
	const locator = context.getNodeParameter('template', itemIndex) as { mode?: unknown; value?: unknown } | string;
	const given = typeof locator === 'object' && locator !== null ? locator : { mode: 'name', value: locator };
	const wanted = readTemplateName(given.value, options.languageCode);
	if (!wanted.ok) return wanted;
	const namespace = typeof options.namespace === 'string' ? options.namespace.trim() : '';
	const languageGiven = typeof options.languageCode === 'string' && options.languageCode.trim() !== '';
	return ok({ wanted: wanted.value, namespace, isComplete: namespace !== '' && languageGiven && given.mode !== 'list' });
}

/** Finds the named template in the channel's list, with its namespace. Gives what `chooseTemplate` gives, or `namespace-missing`. */
export async function findTemplate({ wanted, namespace }: NamedTemplate, templates: TemplateSource, timeout: number): Promise<Result<Found>> {
	const list = await templates(timeout);
	if (!list.ok) return list;
	const chosen = chooseTemplate(list.value, wanted, namespace);
	if (!chosen.ok) return chosen;
	const known = namespace || chosen.value.namespace;
	return known === '' ? no(namespaceMissing(chosen.value)) : ok({ template: chosen.value, namespace: known });
}

/** A template of the channel and the namespace to send it with. */
export interface Found {
	template: Template;
	namespace: string;
}

function namespaceMissing(template: Template): Problem {
	return foundBeforeSending({
		code: 'namespace-missing',
		message: `The channel's list names no namespace for the template "${template.name}"`,
		description: 'Copy the namespace from the 1MSG dashboard into the Namespace option.',
		action: 'fixTemplate',
	});
}
