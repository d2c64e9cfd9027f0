import { z } from 'zod';
import { ControlError, type ControlRequest, parse, queryNumber, type Route } from './request.mts';
import type { JsonObject } from '../json.mts';
import { languageOf, type TemplateDefinition } from '../validation/template-definition.mts';
import type { World } from '../state/world.mts';

const MAX_TEMPLATES = 10_000;

const row = z
	.object({ name: z.string().min(1), language: z.union([z.string().min(1), z.object({ code: z.string() }).passthrough()]) })
	.passthrough();
const rows = z.union([z.array(row), z.object({ templates: z.array(row) }).strict().transform(({ templates }) => templates)]);
const generateSchema = z.object({ generate: z.number().int().min(1).max(MAX_TEMPLATES) });
const changeSchema = z.object({ name: z.string().min(1), language: z.string().optional(), status: z.string().min(1) });
const removeSchema = z.object({ name: z.string().min(1), language: z.string().optional() });

/** Reads and edits the channel's templates. */
export const templateRoutes: Route[] = [
	{
		method: 'GET',
		path: /^templates$/,
		shown: 'GET /_sandbox/templates',
		does: 'the templates as stored',
		answer: (_, { templates }) => view(templates.rows),
	},
	{
		method: 'GET',
		path: /^templates\/read$/,
		shown: 'GET /_sandbox/templates/read?search=&limit=',
		does: 'the parsed templates: text, buttons, status; search: part of a name, language, status or text',
		answer({ query }, { templates }) {
			const words = (query.get('search') ?? '').trim().toLowerCase();
			const fits = ({ name, language, status, body = '' }: TemplateDefinition) => [name, language, status, body].some((part) => part.toLowerCase().includes(words));
			const found = templates.definitions.filter(fits);
			return { found: found.length, templates: found.slice(0, queryNumber(query, 'limit', 100)) };
		},
	},
	{
		method: 'PUT',
		path: /^templates$/,
		shown: 'PUT /_sandbox/templates',
		does: 'replaces all templates: [row, ...]',
		answer({ body }, { templates }) {
			templates.replaceAll(rows.parse(body));
			return view(templates.rows);
		},
	},
	{
		method: 'POST',
		path: /^templates$/,
		shown: 'POST /_sandbox/templates',
		does: 'adds a row (with components), or changes a status {name, language?, status}, or adds many {generate: n}',
		answer: addOrChange,
	},
	{
		method: 'DELETE',
		path: /^templates$/,
		shown: 'DELETE /_sandbox/templates',
		does: 'removes a template: {name, language?}, in the body or the query',
		answer({ body, query }, { templates }) {
			const { name, language } = parse(removeSchema, { ...Object.fromEntries(query), ...(body as JsonObject) });
			return { removed: templates.remove(name, language) };
		},
	},
];

function addOrChange({ body }: ControlRequest, { templates }: World): JsonObject {
	const given = z.record(z.unknown()).parse(body);
	if ('generate' in given) {
		templates.generate(parse(generateSchema, given).generate);
		return { total: templates.rows.length };
	}
	if ('components' in given) {
		const added = row.parse(given);
		if (languageOf(added) === '') throw new ControlError('language is empty.');
		return templates.add({ status: 'approved', category: 'UTILITY', namespace: templates.namespace, ...added });
	}
	const { name, language, status } = parse(changeSchema, given);
	const changed = templates.setStatus(name, language, status);
	if (changed === 0) throw new ControlError(`There is no template ${name}${language ? ` in ${language}` : ''}.`);
	return { changed };
}

function view(templates: readonly JsonObject[]): JsonObject {
	return { total: templates.length, templates };
}
