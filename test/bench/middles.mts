import type { Measurement } from './measure.mts';
import { nameOf } from './scenarios.mts';

/**
 * One measurement of each contender in each scenario, in their order: of several runs the one with the middle time,
 * or the first that did not finish, lost a message where nothing was to be lost, or sent one twice, since no run may do that.
 */
export function middles(runs: Measurement[]): Measurement[] {
	const alike = new Map<string, Measurement[]>();
	for (const one of runs) {
		const name = `${nameOf(one.scenario)}: ${one.contender}`;
		alike.set(name, [...(alike.get(name) ?? []), one]);
	}
	return [...alike.values()].map((rounds) => rounds.find(isBad) ?? rounds.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(rounds.length / 2)]!);
}

function isBad({ contender, failed, lost, twice, scenario }: Measurement): boolean {
	return failed !== undefined || twice > 0 || (contender === 'ours' && lost > 0 && scenario.serverErrors === 0);
}
