import { goalsTable, plainTable, table } from '../markdown.mts';
import { sendsGoals } from './goals.mts';
import { shareUsed, type Measurement } from './measure.mts';
import { CONTENDERS, MAX_ONE_BY_ONE, nameOf, roundsFor } from './scenarios.mts';

const COLUMNS = ['', 'delivered once', 'lost', 'twice', 'seconds', 'share of the limit', 'refused for rate', 'sockets', 'CPU per message', 'peak memory'];

const HOW = `Each row is one run, in a process of its own, on n8n's own engine; "middle of 3" has the
middle of each figure of three runs, made in turns with the others. The channel is the [sandbox](../../sandbox/README.md), also in a process of
its own on the same machine. Its limit is a token bucket that starts full and holds one second's worth; it answers 429 beyond. Each row
gets the same items, and each node is told nothing about the channel, except "batch = limit", which is HTTP Request with a batch of
exactly the limit every second. Every process first sends 300 messages under another name of the same address, as an n8n that has been
running for a while.

- **delivered once, lost, twice**: recipients, as the channel counted them.
- **seconds**: the whole run, from n8n's start of the workflow to its end; this node also reads the channel's templates first.
- **share of the limit**: the shortest time the limit allows, (items - limit) / limit, divided by the time from the first acceptance
  to the last. It is empty where a message was lost.
- **refused for rate**: requests that the channel refused, as a share of all requests.
- **sockets**: connections that the channel had open at once, at most.
- **CPU per message, peak memory**: of the contender's process, the engine included; loading n8n is in the memory, not in the CPU.
- One at a time runs with the first ${MAX_ONE_BY_ONE} items only: its speed does not change with their number.`;

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

function percent(share: number, digits = 1): string {
	return `${(share * 100).toFixed(digits)} %`;
}

/** A contender's row. */
function cells(measured: Measurement): string[] {
	const { contender, items, scenario, once, lost, twice, seconds, refused, sockets, cpuMilliseconds, memoryPeak, failed } = measured;
	const rounds = roundsFor(scenario, contender);
	const name = CONTENDERS[contender] + (items < scenario.items ? ` (first ${items})` : '') + (rounds > 1 ? ` (middle of ${rounds})` : '');
	if (failed !== undefined) return [name, whole.format(once), whole.format(lost), whole.format(twice), 'did not finish', '', '', whole.format(sockets), '', ''];
	const share = shareUsed(measured);
	return [
		name,
		whole.format(once),
		whole.format(lost),
		whole.format(twice),
		seconds.toFixed(seconds < 10 ? 2 : 1),
		share === null ? '' : percent(share),
		scenario.limit === null ? '' : percent(refused),
		whole.format(sockets),
		`${cpuMilliseconds.toFixed(2)} ms`,
		`${whole.format(memoryPeak / 1e6)} MB`,
	];
}

/** The page about sends, without its head. */
export function sendsReport(measurements: Measurement[]): string {
	const tables = [...byScenario(measurements)].map(([name, rows]) => `### ${name}\n\n${table(COLUMNS, rows.map(cells))}`);
	return [HOW, '## Measured', ...tables, '## Against what is promised', goalsTable(sendsGoals(measurements))].join('\n\n');
}

/** The same for a terminal, without goals. */
export function sendsPlain(measurements: Measurement[]): string {
	return [...byScenario(measurements)].map(([name, rows]) => plainTable(name, COLUMNS, rows.map(cells))).join('\n\n');
}

function byScenario(measurements: Measurement[]): Map<string, Measurement[]> {
	return Map.groupBy(measurements, ({ scenario }) => nameOf(scenario));
}
