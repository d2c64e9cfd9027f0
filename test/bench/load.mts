import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PackedPackage } from '../../harness/package/pack.mts';
import { ROOT } from '../../harness/paths.mts';
import type { Goal } from './goal.mts';

const RUNS = 9;
const MAX_MILLISECONDS = 50;
const MAX_BYTES = 250_000;

/** Inside the repository, so that the nodes find its n8n-workflow. */
const FOLDER = join(ROOT, '.cache', 'bench-load');

/** Loads a package as n8n does at startup, in a process that has n8n-workflow: argv is the package's folder and files. */
const LOAD = `
const [folder, ...files] = process.argv.slice(1);
const { createRequire } = require('node:module');
const { join } = require('node:path');
const load = createRequire(join(folder, 'package.json'));
load('n8n-workflow');
const before = process.cpuUsage();
for (const file of files) for (const Class of Object.values(load('./' + file))) new Class();
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000);
`;

/** The package's startup cost in n8n. */
export interface LoadMeasurement {
	/** CPU time to load and create both nodes and the credential, n8n-workflow excluded: median of several processes. */
	cpuMilliseconds: number;
	runs: number;
	/** Size of the tarball. */
	bytes: number;
}

/** Loads the package's nodes and credential in separate processes, one at a time. */
export async function measureLoad({ tarball }: PackedPackage): Promise<LoadMeasurement> {
	const exec = promisify(execFile);
	await rm(FOLDER, { recursive: true, force: true });
	await mkdir(FOLDER, { recursive: true });
	await exec('tar', ['-xzf', tarball, '-C', FOLDER, '--strip-components=1']);
	const { n8n } = JSON.parse(await readFile(join(FOLDER, 'package.json'), 'utf8')) as { n8n: { nodes: string[]; credentials: string[] } };
	const times: number[] = [];
	for (let run = 0; run < RUNS; run++) {
		const { stdout } = await exec(process.execPath, ['-e', LOAD, FOLDER, ...n8n.credentials, ...n8n.nodes], { cwd: ROOT });
		times.push(Number(stdout));
	}
	times.sort((a, b) => a - b);
	const { size } = await stat(tarball);
	return { cpuMilliseconds: times[Math.floor(RUNS / 2)]!, runs: RUNS, bytes: size };
}

/** Compares it with this package's goals. */
export function loadGoals({ cpuMilliseconds, bytes }: LoadMeasurement): Goal[] {
	return [
		{ what: `loading: both nodes and the credential in under ${MAX_MILLISECONDS} ms of CPU`, found: `${cpuMilliseconds.toFixed(1)} ms`, reached: cpuMilliseconds < MAX_MILLISECONDS },
		{ what: `loading: a tarball of under ${MAX_BYTES / 1000} kB`, found: `${(bytes / 1000).toFixed(0)} kB`, reached: bytes < MAX_BYTES },
	];
}
