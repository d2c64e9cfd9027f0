import { readFileSync } from 'node:fs';
import ts from 'typescript';

const TEST = /^(?:test|it)(?:\.each\b|$)/;

/** The titles of a file's tests as written, placeholders included. */
export function testTitles(path: string): string[] {
	const titles: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isCallExpression(node) && TEST.test(node.expression.getText())) {
			const [title] = node.arguments;
			if (title && ts.isStringLiteralLike(title)) titles.push(title.text);
		}
		node.forEachChild(visit);
	};
	visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true));
	return titles;
}
