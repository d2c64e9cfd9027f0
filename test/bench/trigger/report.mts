import { goalsTable, plainTable, table } from '../markdown.mts';
import type { EngineMeasurements, TriggerMeasurements } from './bench.mts';
import { BUILT_IN, CONCURRENCY, CROWD, ENGINES, type Entrant, entrantName, type ExpressionEngine, GATHER_FOR, GATHERED, MINIMAL, TURNS } from './contest.mts';
import { beside, triggerGoals } from './goals.mts';
import { ENTRIES } from './in-process-task.mts';
import { FIRST_HOOKS, HOOKS, residentAt, type MemoryResult } from './memory.mts';
import { median, quantile } from '../median.mts';
import type { EntrantResult } from './turns.mts';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

const COLUMNS = ['', 'statuses per second', 'in the turns', 'beside the minimal trigger', "beside n8n's Webhook", 'statuses per execution', 'answers, p50', 'p99'];
const CROWD_COLUMNS = ['', 'statuses per second', 'statuses per execution', 'answers, p50', 'p99', 'slowest'];
const RESIDENT_AT = [FIRST_HOOKS, 5000, 10_000, HOOKS];
const PACE_COLUMNS = ['', 'executions', 'over after, median', 'at most'];
const MEMORY_COLUMNS = ['', `in use after ${whole.format(FIRST_HOOKS)}`, `in use after ${whole.format(HOOKS)}`, ...RESIDENT_AT.map((hooks) => `resident at ${whole.format(hooks)}`)];

/** How an engine is chosen, in words. */
export const ENGINE_NAMES: Record<ExpressionEngine, string> = {
	default: 'n8n as installed',
	lazy: '`N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true`',
	legacy: '`N8N_EXPRESSION_ENGINE=legacy`',
};

const HOW = `Four workflows are active in one real n8n (SQLite, its own process, every setting n8n's default but the one in the table's
title): the 1MSG Trigger with an execution per POST, the 1MSG Trigger with [Gather For](../reference.md#one-execution-for-many-calls)
${GATHER_FOR} second, a community trigger as small as it can be, which starts an execution for every POST, and n8n's own Webhook node.
Nothing stands behind the triggers. ${CONCURRENCY} POSTs are always under way. The entrants take ${TURNS} turns each, in another order each
time. A turn posts for 1 to 4 s, and is over when all its POSTs are answered and all their executions have ended. It counts only if every
status that was posted is in the saved data of exactly one execution. The last window of Gather For in a turn is not full, so n8n mostly
waits for its end: it is left out, with its statuses and its time. The figure is the median of an entrant's
turns, a ratio the median of the rounds' ratios; the times of answers are those of all turns.

n8n prepares its default expression engine for every call of a community trigger, whatever the trigger then does, and spares only its own
Webhook node. With lazy acquire it prepares it for the first expression: the 1MSG Trigger has none. A trigger of node version 1, as most
community triggers are, has one, which n8n itself asks for each call.`;

const MEMORY = `${whole.format(HOOKS)} statuses, a POST each, ${CONCURRENCY} at a time, to an n8n that has just started, with lazy acquire. *In use*: heap and buffers after a garbage
collection, when so many are executed. *Resident*: what the process has meanwhile; V8 lets its heap grow before it collects.`;

function perExecution({ statuses, executions }: EntrantResult): string {
	return executions === 0 ? '' : whole.format(statuses / executions);
}

function milliseconds(answers: readonly number[], share: number): string {
	return `${whole.format(quantile(answers, share))} ms`;
}

function cells(results: readonly EntrantResult[], result: EntrantResult): string[] {
	const { entrant, perSecond, answers } = result;
	const turns = `${whole.format(Math.min(...perSecond))} to ${whole.format(Math.max(...perSecond))}`;
	return [
		entrantName(entrant), whole.format(median(perSecond)), turns,
		beside(results, entrant, MINIMAL).toFixed(2), beside(results, entrant, BUILT_IN).toFixed(2),
		perExecution(result), milliseconds(answers, 0.5), milliseconds(answers, 0.99),
	];
}

