import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import type { PackedPackage } from '../../../harness/package/pack.mts';
import type { Sandbox } from '../../../harness/sandbox-program.mts';
import { contendersOf, type MissionContender } from './contenders.mts';
import { startMissionN8n } from './n8n.mts';
import { sizeName, SIZES, type MissionSize } from './sizes.mts';
import { prepareChannel, takeMissionTurn, type MissionTurn } from './turn.mts';

/** Name for `--only`; behind it, the name of a size. */
export const MISSION = 'mission';

/** Start of n8n, its workflows, the event before, and its stop. */
const AROUND_SECONDS = 25;
/** From the last acceptance to the complete log. */
const AFTER_SECONDS = 10;
/** The same where questions or readers take their time, on average. */
const AFTER_VARIANT_SECONDS = 100;

/** A contender's turns at a size. */
export interface MissionResult {
	size: MissionSize;
	contender: MissionContender;
	turns: MissionTurn[];
}

export type MissionMeasurements = MissionResult[];

export interface MissionBenchOptions {
	n8n: InstalledN8n;
	packed: PackedPackage;
	sandbox: Sandbox;
	/** Sizes by `missionName`; by default, all. */
	isWanted?: (name: string) => boolean;
	/** Called with the current step and the completed seconds of expected work. */
	show: (what: string) => void;
	advance: (seconds: number) => void;
	/** Further settings of n8n. */
	env?: NodeJS.ProcessEnv;
}

/** Name of a size for `--only`. */
export function missionName(size: MissionSize): string {
	return `${MISSION} ${sizeName(size)}`;
}

/** Names of all sizes. */
export const MISSION_NAMES: string[] = SIZES.map(missionName);

/** Approximate seconds of the wanted sizes. */
export function missionSeconds(isWanted: (name: string) => boolean): number {
	return SIZES.filter((size) => isWanted(missionName(size))).reduce((sum, size) => sum + contendersOf(size).length * size.turns * turnSeconds(size), 0);
}

/** Approximate total time. */
export const MISSION_SECONDS = missionSeconds(() => true);

/** Runs the contenders in turns, each in a fresh n8n: one event for many customers, until the log says what became of every message. */
export async function benchMission({ n8n: installed, packed, sandbox, isWanted = () => true, show, advance, env }: MissionBenchOptions): Promise<MissionMeasurements> {
	const results: MissionResult[] = [];
	for (const size of SIZES.filter((each) => isWanted(missionName(each)))) {
		const ofSize = contendersOf(size).map((contender): MissionResult => ({ size, contender, turns: [] }));
		for (let turn = 0; turn < size.turns; turn++) {
			for (const { contender, turns } of ofSize) {
				show(`${missionName(size)}: ${contender.name}`);
				turns.push(await freshTurn(installed, contender, size, { packed, sandbox, env }));
				advance(turnSeconds(size));
			}
		}
		results.push(...ofSize);
	}
	return results;
}

async function freshTurn(installed: InstalledN8n, contender: MissionContender, size: MissionSize, options: { packed: PackedPackage; sandbox: Sandbox; env?: NodeJS.ProcessEnv }): Promise<MissionTurn> {
	const folder = await mkdtemp(join(tmpdir(), '1msg-mission-'));
	try {
		await prepareChannel(options.sandbox, size);
		const n8n = await startMissionN8n(installed, contender, { folder, limit: size.limit, ...options });
		try {
			return await takeMissionTurn(n8n, options.sandbox, size);
		} finally {
			await n8n.stop();
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function turnSeconds({ customers, limit, variant }: MissionSize): number {
	return AROUND_SECONDS + customers / Math.min(limit, 120) + (variant ? AFTER_VARIANT_SECONDS : AFTER_SECONDS);
}
