/** Searches one n8n line in its own process; reports findings to `main.mts` by message. */
import { parseArgs } from 'node:util';
import { LINES, loadEngine, type LineName } from './engine.mts';
import { KINDS } from './kinds.mts';
import { search, type Finding, type Totals } from './search.mts';

/** A message from this process. */
export type Said = { says: 'finding'; finding: Finding } | { says: 'progress'; totals: Totals } | { says: 'end'; totals: Totals } | { says: 'nothing' };

/** Milliseconds between progress messages. */
const HEARTBEAT = 1000;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { line: { type: 'string' }, seed: { type: 'string' }, seconds: { type: 'string' }, worlds: { type: 'string', default: '0' }, kind: { type: 'string' } },
	});
	const say = (said: Said) => void process.send!(said);
	const { now } = performance;
	const clock = now.bind(performance);
	const engine = loadEngine(values.line as LineName);
	const end = clock() + Number(values.seconds) * 1000;
	const least = Number(values.worlds);
	// A slow machine gets more time, within a bound.
	const latest = clock() + Number(values.seconds) * 3000;
	let worlds = 0;
	let lastSaid = clock();
	const totals = await search({
		engine,
		kinds: KINDS.filter(({ name }) => values.kind === undefined || name === values.kind),
		// Different worlds per line: most bugs break both.
		seed: Number(values.seed) + LINES.indexOf(values.line as LineName),
		isOver: () => clock() >= (worlds < least ? latest : end),
		onFinding: (finding) => say({ says: 'finding', finding }),
		onProgress: (progress) => {
			worlds = progress.worlds;
			if (clock() - lastSaid < HEARTBEAT) return;
			lastSaid = clock();
			say({ says: 'progress', totals: progress });
		},
	});
	say({ says: 'end', totals });
}

main().then(
	// The engine keeps timers that can't be stopped.
	() => process.send!({ says: 'nothing' }, () => process.exit(0)),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
