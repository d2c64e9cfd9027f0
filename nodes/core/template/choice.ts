import { foundBeforeSending, err, ok, type Problem, type Result } from '../problem';
import type { Template } from './list';

/** A template's name and, if given, its language code. */
export interface TemplateName {
	name: string;
	/** Empty to take it from the channel's list. */
	language: string;
}

const NAME = /^[a-z0-9_]{1,512}$/;

/**
 * Reads `name` or `name|languageCode` (as stored by the list mode). A language in the options wins.
 * Gives `template-missing` or `invalid-template-name`.
 */
export function readTemplateName(value: unknown, languageOption: unknown): Result<TemplateName> {
	const given = typeof value === 'string' ? value.trim() : '';
	const [name = '', language = ''] = given.split('|').map((part) => part.trim());
	if (name === '') {
		return err(
			foundBeforeSending({
				code: 'template-missing',
				message: 'No template is chosen',
				description: 'Choose a template from the list, or give its name in the Template field.',
				action: 'fixTemplate',
			}),
		);
	}
	if (!NAME.test(name)) {
		return err(
			foundBeforeSending({
				code: 'invalid-template-name',
				message: `"${name.slice(0, 100)}" is not a template name`,
				description: 'Template names consist of lower-case letters, digits and underscores, for example stock_arrival.',
				action: 'fixTemplate',
			}),
		);
	}
	const option = typeof languageOption === 'string' ? languageOption.trim() : '';
	return ok({ name, language: option || language });
}

/**
 * Finds the approved template with this name and language; `namespace`, if given, must be the template's own.
 * Gives `template-not-found`, `template-ambiguous`, `template-not-approved` or `namespace-unknown`,
 * each naming what the channel has instead.
 */
export function chooseTemplate(templates: readonly Template[], wanted: TemplateName, namespace: string): Result<Template> {
	const named = templates.filter(({ name }) => name === wanted.name);
	if (named.length === 0) return err(notFound(templates, wanted.name));
	const inLanguage = wanted.language === '' ? named : named.filter(({ language }) => sameLanguage(language, wanted.language));
	if (inLanguage.length === 0) {
		return err(
			problem(
				'template-not-found',
				`The template "${wanted.name}" does not exist in the language "${wanted.language}"`,
				`The channel has it in ${listOf(named.map(({ language }) => language))}.`,
			),
		);
	}
	const approved = inLanguage.filter(({ status }) => status === 'APPROVED');
	if (approved.length > 1) {
		return err(
			problem(
				'template-ambiguous',
				`The template "${wanted.name}" exists in several languages`,
				`Add the language, as in "${wanted.name}|${approved[0]!.language}", or set the Language Code option. The channel has ${listOf(approved.map(({ language }) => language))}.`,
			),
		);
	}
	const chosen = approved[0];
	if (!chosen) return err(notApproved(inLanguage[0]!));
	if (namespace !== '' && chosen.namespace !== '' && chosen.namespace !== namespace) {
		return err(
			problem(
				'namespace-unknown',
				`The namespace "${namespace.slice(0, 100)}" is not that of the template "${chosen.name}"`,
				'Remove the Namespace option, so that the namespace is read from the channel, or copy it from the 1MSG dashboard.',
			),
		);
	}
	return ok(chosen);
}

function problem(code: string, message: string, description: string): Problem {
	return foundBeforeSending({ code, message, description, action: 'fixTemplate' });
}

function notFound(templates: readonly Template[], name: string): Problem {
	const approved = [...new Set(templates.filter(({ status }) => status === 'APPROVED').map((template) => template.name))];
	return problem(
		'template-not-found',
		`The channel has no template named "${name}"`,
		approved.length === 0
			? 'The channel has no approved template at all. Create one first; WhatsApp usually approves it within a day.'
			: `Approved templates of this channel: ${listOf(approved)}.`,
	);
}

function notApproved(template: Template): Problem {
	const reasons = new Map([
		['PAUSED', 'WhatsApp paused it because recipients marked it as unwanted. The pause ends automatically after a few hours.'],
		['DISABLED', 'WhatsApp disabled it after several pauses. Create a new template.'],
		['REJECTED', `WhatsApp rejected it${template.rejectedReason === null ? '' : ` (${template.rejectedReason})`}. Change its text and submit it again.`],
		['PENDING', 'WhatsApp is still reviewing it; that usually takes less than a day.'],
	]);
	const state = template.status === '' ? 'unknown' : template.status.toLowerCase().replaceAll('_', ' ');
	return foundBeforeSending({
		code: 'template-not-approved',
		message: `The template "${template.name}" (${template.language}) cannot be sent: its status is ${state}`,
		description: reasons.get(template.status) ?? 'Only approved templates can be sent.',
		action: template.status === 'PAUSED' ? 'alertPerson' : 'fixTemplate',
	});
}

function sameLanguage(a: string, b: string): boolean {
	return a.toLowerCase().replace('-', '_') === b.toLowerCase().replace('-', '_');
}

const MAX_LISTED = 10;

function listOf(names: readonly string[]): string {
	const shown = names.slice(0, MAX_LISTED).map((name) => `"${name}"`).join(', ');
	return names.length > MAX_LISTED ? `${shown} and ${names.length - MAX_LISTED} more` : shown;
}
