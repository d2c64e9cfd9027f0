import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const NODES = join(__dirname, '..', '..', 'nodes');

/** An error code in a source file; `action` if the same object has one. */
export interface SourceCode {
	code: string;
	action: string | undefined;
}

/** All node sources as one text, without backslashes before quotes. */
export const SOURCE = sources().join('\n').replaceAll("\\'", "'");

/**
 * Error codes in the sources: values of a field `code`, and first arguments of functions
 * whose first parameter is `code`. Variable parts are written `...`. Codes of lost requests (with a `kind`) are excluded.
 */
export function codesInSources(): SourceCode[] {
	return sources().flatMap((text) => codesIn(ts.createSourceFile('source.ts', text, ts.ScriptTarget.ES2022, true)));
}

function sources(): string[] {
	const files = readdirSync(NODES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !name.endsWith('failureTable.ts'));
	return files.map((name) => readFileSync(join(NODES, name), 'utf8'));
}

function codesIn(file: ts.SourceFile): SourceCode[] {
	const found: SourceCode[] = [];
	const makers = new Set<string>();
	const visit = (node: ts.Node, act: (node: ts.Node) => void): void => {
		act(node);
		node.forEachChild((child) => visit(child, act));
	};
	visit(file, (node) => {
		if (ts.isFunctionDeclaration(node) && node.name && node.parameters[0]?.name.getText() === 'code') makers.add(node.name.text);
	});
	visit(file, (node) => {
		if (ts.isCallExpression(node) && makers.has(node.expression.getText()) && node.arguments[0]) {
			found.push(...textsOf(node.arguments[0]).map((code) => ({ code, action: undefined })));
		}
		if (!ts.isObjectLiteralExpression(node) || valueOf(node, 'kind')) return;
		const value = valueOf(node, 'code');
		const actions = textsOf(valueOf(node, 'action'));
		found.push(...textsOf(value).map((code) => ({ code, action: actions.length === 1 ? actions[0] : undefined })));
	});
	return found.filter(({ code }) => /^[a-z]/.test(code));
}

function valueOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
	return object.properties.flatMap((property) => (ts.isPropertyAssignment(property) && property.name.getText() === name ? [property.initializer] : []))[0];
}

/** Possible values of an expression, as far as they are literal. */
function textsOf(value: ts.Expression | undefined): string[] {
	if (!value) return [];
	if (ts.isStringLiteralLike(value)) return [value.text];
	if (ts.isTemplateExpression(value)) return [`${value.head.text}...`];
	if (ts.isConditionalExpression(value)) return [...textsOf(value.whenTrue), ...textsOf(value.whenFalse)];
	return ts.isAsExpression(value) ? textsOf(value.expression) : [];
}
