import { z } from 'zod';
import { errorClues, parseJson } from '../json';
import { quickText, readComponents, upperText, type TemplateComponent } from './definition';

export type { TemplateButton, TemplateComponent } from './definition';

/** A template as the channel's list describes it (1msg-api.md, section 3), its quirks read away. */
export interface Template {
	name: string;
	language: string;
	category: string;
	/** Upper case: APPROVED, PENDING, PAUSED, ... */
	status: string;
	/** Empty where the list names none. */
	namespace: string;
	/** The list says that its variables have names; older lists say nothing. */
	named: boolean;
	components: TemplateComponent[];
	/** False where the components could not be read: nothing is known about the template's parts. */
	componentsKnown: boolean;
	quality: string | null;
	rejectedReason: string | null;
	/** The list's own row, as it came: to be shown, not read. */
	row: object;
}

/** One page of `GET /templates`. */
export interface TemplatePage {
	templates: Template[];
	/** How many there are in all, where the service says it. */
	total: number | null;
	/** What the service said instead of a list. */
	said: { code: string | number | null; texts: string[] };
	/** The answer was a list or an object that has one. */
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
	z.array(z.unknown()).transform((templates) => ({ templates, total: null, error: { code: null, texts: [] } })),
	z.object({
		templates: z.array(z.unknown()).nullish().catch(null),
		total: z.coerce.number().int().nonnegative().nullish().catch(null),
		error: errorClues,
	}),
]);

/** Reads one page in any of the forms the service uses: an object, a bare array, or an error inside a 200. */
export function readTemplatePage(text: string): TemplatePage {
	const parsed = page.safeParse(parseJson(text)).data;
	const rows = parsed?.templates ?? [];
	return {
		templates: rows.flatMap((entry) => readTemplate(entry) ?? []),
		total: parsed?.total ?? null,
		said: parsed?.error ?? { code: null, texts: [] },
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
 * Joins pages into one list: rows that several pages repeat once (on Meta-backed channels `offset` is ignored), of several with the same
 * name and language the approved one,
 * and a missing namespace borrowed where all other rows share exactly one.
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
