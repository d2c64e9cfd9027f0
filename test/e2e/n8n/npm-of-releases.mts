/**
 * node npm-of-releases.mts <releases.json> <npm arguments>: an npm with one additional, unpublished package in its
 * registry: ours. Queries about it are answered from local tarballs; everything else goes to the real npm.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, readFileSync } from 'node:fs';
import type { Release, Releases } from './releases.mts';

const [file = '', ...args] = process.argv.slice(2);
const { name, realPath, calls, releases } = JSON.parse(readFileSync(file, 'utf8')) as Releases;
const [command, ...words] = args;
appendFileSync(calls, `${args.join(' ')}\n`);

/** The release matching `name`, `name@latest` or `name@1.2.3`. */
function wanted(specifier: string): Release | undefined {
	const version = specifier.slice(name.length + 1) || 'latest';
	return version === 'latest' ? releases.at(-1) : releases.find((release) => release.version === version);
}

function end(code: number, output = '', complaint = ''): never {
	process.stdout.write(output);
	process.stderr.write(complaint);
	process.exit(code);
}

const specifier = words.find((word) => word === name || word.startsWith(`${name}@`));
if (specifier !== undefined && (command === 'view' || command === 'pack')) {
	const release = wanted(specifier);
	if (!release) end(1, '', `npm error code E404\nnpm error 404 Not Found - ${specifier}\n`);
	if (command === 'view') end(0, JSON.stringify(words.includes('dist.integrity') ? release.integrity : release.version));
	const packed = `${name}-${release.version}.tgz`;
	copyFileSync(release.tarball, packed);
	end(0, `${packed}\n`);
}
if (command === 'outdated') {
	const { dependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies?: Record<string, string> };
	const current = dependencies[name];
	const latest = releases.at(-1)?.version;
	if (current === undefined || latest === undefined || current === latest) end(0, '{}');
	end(1, JSON.stringify({ [name]: { current, wanted: current, latest } }));
}
const { status } = spawnSync('npm', args, { stdio: 'inherit', env: { ...process.env, PATH: realPath } });
process.exit(status ?? 1);
