import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { withLock } from '../process/lock.mts';
import type { N8nVersion } from './versions.mts';
import { cacheFolder, ROOT } from '../paths.mts';
import { run } from '../process/run.mts';

const INSTALLER = join(ROOT, 'tools', 'install.cjs');
const { isInstalled } = createRequire(import.meta.url)(INSTALLER) as {
	isInstalled: (folder: string, rebuild: string[]) => boolean;
};

/** An installed n8n and how to start it. */
export interface InstalledN8n {
	version: string;
	node: string;
	script: string;
	/** Node's compile cache, which makes later starts cheaper. */
	compiled: string;
}

/** Installs an n8n version into the user's cache folder, once; an incomplete install is redone. */
export async function installN8n(
	wanted: N8nVersion,
	say: (line: string) => void,
	cache = cacheFolder(),
): Promise<InstalledN8n> {
	const folder = join(cache, `n8n-${wanted.version}`);
	await mkdir(folder, { recursive: true });
	await withLock(join(folder, 'installing'), say, async () => {
		await writePackageJson(folder, wanted);
		if (isInstalled(folder, wanted.rebuild)) return;
		if (existsSync(join(folder, 'node_modules'))) say(`The n8n in ${folder} is incomplete; reinstalling ...`);
		await install(folder, wanted, say);
	});
	const node = join(folder, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
	const script = join(folder, 'node_modules', 'n8n', 'bin', 'n8n');
	for (const file of [node, script]) {
		if (!existsSync(file)) throw new Error(`The install of n8n lacks ${file}; delete ${folder} and start again.`);
	}
	return { version: wanted.version, node, script, compiled: join(folder, 'compiled') };
}

/** In a child process, so that npm ends with the demo. */
async function install(folder: string, { version, rebuild }: N8nVersion, say: (line: string) => void): Promise<void> {
	say(`Installing n8n ${version} into ${folder}: about 2.5 GB, a few minutes, only once.`);
	const options = JSON.stringify({ folder, what: `n8n ${version}`, rebuild });
	const code = `require(${JSON.stringify(INSTALLER)}).install(${options}).catch((error) => { console.log(error.message); process.exitCode = 1; })`;
	await run(process.execPath, ['-e', code], { cwd: folder, onLine: say }).catch(() => {
		throw new Error(`n8n ${version} could not be installed; see npm's output above.`);
	});
}

async function writePackageJson(folder: string, { version, node, overrides }: N8nVersion): Promise<void> {
	const file = join(folder, 'package.json');
	const text = JSON.stringify({ private: true, dependencies: { n8n: version, node }, overrides }, null, '\t');
	if ((await readFile(file, 'utf8').catch(() => '')) !== text) await writeFile(file, text);
}
