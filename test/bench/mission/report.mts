import { goalsTable, plainTable, table } from '../markdown.mts';
import { missionName, type MissionMeasurements, type MissionResult } from './bench.mts';
import { figuresOf, middleOf, missionGoals } from './goals.mts';
import { median } from '../median.mts';
import type { MissionTurn } from './turn.mts';

const COLUMNS = [
	'', 'last message accepted', 'share of the limit', 'last status in the log', 'behind the last status', 'per second, event to log', 'CPU per customer', 'answers p50', 'p99', 'rows missing', 'wrong', 'twice',
];

const HOW = `One event for many waiting customers is posted to a real n8n: SQLite, \`N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true\`, everything else as
installed, in a fresh folder for each turn, after an event for a few other customers. The channel is the sandbox, in a process of its own:
it answers after 100 ms, takes a second's worth at once and then its limit, and reports sent, delivered and read for everybody 0.3, 1.2 and
2.5 s after each message, or up to 2 s later for a slow phone, up to 20 statuses a POST (1MSG publishes no number); in *two ways back* nobody reads, in *read a minute later* reads come after 60 s. The contenders take turns. Beside the
package's starters, as they are shipped: what a careful builder makes from n8n's own nodes, in [test/bench/mission](../../test/bench/mission/README.md).

- **last message accepted**, **last status in the log**: seconds since the event was posted.
- **share of the limit**: the shortest time that the limit allows, (customers - limit) / limit, divided by the time from the event to the last acceptance.
- **behind the last status**: seconds from the channel's last POST to the last change of the log.
- **per second, event to log**: customers whose row is complete and right, divided by the seconds from the event to the last change of the log.
- **CPU per customer**: of n8n, its main process and its task runner, until every execution has ended.
- **answers**: from the channel's POST to n8n's answer.
- **rows**: customers without a message or a row; whose row's message ID or status is not what the channel says in the end; with two messages or two rows. After 150 s without news, or 120 ms per customer in all, what is missing is counted as missing.`;

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

function cells(result: MissionResult): string[] {
	const { turns, contender } = result;
	const { share, rowSeconds, cpu, carried } = middleOf(result);
	const of = (pick: (turn: MissionTurn) => number) => median(turns.map(pick));
	const sum = (pick: (turn: MissionTurn) => number) => whole.format(turns.reduce((all, turn) => all + pick(turn), 0));
	const isComplete = turns.every((turn) => figuresOf(turn).bad === 0);
	return [
		contender.name + (turns.length > 1 ? ` (middle of ${turns.length})` : ''),
		`${of(({ lastAcceptedAfter }) => lastAcceptedAfter).toFixed(1)} s`,
		share === 0 ? '' : `${(share * 100).toFixed(1)} %`,
		isComplete ? `${of(({ lastRowAfter }) => lastRowAfter).toFixed(1)} s` : 'never',
		isComplete ? `${rowSeconds.toFixed(1)} s` : '',
		whole.format(carried),
		`${(cpu * 1000).toFixed(0)} ms`,
		`${whole.format(of(({ p50Ms }) => p50Ms))} ms`,
		`${whole.format(of(({ p99Ms }) => p99Ms))} ms`,
		sum(({ missing }) => missing),
		sum(({ wrong }) => wrong),
		sum(({ twice }) => twice),
	];
}

function bySize(measurements: MissionMeasurements): Array<[string, MissionResult[]]> {
	return [...Map.groupBy(measurements, ({ size }) => missionName(size))];
}

/** What the channel did about slow answers, where it did something. */
function breakers(measurements: MissionMeasurements): string[] {
	return measurements.flatMap(({ size, contender, turns }) =>
		turns.filter(({ circuitState }) => circuitState !== 'ok').map(({ circuitState, skipped }) => `${missionName(size)}, ${contender.name}: the channel's breaker was \`${circuitState}\` in the end and had kept back ${whole.format(skipped)} statuses.`),
	);
}

/** The page about the mission, without its head. */
export function missionReport(measurements: MissionMeasurements): string {
	const tables = bySize(measurements).flatMap(([name, results]) => [`## ${name}`, '', table(COLUMNS, results.map(cells)), '']);
	const notes = breakers(measurements).flatMap((note) => [note, '']);
	return [HOW, '', ...tables, ...notes, '## Against what is promised', '', goalsTable(missionGoals(measurements))].join('\n');
}

/** The same for a terminal, without goals. */
export function missionPlain(measurements: MissionMeasurements): string {
	return [...bySize(measurements).map(([name, results]) => plainTable(name, COLUMNS, results.map(cells))), ...breakers(measurements)].join('\n\n');
}
