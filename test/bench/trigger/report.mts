import type { TriggerMeasurements } from './bench.mts';
import { CONCURRENCY, ENGINES, entrantName, type ExpressionEngine, TURN_SECONDS, TURNS } from './contest.mts';
import { besideMinimal, triggerGoals } from './goals.mts';
import { ENTRIES } from './in-process-task.mts';
import { median } from './median.mts';
import type { EntrantResult } from './turns.mts';

const COLUMNS = ['', 'statuses per second', 'in the turns', 'beside the minimal trigger'];

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

const ENGINE_NAMES: Record<ExpressionEngine, string> = {
	default: "n8n's default expression engine",
	legacy: '`N8N_EXPRESSION_ENGINE=legacy`',
};

const HOW = `Three workflows are active in one real n8n (SQLite, every setting n8n's default, its own process): one with the 1MSG Trigger, one
with a community trigger as small as it can be, which starts an execution for every POST, and one with n8n's own Webhook node. Nothing
stands behind the triggers. ${CONCURRENCY} POSTs are always under way. The entrants take turns of ${TURN_SECONDS} s, ${TURNS} each, in another order each
time; a turn is over when all its POSTs are answered and all their executions have ended, and it counts only if exactly the expected
executions were started. The figure is the median of an entrant's turns.

n8n prepares its default expression engine for every call of a community trigger, whatever the trigger then does, and spares only its
own Webhook node: hence the second table.`;

function cells(results: readonly EntrantResult[], { entrant, perSecond }: EntrantResult): string[] {
	const turns = `${whole.format(Math.min(...perSecond))} to ${whole.format(Math.max(...perSecond))}`;
	return [entrantName(entrant), whole.format(median(perSecond)), turns, besideMinimal(results, entrant).toFixed(2)];
}

function row(cellsOfRow: string[]): string {
	return `| ${cellsOfRow.join(' | ')} |`;
}

function alone({ reads, remembered }: TriggerMeasurements): string {
	const middle = (pick: (read: (typeof reads)[number]) => number) => median(reads.map(pick));
	return (
		`A body of ${whole.format(ENTRIES)} entries (${(middle(({ bodyBytes }) => bodyBytes) / 1e6).toFixed(1)} MB of text; n8n takes 16 MiB by default) is read in ${middle(({ seconds }) => seconds).toFixed(2)} s, ` +
		`with ${whole.format(middle(({ bytesAboveBase }) => bytesAboveBase) / 1e6)} MB above the text: the first body that the process sees, median of ${reads.length} processes. ` +
		`After 100,000 events of ever new messages, each told twice, the process uses ${(remembered.heapBefore / 1e6).toFixed(1)} MB, after a million ${(remembered.heapAfter / 1e6).toFixed(1)} MB.`
	);
}

/** The trigger section of docs/benchmarks.md. */
export function triggerReport(measurements: TriggerMeasurements): string {
	const tables = ENGINES.flatMap((engine) => {
		const results = measurements.byEngine[engine];
		const rows = results.map((one) => row(cells(results, one)));
		return [`### ${ENGINE_NAMES[engine]}`, '', row(COLUMNS), row(COLUMNS.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows, ''];
	});
	const goals = triggerGoals(measurements).map(({ what, found, reached }) => row([what, found, reached ? 'yes' : '**no**']));
	return ['## The trigger', '', HOW, '', ...tables, '### Its own code, alone', '', alone(measurements), '', '### Against what is promised', '', '| | | |', '| --- | ---: | --- |', ...goals, ''].join('\n');
}

/** The same for a terminal, without goals. */
export function triggerPlain(measurements: TriggerMeasurements): string {
	const tables = ENGINES.map((engine) => {
		const results = measurements.byEngine[engine];
		const lines = [COLUMNS, ...results.map((one) => cells(results, one))];
		const widths = COLUMNS.map((_, index) => Math.max(...lines.map((line) => line[index]!.length)));
		const text = lines.map((line) => line.map((cell, index) => (index === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[index]!))).join('  '));
		return [`trigger, ${ENGINE_NAMES[engine]}`, ...text.map((line) => `  ${line.trimEnd()}`)].join('\n');
	});
	return [...tables, alone(measurements)].join('\n\n');
}
