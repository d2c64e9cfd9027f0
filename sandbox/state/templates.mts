import type { JsonObject } from '../json.mts';
import { generatedTemplates, SANDBOX_NAMESPACE, seedTemplates } from './seed-templates.mts';
import { readTemplate, type TemplateDefinition } from '../validation/template-definition.mts';

const FIRST_ID = 101;

/** The channel's templates: raw rows and their definitions. */
export class Templates {
	#rows: JsonObject[] = [];
	#byKey = new Map<string, TemplateDefinition>();
	#nextId = FIRST_ID;

	constructor() {
		this.reset();
	}

	get rows(): readonly JsonObject[] {
		return this.#rows;
	}

	/** Default namespace for rows without one. */
	get namespace(): string {
		return SANDBOX_NAMESPACE;
	}

	/** The definitions, in list order. */
	get definitions(): TemplateDefinition[] {
		return [...this.#byKey.values()];
	}

	find(name: string, language: string): TemplateDefinition | undefined {
		return this.#byKey.get(key(name, language));
	}

	replaceAll(rows: readonly JsonObject[]): void {
		this.#rows = rows.map((row) => ({ ...row }));
		this.#nextId = FIRST_ID + rows.length;
		this.#read();
	}

	/** Adds a template, or replaces the one with the same name and language. */
	add(row: JsonObject): JsonObject {
		const { name, language } = readTemplate(row);
		const added = { id: String(this.#nextId++), ...row };
		this.#rows = [...this.#rows.filter((other) => !isNamed(other, name, language)), added];
		this.#read();
		return added;
	}

	/** Adds templates that differ only in name. */
	generate(count: number): void {
		this.#rows = [...this.#rows, ...generatedTemplates(count, this.#nextId)];
		this.#nextId += count;
		this.#read();
	}

	/** Changes a template's status, in all languages by default. Returns the number changed. */
	setStatus(name: string, language: string | undefined, status: string): number {
		const chosen = this.#rows.filter((row) => isNamed(row, name, language));
		for (const row of chosen) row.status = status;
		this.#read();
		return chosen.length;
	}

	/** Removes a template, in all languages by default. Returns the number removed. */
	remove(name: string, language?: string): number {
		const before = this.#rows.length;
		this.#rows = this.#rows.filter((row) => !isNamed(row, name, language));
		this.#read();
		return before - this.#rows.length;
	}

	reset(): void {
		this.replaceAll(seedTemplates());
	}

	#read(): void {
		const definitions = this.#rows.map(readTemplate);
		this.#byKey = new Map(definitions.map((template) => [key(template.name, template.language), template]));
	}
}

function key(name: string, language: string): string {
	return `${name}|${language}`;
}

function isNamed(row: JsonObject, name: string, language?: string): boolean {
	const template = readTemplate(row);
	return template.name === name && (language === undefined || template.language === language);
}