function crowdCells(result: EntrantResult): string[] {
	const { entrant, perSecond, answers } = result;
	return [entrantName(entrant), whole.format(median(perSecond)), perExecution(result), milliseconds(answers, 0.5), milliseconds(answers, 0.99), milliseconds(answers, 1)];
}

function paceCells(engine: ExpressionEngine, { paced }: EngineMeasurements): string[][] {
	return ([['Gather For', paced.gathered], ['an execution per POST', paced.each]] as const).map(([name, { statuses, executions, ends }]) => [
		`${ENGINE_NAMES[engine]}, ${name}`, `${executions} for ${statuses}`, `${whole.format(median(ends))} ms`, `${whole.format(Math.max(...ends))} ms`,
	]);
}

/** What n8n keeps, and what its process takes meanwhile. */
function memoryCells(entrant: Entrant, memory: MemoryResult): string[] {
	const megabytes = (bytes: number) => `${whole.format(bytes / 1e6)} MB`;
	return [entrantName(entrant), megabytes(memory.keptBefore), megabytes(memory.keptAfter), ...RESIDENT_AT.map((hooks) => megabytes(residentAt(memory, hooks)))];
}

function memoryRows({ memory, memoryOfBuiltIn }: TriggerMeasurements): string[][] {
	return [memoryCells(GATHERED, memory), memoryCells(BUILT_IN, memoryOfBuiltIn)];
}

function alone({ reads, remembered }: TriggerMeasurements): string {
	const middle = (pick: (read: (typeof reads)[number]) => number) => median(reads.map(pick));
	return (
		`A body of ${whole.format(ENTRIES)} entries (${(middle(({ bodyBytes }) => bodyBytes) / 1e6).toFixed(1)} MB of text; n8n takes 16 MiB by default) is read in ${middle(({ seconds }) => seconds).toFixed(2)} s, ` +
		`with ${whole.format(middle(({ bytesAboveBase }) => bytesAboveBase) / 1e6)} MB above the text: the first body that the process sees, median of ${reads.length} processes. ` +
		`After 100,000 events of ever new messages, each told twice, the process uses ${(remembered.heapBefore / 1e6).toFixed(1)} MB, after a million ${(remembered.heapAfter / 1e6).toFixed(1)} MB.`
	);
}

/** The page about hooks, without its head. */
export function triggerReport(measurements: TriggerMeasurements): string {
	const { byEngine, crowd } = measurements;
	const section = (title: string, text: string) => [`## ${title}`, '', text, ''];
	return [
		HOW, '',
		...ENGINES.flatMap((engine) => section(ENGINE_NAMES[engine], table(COLUMNS, byEngine[engine].results.map((one) => cells(byEngine[engine].results, one))))),
		...section(`${CROWD.concurrency} POSTs at once`, `One turn each, with lazy acquire.\n\n${table(CROWD_COLUMNS, crowd.map(crowdCells))}`),
		...section('A status per second', `From the POST to the end of its execution, as n8n saved it: nothing stands behind the trigger.\n\n${table(PACE_COLUMNS, ENGINES.flatMap((engine) => paceCells(engine, byEngine[engine])))}`),
		...section('Memory', `${MEMORY}\n\n${table(MEMORY_COLUMNS, memoryRows(measurements))}`),
		...section("The trigger's own code, alone", alone(measurements)),
		...section('Against what is promised', goalsTable(triggerGoals(measurements))),
	].join('\n');
}

/** The same for a terminal, without goals. */
export function triggerPlain(measurements: TriggerMeasurements): string {
	const { byEngine, crowd } = measurements;
	return [
		...ENGINES.map((engine) => plainTable(`trigger, ${ENGINE_NAMES[engine]}`, COLUMNS, byEngine[engine].results.map((one) => cells(byEngine[engine].results, one)))),
		plainTable(`trigger, ${CROWD.concurrency} POSTs at once`, CROWD_COLUMNS, crowd.map(crowdCells)),
		plainTable('trigger, a status per second', PACE_COLUMNS, ENGINES.flatMap((engine) => paceCells(engine, byEngine[engine]))),
		plainTable('trigger, memory', MEMORY_COLUMNS, memoryRows(measurements)),
		alone(measurements),
	].join('\n\n');
}
