import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGE_NAME } from '../../../harness/package/install.mts';

const NODE_FILE = 'dist/nodes/OneMsg/OneMsg.node.js';
const NPM = join(import.meta.dirname, 'npm-of-releases.mts');

/** An installable package version. */
export interface Release {
	version: string;
	tarball: string;
	/** In a registry's format. */
	integrity: string;
}

/** Input of `npm-of-releases.mts`. */
export interface Releases {
	name: string;
	/** PATH of the real npm. */
	realPath: string;
	/** Log of every call, one per line. */
	calls: string;
	/** The last one is the latest. */
	releases: Release[];
}

/** A registry with only our package, for an n8n with `env`. */
export interface Registry {
	env: NodeJS.ProcessEnv;
	publish: (release: Release) => Promise<void>;
	/** npm's calls since the last time. */
	calls: () => Promise<string[]>;
}

/**
 * Puts our own npm in front of the real one. n8n queries the public registry by HTTP and, if that is unreachable,
 * npm; another registry needs a licence. So outbound HTTP is blocked here, which also keeps the test offline.
 */
export async function openRegistry(folder: string, path: string): Promise<Registry> {
	const programs = join(folder, 'bin');
	const file = join(folder, 'releases.json');
	const known: Releases = { name: PACKAGE_NAME, realPath: path, calls: join(folder, 'npm-calls.txt'), releases: [] };
	const save = async () => await writeFile(file, JSON.stringify(known));
	await mkdir(programs, { recursive: true });
	await writeFile(known.calls, '');
	await save();
	const quoted = [process.execPath, '--disable-warning=ExperimentalWarning', NPM, file].map((word) => `'${word}'`).join(' ');
	await writeFile(join(programs, 'npm'), `#!/bin/sh\nexec ${quoted} "$@"\n`);
	await chmod(join(programs, 'npm'), 0o755);
	let read = 0;
	return {
		env: {
			PATH: `${programs}:${path}`,
			// Nothing listens there.
			HTTPS_PROXY: 'http://127.0.0.1:9',
			https_proxy: 'http://127.0.0.1:9',
			N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
			npm_config_update_notifier: 'false',
		},
		publish: async (release) => {
			known.releases.push(release);
			await save();
		},
		calls: async () => {
			const all = (await readFile(known.calls, 'utf8')).split('\n').filter(Boolean);
			return all.slice(read, (read = all.length));
		},
	};
}

/** A packed tarball as a release of its version. */
export async function releaseOf(tarball: string): Promise<Release> {
	const { version } = JSON.parse(await textIn(tarball, 'package.json')) as { version: string };
	const integrity = `sha512-${createHash('sha512').update(await readFile(tarball)).digest('base64')}`;
	return { version, tarball, integrity };
}

/** The next minor version of a release: the same files with one text of the node replaced, in a new tarball. */
export async function nextRelease({ version, tarball }: Release, folder: string, [text, other]: [string, string]): Promise<Release> {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	const next = `${major}.${minor + 1}.0`;
	const unpacked = join(folder, next);
	await mkdir(unpacked, { recursive: true });
	await tar(['-xzf', tarball, '-C', unpacked]);
	await replaceIn(join(unpacked, 'package', 'package.json'), `"version": "${version}"`, `"version": "${next}"`);
	await replaceIn(join(unpacked, 'package', NODE_FILE), text, other);
	await tar(['-czf', join(folder, `${next}.tgz`), '-C', unpacked, 'package']);
	return await releaseOf(join(folder, `${next}.tgz`));
}

/** Files of a tarball, relative to the package's folder. */
export async function filesIn(tarball: string): Promise<string[]> {
	const lines = (await tar(['-tzf', tarball])).split('\n');
	return lines.filter((line) => line !== '' && !line.endsWith('/')).map((line) => line.replace('package/', ''));
}

/** Content of a file in a tarball. */
export async function textIn(tarball: string, path: string): Promise<string> {
	return await tar(['-xzOf', tarball, `package/${path}`]);
}

async function tar(args: string[]): Promise<string> {
	return (await promisify(execFile)('tar', args, { maxBuffer: 10_000_000 })).stdout;
}

async function replaceIn(file: string, text: string, other: string): Promise<void> {
	const before = await readFile(file, 'utf8');
	if (!before.includes(text)) throw new Error(`${file} has no "${text}".`);
	await writeFile(file, before.replace(text, other));
}
