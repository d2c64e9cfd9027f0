import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackedPackage } from './pack.mts';
import { run } from '../process/run.mts';
import { without } from './without.mts';

export const PACKAGE_NAME = 'n8n-nodes-1msg-stock-arrival';

const STRIPPED = ['devDependencies', 'peerDependencies', 'optionalDependencies'];

/**
 * Installs the packed package into an n8n user folder as n8n's own installer does: unpack, strip development,
 * peer and optional dependencies, npm install with scripts off, record it in the `nodes` folder's package.json.
 * Returns the package's folder. No-op if the same tarball is installed.
 */
export async function installPackage(userFolder: string, { tarball, hash }: PackedPackage): Promise<string> {
	const nodesFolder = join(userFolder, '.n8n', 'nodes');
	const target = join(nodesFolder, 'node_modules', PACKAGE_NAME);
	const note = join(nodesFolder, 'installed-from');
	if (existsSync(target) && (await readFile(note, 'utf8').catch(() => '')) === hash) return target;

	await rm(note, { force: true });
	await rm(target, { recursive: true, force: true });
	await mkdir(target, { recursive: true });
	await run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'], { cwd: nodesFolder });

	const file = join(target, 'package.json');
	const packageJson = JSON.parse(await readFile(file, 'utf8')) as { version: string };
	const kept = without(packageJson, STRIPPED);
	await writeFile(file, JSON.stringify(kept, null, 2));
	await run(
		'npm',
		['install', '--audit=false', '--fund=false', '--bin-links=false', '--install-strategy=shallow', '--ignore-scripts=true', '--package-lock=false'],
		{ cwd: target },
	);
	const ledger = { name: 'installed-nodes', private: true, dependencies: { [PACKAGE_NAME]: packageJson.version } };
	await writeFile(join(nodesFolder, 'package.json'), JSON.stringify(ledger, null, 2));
	await writeFile(note, hash);
	return target;
}
