import type { Goal } from '../goal.mts';
import { shareUsed, type Measurement } from './measure.mts';
import { nameOf, type Contender, type Scenario } from './scenarios.mts';

/** Checks the measurements against this node's goals. */
export function sendsGoals(measurements: Measurement[]): Goal[] {
	const ours = measurements.filter(({ contender }) => contender === 'ours');
	const rival = ({ scenario }: Measurement, contender: Contender) =>
		measurements.find((other) => other.contender === contender && nameOf(other.scenario) === nameOf(scenario) && other.failed === undefined);
	return [
		...ours.filter(({ scenario }) => scenario.serverErrors === 0).map(nothingLost),
		...ours.flatMap(limitUsed),
		...ours.flatMap(changeFollowed),
		...ours.flatMap((one) => besides(one, rival(one, 'http'))),
		...ours.flatMap((one) => besidesBatches(one, rival(one, 'batched'))),
		...manyTemplates(ours),
		...linear(ours),
	];
}

function nothingLost({ scenario, lost, twice }: Measurement): Goal {
	return { what: `${nameOf(scenario)}: none lost, none twice`, found: `${lost} lost, ${twice} twice`, reached: lost === 0 && twice === 0 };
}

function limitUsed(one: Measurement): Goal[] {
	const { scenario, items, refused } = one;
	if (scenario.limit === null || scenario.nextLimit !== null) return [];
	const name = nameOf(scenario);
	const share = shareUsed(one) ?? 0;
	const least = shareGoal(scenario, items);
	const found: Goal[] = [{ what: `${name}: at least ${least * 100} % of the limit`, found: `${(share * 100).toFixed(1)} %`, reached: share >= least }];
	if (items >= 1000) {
		const most = items >= 10_000 ? 0.02 : 0.1;
		found.push({ what: `${name}: at most ${most * 100} % of requests refused for rate`, found: `${(refused * 100).toFixed(1)} %`, reached: refused <= most });
	}
	return found;
}

/** Required share of a limit, from 0 to 1: startup costs small batches more, and latency fast channels. */
function shareGoal({ limit, latency }: Scenario, items: number): number {
	if (items < 1000) return 0.9;
	if (limit! < 250) return 0.97;
	return latency < 300 ? 0.95 : 0.93;
}

function changeFollowed({ scenario, afterChange }: Measurement): Goal[] {
	if (scenario.nextLimit === null) return [];
	const name = nameOf(scenario);
	const { share, refused } = afterChange ?? { share: 0, refused: 1 };
	return [
		{ what: `${name}: ten seconds after the change at least 95 % of the new limit`, found: `${(share * 100).toFixed(1)} %`, reached: share >= 0.95 },
		{ what: `${name}: and at most 5 % of requests refused for rate`, found: `${(refused * 100).toFixed(1)} %`, reached: refused <= 0.05 },
	];
}

function besides(one: Measurement, http: Measurement | undefined): Goal[] {
	if (!http || one.scenario.serverErrors > 0 || one.scenario.executions !== 'one' || one.scenario.limit !== null) return [];
	const name = nameOf(one.scenario);
	const times = (ratio: number) => `${ratio.toFixed(2)} times`;
	// Messages lost by HTTP Request don't count: its speed is that of the messages delivered.
	const speed = one.once / one.seconds / (http.once / http.seconds);
	const least = one.items >= 50_000 ? 2 : 0.9;
	const cpu = one.cpuMilliseconds / http.cpuMilliseconds;
	const found: Goal[] = [
		{ what: `${name}: at least ${least} times HTTP Request's messages per second`, found: times(speed), reached: speed >= least },
		{ what: `${name}: 20 to 200 sockets`, found: `${one.sockets}`, reached: one.sockets >= 20 && one.sockets <= 200 },
		{ what: `${name}: at most 1.2 times the CPU of HTTP Request`, found: times(cpu), reached: cpu <= 1.2 },
	];
	if (one.items >= 50_000) {
		const memory = one.memoryPeak / http.memoryPeak;
		found.push({ what: `${name}: at most half the peak memory of HTTP Request`, found: times(memory), reached: memory <= 0.5 });
	}
	return found;
}

/** At a limit, HTTP Request's defaults lose most messages; tuned to it, it sends all, at the CPU of as many. */
function besidesBatches(one: Measurement, batched: Measurement | undefined): Goal[] {
	if (!batched || one.items < 1000) return [];
	const cpu = one.cpuMilliseconds / batched.cpuMilliseconds;
	return [{ what: `${nameOf(one.scenario)}: at most 1.2 times the CPU of HTTP Request with batch = limit`, found: `${cpu.toFixed(2)} times`, reached: cpu <= 1.2 }];
}

/** Items per second with 2,000 more templates in the channel, against the sandbox's own. */
function manyTemplates(ours: Measurement[]): Goal[] {
	const free = ours.filter(({ scenario }) => scenario.limit === null && scenario.serverErrors === 0 && scenario.executions === 'one' && scenario.latency === 100);
	return free
		.filter(({ scenario }) => scenario.moreTemplates > 0)
		.flatMap((many) => {
			const few = free.find(({ scenario, items }) => scenario.moreTemplates === 0 && items === many.items);
			if (!few) return [];
			// Reading the list is a one-time cost of under a second of CPU.
			const once = (many.cpuMilliseconds - few.cpuMilliseconds) * many.items;
			return [{ what: `${nameOf(many.scenario)}: at most 1 s of CPU more in all than without them`, found: `${(once / 1000).toFixed(2)} s (${(many.items / many.seconds).toFixed(0)} messages per second beside ${(few.items / few.seconds).toFixed(0)})`, reached: once <= 1000 }];
		});
}

/** Cost per message with 50,000 items, against 1,000. */
function linear(ours: Measurement[]): Goal[] {
	const free = ours.filter(({ scenario }) => scenario.limit === null && scenario.serverErrors === 0 && scenario.executions === 'one' && scenario.latency === 100 && scenario.moreTemplates === 0);
	const cost = (items: number) => free.find((one) => one.items === items)?.cpuMilliseconds;
	const [few, many] = [cost(1000), cost(50_000)];
	if (few === undefined || many === undefined) return [];
	return [{ what: 'CPU per message with 50,000 items, besides 1,000 items: at most 1.2 times', found: `${(many / few).toFixed(2)} times`, reached: many <= few * 1.2 }];
}
