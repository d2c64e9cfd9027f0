import type { Measurement } from './measure.mts';
import { nameOf } from './scenarios.mts';
import { median } from '../median.mts';

/**
 * One measurement per contender and scenario, in order: the median of each figure over several runs;
 * or the first run that failed, lost a message without cause, or sent one twice, since no run may do that.
 */
export function middles(runs: Measurement[]): Measurement[] {
	const alike = Map.groupBy(runs, ({ scenario, contender }) => `${nameOf(scenario)}: ${contender}`);
	return [...alike.values()].map((rounds) => rounds.find(isBad) ?? middleOf(rounds));
}

function middleOf(rounds: Measurement[]): Measurement {
	const of = (figure: (one: Measurement) => number) => median(rounds.map(figure));
	return {
		...rounds[0]!,
		seconds: of(({ seconds }) => seconds),
		channelSeconds: of(({ channelSeconds }) => channelSeconds),
		refused: of(({ refused }) => refused),
		sockets: of(({ sockets }) => sockets),
		cpuMilliseconds: of(({ cpuMilliseconds }) => cpuMilliseconds),
		memoryPeak: of(({ memoryPeak }) => memoryPeak),
	};
}

function isBad({ contender, failed, lost, twice, scenario }: Measurement): boolean {
	return failed !== undefined || twice > 0 || (contender === 'ours' && lost > 0 && scenario.serverErrors === 0);
}
