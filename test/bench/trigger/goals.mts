import type { Goal } from '../goal.mts';
import type { TriggerMeasurements } from './bench.mts';
import { BUILT_IN, CROWD, ENGINES, type Entrant, entrantName, type ExpressionEngine, GATHERED, HUNDRED_PER_POST, MINIMAL, ONE_PER_POST, REPEATED, UNWANTED } from './contest.mts';
import { ENTRIES, EVENTS, EVENTS_BEFORE } from './in-process-task.mts';
import { FIRST_HOOKS, HOOKS, type MemoryResult } from './memory.mts';
import { median, quantile } from '../median.mts';
import type { PacedResult } from './paced.mts';
import type { EntrantResult } from './turns.mts';

/** Times the statuses per second of a rival, by engine. */
type Least = Record<ExpressionEngine, number>;

const SPEEDS: Array<[Entrant, rival: Entrant, Least]> = [
	[GATHERED, MINIMAL, { default: 2, lazy: 3, legacy: 4 }],
	[GATHERED, BUILT_IN, { default: 1, lazy: 3, legacy: 4 }],
	[UNWANTED, MINIMAL, { default: 1.5, lazy: 4, legacy: 4 }],
	[REPEATED, MINIMAL, { default: 1.5, lazy: 4, legacy: 4 }],
	[ONE_PER_POST, MINIMAL, { default: 0.95, lazy: 0.95, legacy: 0.95 }],
	[HUNDRED_PER_POST, MINIMAL, { default: 50, lazy: 50, legacy: 50 }],
];
const RIVALS: Partial<Record<Entrant['trigger'], string>> = { minimal: 'the minimal trigger', builtIn: "n8n's own Webhook node" };
const ENGINE_WORDS: Record<ExpressionEngine, string> = { default: 'default expression engine', lazy: 'lazy acquire', legacy: 'legacy expression engine' };

const ANSWER_MS = 2000;
/** Beyond that of the same trigger without Gather For; the clocks of both processes tell whole milliseconds. */
const LATER_MS = 50;
const KEPT_BYTES = 30e6;
const READ_SECONDS = 1;
const READ_BYTES = 100e6;
/** Heap noise between garbage collections. */
const FLAT_BYTES = 5e6;

const number = new Intl.NumberFormat('en-US');

/** An entrant's result. */
export function resultOf(results: readonly EntrantResult[], { trigger, statuses, entries }: Entrant): EntrantResult {
	return results.find(({ entrant }) => entrant.trigger === trigger && entrant.statuses === statuses && entrant.entries === entries)!;
}

/** An entrant's statuses per second relative to a rival's in the same n8n: the median of the rounds, whose turns follow each other. */
export function beside(results: readonly EntrantResult[], entrant: Entrant, rival: Entrant): number {
	const [own, others] = [entrant, rival].map((wanted) => resultOf(results, wanted).perSecond);
	return median(own!.map((perSecond, round) => perSecond / others![round]!));
}

/** Checks the measurements against the trigger's goals. */
export function triggerGoals(measurements: TriggerMeasurements): Goal[] {
	const { byEngine, crowd, memory } = measurements;
	const slowest = (results: readonly EntrantResult[], words: string): Goal => {
		const found = quantile(resultOf(results, GATHERED).answers, 0.99);
		return { what: `${entrantName(GATHERED)}, ${words}: 99 % of the answers in under ${ANSWER_MS / 1000} s`, found: `${(found / 1000).toFixed(2)} s`, reached: found < ANSWER_MS };
	};
	return [
		...SPEEDS.flatMap(([entrant, rival, least]) =>
			ENGINES.map((engine): Goal => {
				const ratio = beside(byEngine[engine].results, entrant, rival);
				const many = least[engine] === 1 ? 'more than' : `at least ${least[engine]} times`;
				const what = `${entrantName(entrant)}, ${ENGINE_WORDS[engine]}: ${many} the statuses per second of ${RIVALS[rival.trigger]}`;
				return { what, found: `${ratio.toFixed(2)} times`, reached: ratio >= least[engine] };
			}),
		),
		...ENGINES.map((engine) => slowest(byEngine[engine].results, ENGINE_WORDS[engine])),
		slowest(crowd, `${ENGINE_WORDS.lazy}, ${CROWD.concurrency} POSTs at once`),
		...ENGINES.map((engine) => onePerSecond(byEngine[engine].paced, ENGINE_WORDS[engine])),
		flatMemory(memory),
		...ownCode(measurements),
	];
}

function onePerSecond({ gathered, each }: { gathered: PacedResult; each: PacedResult }, words: string): Goal {
	const later = median(gathered.ends) - median(each.ends);
	return {
		what: `${entrantName(GATHERED)}, ${words}, a status per second: an execution each, over at most ${LATER_MS} ms later than without Gather For`,
		found: `${gathered.executions} for ${gathered.statuses}, ${later < 0 ? '' : '+'}${later.toFixed(0)} ms`,
		reached: gathered.executions === gathered.statuses && later <= LATER_MS,
	};
}

function flatMemory({ keptBefore, keptAfter }: MemoryResult): Goal {
	const growth = keptAfter - keptBefore;
	return {
		what: `${number.format(HOOKS)} hooks, ${ENGINE_WORDS.lazy}: n8n's memory in use as after ${number.format(FIRST_HOOKS)}, within ${KEPT_BYTES / 1e6} MB`,
		found: `${growth < 0 ? '' : '+'}${(growth / 1e6).toFixed(1)} MB`,
		reached: growth <= KEPT_BYTES,
	};
}

function ownCode({ reads, remembered }: TriggerMeasurements): Goal[] {
	const seconds = median(reads.map((read) => read.seconds));
	const bytes = median(reads.map((read) => read.bytesAboveBase));
	const all = reads.every(({ items }) => items === ENTRIES);
	const growth = remembered.heapAfter - remembered.heapBefore;
	const repeats = EVENTS - remembered.started;
	return [
		{ what: `A body of ${number.format(ENTRIES)} entries, from its text to the items: under ${READ_SECONDS} s`, found: `${seconds.toFixed(2)} s`, reached: all && seconds < READ_SECONDS },
		{ what: `A body of ${number.format(ENTRIES)} entries: under ${READ_BYTES / 1e6} MB of memory above its text`, found: `${(bytes / 1e6).toFixed(0)} MB`, reached: all && bytes < READ_BYTES },
		{
			what: `${number.format(EVENTS)} events, half of them repeats: memory as after ${number.format(EVENTS_BEFORE)}, within ${FLAT_BYTES / 1e6} MB`,
			found: `${growth < 0 ? '' : '+'}${(growth / 1e6).toFixed(1)} MB`,
			reached: growth < FLAT_BYTES && repeats === EVENTS / 2,
		},
	];
}
