/**
 * Attacks the promises: random worlds on both n8n lines in parallel, until time is up.
 * node tools/run.cjs test/promises/main.mts --seconds 90, or npm run soak -- --minutes 30 [--seed N] [--line n8n-1|n8n-2] [--kind send].
 * A seed determines the worlds and their order. Exits non-zero if a promise was broken.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LINES } from './engine.mts';
import type { Said } from './line.mts';
import type { Finding, Totals } from './search.mts';
import { INVARIANTS } from './world-kind.mts';

/** Milliseconds between progress lines. */
const HEARTBEAT = 10_000;

const DEFAULT_SECONDS = 90;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			seconds: { type: 'string' },
			minutes: { type: 'string' },
			seed: { type: 'string' },
			line: { type: 'string' },
			/** Minimum per line, even if that takes longer. */
			worlds: { type: 'string', default: '0' },
			kind: { type: 'string' },
		},
	});
	const seconds = values.minutes !== undefined ? Number(values.minutes) * 60 : Number(values.seconds ?? DEFAULT_SECONDS);
	const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
	const lines = LINES.filter((line) => values.line === undefined || line === values.line);
	if (!(seconds > 0) || !Number.isInteger(seed) || lines.length === 0) throw new Error('Give --seconds or --minutes, a whole number as --seed, and a --line that exists.');
	console.log(`Attacking the promises for ${seconds} s with seed ${seed} on ${lines.join(' and ')}; --seed ${seed} repeats it.`);
	const progress = new Map<string, Totals>();
	const heartbeat = setInterval(() => {
		for (const [line, { worlds, messages, faults }] of progress) console.log(`  ... ${line}: ${worlds} worlds, ${messages} messages, ${faults} faults`);
	}, HEARTBEAT);
	const searched = await Promise.all(lines.map(async (line) => await searchOn(line, { seed, seconds, worlds: values.worlds, kind: values.kind }, (totals) => progress.set(line, totals))));
	clearInterval(heartbeat);
	console.log('');
	for (const [index, totals] of searched.entries()) console.log(closingLine(lines[index]!, totals));
	const all = searched.reduce(sum);
	if (searched.length > 1) console.log(closingLine('total', all));
	if (Object.keys(all.broken).length > 0) {
		console.log(`Broken promises. The same worlds again: npm run soak -- --seconds ${seconds} --seed ${seed}`);
		process.exitCode = 1;
	}
}

/** Runs the search on one line in its own process and prints its findings. */
async function searchOn(line: string, { seed, seconds, worlds, kind }: { seed: number; seconds: number; worlds: string; kind?: string }, onProgress: (totals: Totals) => void): Promise<Totals> {
	const args = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'line.mts'), '--line', line, '--seed', String(seed), '--seconds', String(seconds), '--worlds', worlds];
	// The engine logs every failed execution to its console.
	const child = spawn(process.execPath, kind === undefined ? args : [...args, '--kind', kind], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
	let ended: Totals | undefined;
	let lastWords = '';
	child.stderr!.on('data', (chunk: Buffer) => {
		lastWords = (lastWords + chunk.toString()).slice(-2000);
	});
	child.on('message', (said: Said) => {
		if (said.says === 'finding') show(line, said.finding);
		if (said.says === 'progress' || said.says === 'end') onProgress(said.totals);
		if (said.says === 'end') ended = said.totals;
	});
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	});
	if (!ended) throw new Error(`The search on ${line} ended with code ${code} before its time:\n${lastWords}`);
	return ended;
}

function show(line: string, { kind, invariant, after, seed, path, broken, world }: Finding): void {
	console.log(`\n== ${invariant} is broken on ${line}, in world ${after} (${kind}): ${INVARIANTS[invariant]}`);
	for (const { invariant: name, what } of broken) console.log(`   ${name}: ${what}`);
	console.log(`   The smallest world found (fast-check seed ${seed}, path ${path}):`);
	console.log(world.replace(/^/gm, '   '));
}

function closingLine(name: string, { worlds, messages, faults, broken }: Totals): string {
	const words = Object.entries(broken).map(([invariant, count]) => `${invariant} in ${count}`);
	return `${name}: ${worlds} worlds, ${messages} messages, ${faults} faults injected, broken invariants: ${words.length === 0 ? 'none' : words.join(', ')}`;
}

function sum(a: Totals, b: Totals): Totals {
	const broken = { ...a.broken };
	for (const [name, count] of Object.entries(b.broken) as Array<[keyof typeof broken, number]>) broken[name] = (broken[name] ?? 0) + count;
	return { worlds: a.worlds + b.worlds, messages: a.messages + b.messages, faults: a.faults + b.faults, broken };
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : String(error));
	process.exitCode = 1;
});
