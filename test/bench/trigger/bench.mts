import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import type { PackedPackage } from '../../../harness/package/pack.mts';
import type { Sandbox } from '../../../harness/sandbox-program.mts';
import { ENGINES, ENTRANTS, entrantName, type ExpressionEngine, TURN_SECONDS, TURNS } from './contest.mts';
import { inProcess, type ReadDone, type RememberDone } from './in-process-task.mts';
import { startContestN8n } from './n8n.mts';
import { takeTurns, type EntrantResult } from './turns.mts';

const START_SECONDS = 12;
/** A turn ends somewhat after its last POST. */
const TURN_ENDS_SECONDS = 0.5;
const IN_PROCESS_SECONDS = 20;
/** Number of processes that read the big body; the median counts. */
const READS = 3;

/** Name for `--only`. */
export const TRIGGER = 'trigger';

/** Approximate total time. */
export const TRIGGER_SECONDS =
	ENGINES.length * (START_SECONDS + ENTRANTS.length * (TURNS + 1) * (TURN_SECONDS + TURN_ENDS_SECONDS)) + IN_PROCESS_SECONDS;

/** All trigger measurements. */
export interface TriggerMeasurements {
	byEngine: Record<ExpressionEngine, EntrantResult[]>;
	reads: ReadDone[];
	remembered: RememberDone;
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
	try {
		const contest = async (engine: ExpressionEngine): Promise<EntrantResult[]> => {
			show(`trigger, ${engine} expression engine: n8n starts`);
			const contestN8n = await startContestN8n(n8n, { folder: join(folder, engine), packed, sandbox, engine });
			try {
				advance(START_SECONDS);
				return await takeTurns(contestN8n, sandbox.channelId, (entrant) => {
					show(`trigger, ${engine} expression engine: ${entrantName(entrant)}`);
					advance(TURN_SECONDS + TURN_ENDS_SECONDS);
				});
			} finally {
				await contestN8n.stop();
			}
		};
		const byEngine = { default: await contest('default'), legacy: await contest('legacy') };
		show('trigger: one big body, and a million repeats');
		const reads: ReadDone[] = [];
		for (let time = 0; time < READS; time++) reads.push(await inProcess('read'));
		const remembered = await inProcess('remember');
		advance(IN_PROCESS_SECONDS);
		return { byEngine, reads, remembered };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
