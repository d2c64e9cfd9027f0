import { z } from 'zod';
import { cluesIn, type ErrorClues } from '../errorClues';
import { parseJson } from '../json';
import { quickText, readComponents, upperText, type TemplateComponent } from './definition';

export type { TemplateButton, TemplateComponent } from './definition';

/** A template from the channel's list (1msg-api.md, section 3), normalised. */
export interface Template {
	name: string;
	language: string;
	category: string;
	/** Upper case: APPROVED, PENDING, PAUSED, ... */
	status: string;
	/** Empty if the list gives none. */
	namespace: string;
	/** The list says that its variables are named; older lists do not say. */
	named: boolean;
	components: TemplateComponent[];
	/** False if the components could not be read. */
	componentsKnown: boolean;
	quality: string | null;
	rejectedReason: string | null;
	/** The original row, for display only. */
	row: object;
}

/** One page of `GET /templates`. */
export interface TemplatePage {
	templates: Template[];
	/** Total number of templates, if the service gives it. */
	total: number | null;
	/** The error that the service returned instead of a list. */
	said: ErrorClues;
	/** The answer was, or contained, a list. */
	isList: boolean;
}

const row = z.object({
	name: z.string().min(1),
	language: z.union([z.string(), z.object({ code: z.string() }).transform(({ code }) => code)]),
	category: upperText,
	status: upperText,
	parameter_format: upperText,
	namespace: quickText,
	message_template_namespace: quickText,
	messageTemplateNamespace: quickText,
	components: z.unknown(),
	rejected_reason: quickText,
	quality_score: z
		.union([z.string(), z.object({ score: z.string() }).transform(({ score }) => score)])
		.nullish()
		.catch(null),
});

const page = z.union([
	z.array(z.unknown()).transform((templates) => ({ templates, total: null })),
	z.object({
		templates: z.array(z.unknown()).nullish().catch(null),
		total: z.coerce.number().int().nonnegative().nullish().catch(null),
	}),
]);

/** Parses one page in any of the service's formats: an object, a bare array, or an error inside a 200. */
export function readTemplatePage(text: string): TemplatePage {
	const json = parseJson(text);
	const parsed = page.safeParse(json).data;
	const rows = parsed?.templates ?? [];
	return {
		templates: rows.flatMap((entry) => readTemplate(entry) ?? []),
		total: parsed?.total ?? null,
		said: Array.isArray(parsed?.templates) ? { code: null, texts: [] } : cluesIn(json),
		isList: Array.isArray(parsed?.templates),
	};
}

function readTemplate(entry: unknown): Template | null {
	const parsed = row.safeParse(entry).data;
	if (!parsed) return null;
	const components = readComponents(parsed.components);
	return {
		name: parsed.name,
		language: parsed.language,
		category: parsed.category,
		status: parsed.status,
		namespace: parsed.namespace || parsed.message_template_namespace || parsed.messageTemplateNamespace,
		named: parsed.parameter_format === 'NAMED',
		components: components ?? [],
		componentsKnown: components !== null,
		quality: parsed.quality_score ?? null,
		rejectedReason: parsed.rejected_reason === '' || parsed.rejected_reason === 'NONE' ? null : parsed.rejected_reason,
		row: Object(entry),
	};
}

/**
 * Joins pages into one list: without repeated rows (Meta-backed channels ignore `offset`), preferring the approved one of several with
 * the same name and language, and filling in a missing namespace if all other rows share one.
 */
export function joinTemplates(pages: readonly Template[][]): Template[] {
	const byKey = new Map<string, Template>();
	for (const template of pages.flat()) {
		const key = `${template.name}|${template.language}`;
		const known = byKey.get(key);
		if (!known || (known.status !== 'APPROVED' && template.status === 'APPROVED')) byKey.set(key, template);
	}
	const templates = [...byKey.values()];
	const namespaces = new Set(templates.map(({ namespace }) => namespace).filter((namespace) => namespace !== ''));
	const shared = namespaces.size === 1 ? [...namespaces][0]! : '';
	return templates.map((template) => (template.namespace === '' ? { ...template, namespace: shared } : template));
}
