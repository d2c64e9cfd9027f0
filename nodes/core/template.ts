import type { Template } from './templateList';

const PLACEHOLDER = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** The distinct tokens between double braces, numbers in their order, names in order of appearance. */
export function placeholders(text: string): string[] {
	const tokens = [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1]!))];
	return tokens.every((token) => /^\d+$/.test(token)) ? tokens.sort((a, b) => Number(a) - Number(b)) : tokens;
}

/** The text with every placeholder replaced; a value is never searched for placeholders itself. */
export function substitute(text: string, valueOf: (token: string) => string): string {
	return text.replace(PLACEHOLDER, (_, token: string) => valueOf(token));
}

/** The message as the customer reads it: header, body and footer as paragraphs, buttons in brackets on a last line. */
export function renderTemplate(template: Template, valueOf: (token: string) => string): { text: string; body: string } {
	const part = (type: string) => template.components.find((component) => component.type === type);
	const header = part('HEADER');
	const body = substitute(part('BODY')?.text ?? '', valueOf);
	const buttons = (part('BUTTONS')?.buttons ?? []).map((button) => `[${button.text}]`).join(' ');
	const paragraphs = [
		header && (header.format === '' || header.format === 'TEXT') ? header.text : '',
		body,
		part('FOOTER')?.text ?? '',
		buttons,
	];
	return { text: paragraphs.filter((paragraph) => paragraph !== '').join('\n\n'), body };
}
