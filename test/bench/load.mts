import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PackedPackage } from '../../harness/package/pack.mts';
import { ROOT } from '../../harness/paths.mts';
import type { Goal } from './goals.mts';

const RUNS = 9;
const MAX_MILLISECONDS = 50;
const MAX_BYTES = 250_000;

/** Below the repository, so that the nodes find its n8n-workflow. */
const FOLDER = join(ROOT, '.cache', 'bench-load');

/** What n8n does with a package at its start, in a process that has n8n-workflow already: argv has the package's folder and the files. */
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

/** What the package costs an n8n that has it, before it does anything. */
export interface LoadMeasurement {
	/** CPU time to load and make both nodes and the credential beside n8n-workflow: the middle one of several processes. */
	cpuMilliseconds: number;
	runs: number;
	/** The tarball's size. */
	bytes: number;
}

/** Loads the packed package's nodes and credential in processes of their own, one after the other. */
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

/** Holds it against what this package promises. */
export function loadGoals({ cpuMilliseconds, bytes }: LoadMeasurement): Goal[] {
	return [
		{ what: `loading: both nodes and the credential in under ${MAX_MILLISECONDS} ms of CPU`, found: `${cpuMilliseconds.toFixed(1)} ms`, reached: cpuMilliseconds < MAX_MILLISECONDS },
		{ what: `loading: a tarball of under ${MAX_BYTES / 1000} kB`, found: `${(bytes / 1000).toFixed(0)} kB`, reached: bytes < MAX_BYTES },
	];
}

/** The section of the document. */
export function loadReport({ cpuMilliseconds, runs, bytes }: LoadMeasurement): string {
	return `## Loading

An n8n that has this package loads both nodes and the credential in ${cpuMilliseconds.toFixed(1)} ms of CPU (n8n-workflow is loaded already; the middle of ${runs} processes). The tarball has ${(bytes / 1000).toFixed(0)} kB; nothing else is installed with it.
`;
}
