import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { ok, type Result } from '../../../core/problem';
import { readTemplateName, type TemplateName } from '../../../core/template/choice';
import { readField } from '../../resources/shared/parameters';

/** The template as named by the Template field and the options, before the list is read. */
export interface NamedTemplate {
	wanted: TemplateName;
	/** Empty to take it from the channel's list. */
	namespace: string;
	/** Name, language and namespace are all given, so the list need not be read. */
	isComplete: boolean;
}

/** Gives `template-missing` or `invalid-template-name`. */
export function readNamedTemplate(context: IExecuteFunctions, itemIndex: number, options: IDataObject): Result<NamedTemplate> {
	const locator = readField(context, 'template', itemIndex) as { mode?: unknown; value?: unknown } | string;
	const given = typeof locator === 'object' && locator !== null ? locator : { mode: 'name', value: locator };
	const wanted = readTemplateName(given.value, options.languageCode);
	if (!wanted.ok) return wanted;
	const namespace = typeof options.namespace === 'string' ? options.namespace.trim() : '';
	const languageGiven = typeof options.languageCode === 'string' && options.languageCode.trim() !== '';
	return ok({ wanted: wanted.value, namespace, isComplete: namespace !== '' && languageGiven && given.mode !== 'list' });
}
