import { type Answer, json } from '../http/answer.mts';
import { flagOf, type JsonObject, objectOf, textOf } from '../json.mts';
import type { NewMessage } from '../state/messages.mts';
import { readRecipient } from '../validation/recipient.mts';
import { refuse } from '../validation/refusal.mts';
import type { TemplateDefinition } from '../validation/template-definition.mts';
import type { Templates } from '../state/templates.mts';
import type { World } from '../state/world.mts';
import { validateParams } from '../validation/template.mts';

/**
 * Parses a POST /sendTemplate (1msg-api.md section 2) into a message, or into an error answer
 * if a field is missing. Throws a Refusal for anything that WhatsApp refuses.
 */
export function readTemplateSend(body: JsonObject, world: World): NewMessage | Answer {
	const name = textOf(body.template);
	const language = textOf(objectOf(body.language)?.code);
	if (!name || !language) return json(400, { message: 'template is not defined' });
	const namespace = textOf(body.namespace);
	if (!namespace) return json(422, { message: 'namespace is not defined' });
	const recipient = readRecipient(body, world);
	const template = sendable(world.templates, name, language, namespace);
	if (template.category === 'AUTHENTICATION' && /@(lid|username)$/.test(recipient.chatId)) refuse(131062, 'this message needs a phone number');
	const path = pathOf(template.category, flagOf(body.useMMlite), world);
	return {
		direction: 'out',
		kind: 'template',
		...recipient,
		shown: validateParams(template, body.params),
		template: name,
		language,
		category: path === 'lite' ? 'marketing_lite' : template.category.toLowerCase(),
		...(path !== 'usual' && { mmLite: path }),
		request: body,
		quotedMessageId: textOf(body.quotedMsgId),
	};
}

// Only marketing goes over the Marketing Messages API; who asks for it, and templates of no known category, fall back.
function pathOf(category: string, useMMlite: boolean | undefined, { settings: { mmLiteAvailable, mmLiteEnabled } }: World): 'lite' | 'fallback' | 'usual' {
	if (useMMlite === undefined && !(mmLiteAvailable && mmLiteEnabled)) return 'usual';
	if (useMMlite === false) return 'usual';
	if (category === 'MARKETING' && mmLiteAvailable) return 'lite';
	return useMMlite || !['MARKETING', 'UTILITY', 'AUTHENTICATION'].includes(category) ? 'fallback' : 'usual';
}

function sendable(templates: Templates, name: string, language: string, namespace: string): TemplateDefinition {
	const template = templates.find(name, language);
	if (!template) refuse(132001, `template name (${name}) does not exist in ${language}`);
	if (namespace !== (template.namespace ?? templates.namespace)) refuse(132001, `namespace ${namespace} has no template ${name}`);
	if (template.status === 'paused') refuse(132015, `template ${name} is paused for low quality`);
	if (template.status === 'disabled') refuse(132016, `template ${name} was paused too often and is disabled`);
	if (template.status !== 'approved') refuse(132001, `template name (${name}) is not approved in ${language}`);
	return template;
}
