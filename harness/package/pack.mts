import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../process/lock.mts';
import { DEMO_FOLDER, ROOT } from '../paths.mts';
import { run } from '../process/run.mts';

const SOURCES = ['nodes', 'credentials', 'gulpfile.js', 'index.js', 'package.json', 'package-lock.json', 'README.md', 'LICENSE'];

/** The output of `npm pack`. */
export interface PackedPackage {
	tarball: string;
	/** Changes with any file that goes into the tarball. */
	hash: string;
}

/** Builds and packs this package, unless these sources are packed already. */
export async function packPackage(say: (line: string) => void): Promise<PackedPackage> {
	const folder = join(DEMO_FOLDER, 'package');
	await mkdir(folder, { recursive: true });
	return await withLock(join(folder, 'packing'), say, async () => {
		const hash = await hashOf(SOURCES);
		const tarball = join(folder, `${hash}.tgz`);
		if (existsSync(tarball)) return { tarball, hash };
		say('Building and packing the node package ...');
		const fresh = await mkdtemp(join(folder, 'packing-'));
		try {
			await run('npm', ['pack', '--pack-destination', fresh, '--loglevel=error'], { cwd: ROOT });
			const [name] = await readdir(fresh);
			if (name === undefined) throw new Error('npm pack made no tarball.');
			await rename(join(fresh, name), tarball);
		} finally {
			await rm(fresh, { recursive: true, force: true });
		}
		return { tarball, hash };
	});
}

async function hashOf(names: string[]): Promise<string> {
	const hash = createHash('sha256');
	for (const name of names) {
		const path = join(ROOT, name);
		if (!existsSync(path)) continue;
		for (const file of await filesBelow(path)) {
			hash.update(`${file.slice(ROOT.length)}\0`).update(await readFile(file)).update('\0');
		}
	}
	return hash.digest('hex').slice(0, 16);
}

/** The file itself, or every file in the folder, sorted. */
async function filesBelow(path: string): Promise<string[]> {
	const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined);
	if (entries === undefined) return [path];
	return entries
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
}
