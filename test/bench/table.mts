import { shareOfLimit } from '../../harness/channel-use.mts';
import { plainTable, table } from './markdown.mts';
import type { Measurement } from './measure.mts';
import { CONTENDERS, nameOf, roundsFor } from './scenarios.mts';

const COLUMNS = ['', 'delivered once', 'lost', 'twice', 'seconds', 'share of the limit', 'refused for rate', 'sockets', 'CPU per message', 'peak memory'];

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Share of the limit used, from 0 to 1; null without a limit or if data is missing. */
export function shareUsed({ scenario: { limit, nextLimit }, items, once, channelSeconds, failed }: Measurement): number | null {
	return once < items || failed !== undefined || nextLimit !== null ? null : (shareOfLimit(items, limit, channelSeconds) ?? null);
}

function percent(share: number, digits = 1): string {
	return `${(share * 100).toFixed(digits)} %`;
}

/** A contender's row. */
export function cells(measured: Measurement): string[] {
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

/** Results by scenario, as Markdown. */
export function markdown(measurements: Measurement[]): string {
	return [...byScenario(measurements)].map(([name, rows]) => `### ${name}\n\n${table(COLUMNS, rows.map(cells))}`).join('\n\n');
}

/** The same for a terminal. */
export function plain(measurements: Measurement[]): string {
	return [...byScenario(measurements)].map(([name, rows]) => plainTable(name, COLUMNS, rows.map(cells))).join('\n\n');
}

function byScenario(measurements: Measurement[]): Map<string, Measurement[]> {
	return Map.groupBy(measurements, ({ scenario }) => nameOf(scenario));
}
