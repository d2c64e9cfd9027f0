/** The pictures of the README and docs/benchmarks.md, each from one run's measurements. */
import { shareUsed, type Measurement } from './sends/measure.mts';
import type { Group, Picture } from './picture.mts';
import type { MissionMeasurements, MissionResult } from './mission/bench.mts';
import { OURS, REFERENCE } from './mission/contenders.mts';
import { middleOf } from './mission/goals.mts';
import { type Contender, nameOf } from './sends/scenarios.mts';
import type { TriggerMeasurements } from './trigger/bench.mts';
import { BUILT_IN, ENGINES, type Entrant, type ExpressionEngine, GATHERED, MINIMAL } from './trigger/contest.mts';
import { resultOf } from './trigger/goals.mts';
import { median } from './median.mts';

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

const SENDERS: Record<Contender, string> = {
	ours: '1MSG node, defaults',
	http: 'HTTP Request, defaults',
	batched: 'HTTP Request, batch = limit',
	oneByOne: 'one at a time',
};

/** Messages delivered and lost wherever HTTP Request lost some of a thousand or more in one execution. */
export function sendsPicture(measurements: readonly Measurement[]): Picture {
	const compared = Map.groupBy(
		measurements.filter(({ scenario, contender }) => scenario.executions === 'one' && scenario.serverErrors === 0 && contender !== 'oneByOne'),
		({ scenario }) => nameOf(scenario),
	);
	const groups = [...compared.values()]
		.filter((ofScenario) => ofScenario[0]!.items >= 1000 && ofScenario.some(({ contender, lost }) => contender === 'http' && lost > 0))
		.toSorted(([a], [b]) => (a!.scenario.limit ?? Infinity) - (b!.scenario.limit ?? Infinity))
		.map((ofScenario): Group => {
			const { limit, items } = ofScenario[0]!.scenario;
			return {
				name: `${number.format(items)} messages, ${limit === null ? 'no limit' : `a channel that takes ${limit} per second`}`,
				bars: ofScenario.map((one) => ({ name: SENDERS[one.contender], value: one.once, bad: one.lost, text: sendsText(one), isOurs: one.contender === 'ours' })),
			};
		});
	return { title: 'Messages that one execution delivers, and loses', note: 'Red: lost. The 1MSG node finds the limit by itself; the batch was set to it by hand.', scale: 'group', groups };
}

function sendsText(one: Measurement): string {
	if (one.lost > 0) return `${number.format(one.lost)} lost`;
	const share = shareUsed(one);
	return share === null ? 'all' : `all, at ${(share * 100).toFixed(1)} % of the limit`;
}

const TRIGGERS: Array<[Entrant, string]> = [
	[GATHERED, '1MSG Trigger, Gather For'],
	[BUILT_IN, "n8n's Webhook node"],
	[MINIMAL, 'minimal community trigger'],
];
const SETTINGS: Record<ExpressionEngine, string> = {
	default: 'n8n as installed',
	lazy: 'with N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true (recommended)',
	legacy: 'with N8N_EXPRESSION_ENGINE=legacy',
};

/** Statuses per second by trigger and setting of n8n. */
export function hooksPicture({ byEngine }: TriggerMeasurements): Picture {
	return {
		title: 'Delivery reports that one n8n executes per second',
		note: 'A call for each report, 20 at a time. Gather For: one execution for a second of them.',
		scale: 'picture',
		groups: ENGINES.map((engine) => ({
			name: SETTINGS[engine],
			bars: TRIGGERS.map(([entrant, name]) => {
				const perSecond = median(resultOf(byEngine[engine].results, entrant).perSecond);
				return { name, value: perSecond, text: `${number.format(perSecond)} per second`, isOurs: entrant === GATHERED };
			}),
		})),
	};
}

/** n8n's CPU per customer in the whole mission, with when the log was complete. */
export function missionPicture(mission: MissionMeasurements): Picture {
	const bySize = Map.groupBy(mission.filter(({ size }) => !size.variant), ({ size }) => size);
	return {
		title: "n8n's CPU per customer, from the event to the last report in the log",
		note: 'Beside the starter workflows: what a careful builder makes from n8n\'s own nodes.',
		scale: 'picture',
		groups: [...bySize].map(([{ customers, limit }, results]) => ({
			name: `${number.format(customers)} waiting customers, a channel that takes ${limit} messages per second`,
			bars: results.map((result) => ({ name: MISSION_NAMES[result.contender.key] ?? result.contender.name, value: middleOf(result).cpu, text: missionText(result), isOurs: result.contender.key === OURS.key })),
		})),
	};
}

const MISSION_NAMES: Record<string, string> = { [OURS.key]: '1MSG starter workflows', [REFERENCE.key]: "n8n's own nodes" };

function missionText(result: MissionResult): string {
	const { cpu, bad } = middleOf(result);
	const complete = median(result.turns.map(({ lastRowAfter }) => lastRowAfter));
	return `${number.format(cpu * 1000)} ms, ${bad === 0 ? `log complete after ${complete.toFixed(0)} s` : `${number.format(bad)} rows wrong`}`;
}
