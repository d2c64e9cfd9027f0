import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import type { PackedPackage } from '../../../harness/package/pack.mts';
import type { Sandbox } from '../../../harness/sandbox-program.mts';
import { postsOf } from './bodies.mts';
import { BUILT_IN, CROWD, ENGINES, ENTRANTS, entrantName, type Entrant, type ExpressionEngine, GATHERED, TURNS } from './contest.mts';
import { inProcess, type ReadDone, type RememberDone } from './in-process-task.mts';
import { HOOKS, memoryOfStorm, type MemoryResult } from './memory.mts';
import { startContestN8n } from './n8n.mts';
import { paced, PACED_SECONDS, type PacedResult } from './paced.mts';
import { crowd, takeTurns, type Contest, type EntrantResult } from './turns.mts';

const START_SECONDS = 12;
/** A turn ends somewhat after its last POST. */
const TURN_ENDS_SECONDS = 1;
/** Of the trigger that gathers, and of n8n's own Webhook node. */
const MEMORY_SECONDS = 60;
const BUILT_IN_MEMORY_SECONDS = 200;
const IN_PROCESS_SECONDS = 20;
/** Number of processes that read the big body; the median counts. */
const READS = 3;

/** Name for `--only`. */
export const TRIGGER = 'trigger';

const secondsOf = ({ seconds }: Entrant): number => seconds + TURN_ENDS_SECONDS;
const sum = (entrants: readonly Entrant[]): number => entrants.reduce((all, entrant) => all + secondsOf(entrant), 0);

/** Approximate total time. */
export const TRIGGER_SECONDS =
	START_SECONDS + ENGINES.length * (START_SECONDS + PACED_SECONDS + TURNS * sum(ENTRANTS)) + MEMORY_SECONDS + BUILT_IN_MEMORY_SECONDS + sum(CROWD.entrants) + IN_PROCESS_SECONDS;

/** All trigger measurements. */
export interface TriggerMeasurements {
	byEngine: Record<ExpressionEngine, EngineMeasurements>;
	/** With lazy acquire: many POSTs at once, and memory, in an n8n of its own each. */
	crowd: EntrantResult[];
	memory: MemoryResult;
	memoryOfBuiltIn: MemoryResult;
	reads: ReadDone[];
	remembered: RememberDone;
}

export interface EngineMeasurements {
	results: EntrantResult[];
	/** Statuses that come one per second: with Gather For, and an execution each. */
	paced: { gathered: PacedResult; each: PacedResult };
}

export interface TriggerBenchOptions {
	n8n: InstalledN8n;
	packed: PackedPackage;
	sandbox: Sandbox;
	/** Called with the current step and the completed seconds of expected work. */
	show: (what: string) => void;
	advance: (seconds: number) => void;
}

/** Compares the trigger with a minimal community trigger and n8n's own Webhook node, in one real n8n per expression engine; then measures its code alone. */
export async function benchTrigger({ n8n, packed, sandbox, show, advance }: TriggerBenchOptions): Promise<TriggerMeasurements> {
	const folder = await mkdtemp(join(tmpdir(), '1msg-bench-'));
	const onTurn = (what: string) => (entrant: Entrant) => {
		show(`${what}: ${entrantName(entrant)}`);
		advance(secondsOf(entrant));
	};
	/** Starts an n8n for a contest, and stops it. */
	const within = async <T,>(engine: ExpressionEngine, run: (contest: Contest, engine: ExpressionEngine) => Promise<T>, isInspected = false): Promise<T> => {
		show(`trigger, ${engine} expression engine: n8n starts`);
		const contestN8n = await startContestN8n(n8n, { folder: await mkdtemp(join(folder, 'n8n-')), packed, sandbox, engine, isInspected });
		let number = 0;
		try {
			advance(START_SECONDS);
			return await run({ n8n: contestN8n, postsOf: (entrant) => postsOf(entrant, sandbox.channelId, () => ++number) }, engine);
		} finally {
			await contestN8n.stop();
		}
	};
	const measureEngine = async (contest: Contest, engine: ExpressionEngine): Promise<EngineMeasurements> => {
		const results = await takeTurns(contest, onTurn(`trigger, ${engine} expression engine`));
		show(`trigger, ${engine} expression engine: a status per second`);
		const pace = await paced(contest);
		advance(PACED_SECONDS);
		return { results, paced: pace };
	};
	try {
		let many: EntrantResult[] = [];
		const byEngine = {
			default: await within('default', measureEngine),
			lazy: await within('lazy', async (contest, engine) => {
				const measured = await measureEngine(contest, engine);
				many = await crowd(contest, onTurn(`trigger, ${CROWD.concurrency} POSTs at once`));
				return measured;
			}),
			legacy: await within('legacy', measureEngine),
		};
		const storm = async (entrant: Entrant, seconds: number) => {
			const memory = await within('lazy', async (contest) => {
				show(`trigger: memory while ${HOOKS} hooks come: ${entrantName(entrant)}`);
				return await memoryOfStorm(contest, entrant);
			}, true);
			advance(seconds);
			return memory;
		};
		const memory = await storm(GATHERED, MEMORY_SECONDS);
		const memoryOfBuiltIn = await storm(BUILT_IN, BUILT_IN_MEMORY_SECONDS);
		show('trigger: one big body, and a million repeats');
		const reads: ReadDone[] = [];
		for (let time = 0; time < READS; time++) reads.push(await inProcess('read'));
		const remembered = await inProcess('remember');
		advance(IN_PROCESS_SECONDS);
		return { byEngine, memory, memoryOfBuiltIn, crowd: many, reads, remembered };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
