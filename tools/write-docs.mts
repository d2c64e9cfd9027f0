/** `npm run docs`: writes docs/errors.md. A unit test fails if the file is outdated. */
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import type * as FailureTable from '../nodes/core/failure/table.ts';
import { errorsPage } from './docs/errors-page.mts';

const ROOT = join(import.meta.dirname, '..');

/** The current table: the sources target CommonJS, so Node can only load them bundled. */
async function failureTable(): Promise<typeof FailureTable> {
	const { outputFiles } = await build({ entryPoints: [join(ROOT, 'nodes/core/failure/table.ts')], bundle: true, format: 'esm', write: false });
	return (await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`)) as typeof FailureTable;
}

const { FAILURES } = await failureTable();
const file = join(ROOT, 'docs', 'errors.md');
await writeFile(file, errorsPage(FAILURES));
console.log(`Wrote ${relative(process.cwd(), file)}`);
