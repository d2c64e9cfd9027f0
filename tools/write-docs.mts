/** `npm run docs`: writes docs/errors.md and docs/contract.md. A unit test fails if one is outdated. */
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import type * as FailureTable from '../nodes/core/failure/table.ts';
import { contractPage } from './docs/contract-page.mts';
import { errorsPage } from './docs/errors-page.mts';

const ROOT = join(import.meta.dirname, '..');

/** The current table: the sources target CommonJS, so Node can only load them bundled. */
async function failureTable(): Promise<typeof FailureTable> {
	const { outputFiles } = await build({ entryPoints: [join(ROOT, 'nodes/core/failure/table.ts')], bundle: true, format: 'esm', write: false });
	return (await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`)) as typeof FailureTable;
}

const { FAILURES } = await failureTable();
for (const [name, page] of Object.entries({ 'errors.md': errorsPage(FAILURES), 'contract.md': contractPage() })) {
	const file = join(ROOT, 'docs', name);
	await writeFile(file, page);
	console.log(`Wrote ${relative(process.cwd(), file)}`);
}
