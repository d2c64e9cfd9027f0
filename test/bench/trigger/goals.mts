import type { Goal } from '../goals.mts';
import type { TriggerMeasurements } from './bench.mts';
import { ENGINES, type Entrant, entrantName, type ExpressionEngine, HUNDRED_PER_POST, MINIMAL, ONE_PER_POST, REPEATED, UNWANTED } from './contest.mts';
import { ENTRIES, EVENTS, EVENTS_BEFORE } from './in-process-task.mts';
import { median } from './median.mts';
import type { EntrantResult } from './turns.mts';

const FILTERED: Record<ExpressionEngine, number> = { default: 1.5, legacy: 4 };
const ONE = 0.95;
const HUNDRED = 50;
const READ_SECONDS = 1;
const READ_BYTES = 100e6;
/** Heap noise between garbage collections. */
const FLAT_BYTES = 5e6;

const number = new Intl.NumberFormat('en-US');

/** An entrant's statuses per second relative to the minimal trigger's in the same n8n: medians of their turns. */
export function besideMinimal(results: readonly EntrantResult[], entrant: Entrant): number {
	const perSecond = (wanted: Entrant) => median(results.find((one) => one.entrant === wanted)!.perSecond);
	return perSecond(entrant) / perSecond(MINIMAL);
}

/** Checks the measurements against the trigger's goals. */
export function triggerGoals({ byEngine, reads, remembered }: TriggerMeasurements): Goal[] {
	const speeds = ENGINES.flatMap((engine) =>
		([[UNWANTED, FILTERED[engine]], [REPEATED, FILTERED[engine]], [ONE_PER_POST, ONE], [HUNDRED_PER_POST, HUNDRED]] as const).map(([entrant, least]): Goal => {
			const ratio = besideMinimal(byEngine[engine], entrant);
			const what = `${entrantName(entrant)}, ${engine} expression engine: at least ${least} times the statuses per second of the minimal trigger`;
			return { what, found: `${ratio.toFixed(2)} times`, reached: ratio >= least };
		}),
	);
	const seconds = median(reads.map((read) => read.seconds));
	const bytes = median(reads.map((read) => read.bytesAboveBase));
	const all = reads.every(({ items }) => items === ENTRIES);
	const growth = remembered.heapAfter - remembered.heapBefore;
	const repeats = EVENTS - remembered.started;
	return [
		...speeds,
		{ what: `A body of ${number.format(ENTRIES)} entries, from its text to the items: under ${READ_SECONDS} s`, found: `${seconds.toFixed(2)} s`, reached: all && seconds < READ_SECONDS },
		{ what: `The same: under ${READ_BYTES / 1e6} MB of memory above its text`, found: `${(bytes / 1e6).toFixed(0)} MB`, reached: all && bytes < READ_BYTES },
		{
			what: `${number.format(EVENTS)} events, half of them repeats: memory as after ${number.format(EVENTS_BEFORE)}, within ${FLAT_BYTES / 1e6} MB`,
			found: `${growth < 0 ? '' : '+'}${(growth / 1e6).toFixed(1)} MB`,
			reached: growth < FLAT_BYTES && repeats === EVENTS / 2,
		},
	];
}
