import type { Goal } from './goal.mts';

/** A table row. */
export function row(cells: readonly string[]): string {
	return `| ${cells.join(' | ')} |`;
}

/** A Markdown table; the first column is text, the others are figures. */
export function table(columns: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	return [columns, columns.map((_, index) => (index === 0 ? '---' : '---:')), ...rows].map(row).join('\n');
}

/** The same for a terminal. */
export function plainTable(title: string, columns: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const lines = [columns, ...rows];
	const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]!.length)));
	const text = lines.map((line) => line.map((cell, index) => (index === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[index]!))).join('  '));
	return [title, ...text.map((line) => `  ${line.trimEnd()}`)].join('\n');
}

/** The goals, and whether each was met. */
export function goalsTable(goals: readonly Goal[]): string {
	return ['| | | |', '| --- | ---: | --- |', ...goals.map(({ what, found, reached }) => row([what, found, reached ? 'yes' : '**no**']))].join('\n');
}
