/** The measurements in a few sentences, for whoever decides whether to use the package. */
import type { Goal } from './goal.mts';
import { shareUsed, type Measurement } from './sends/measure.mts';
import type { MissionMeasurements, MissionResult } from './mission/bench.mts';
import { OURS, REFERENCE, type MissionContender } from './mission/contenders.mts';
import { middleOf } from './mission/goals.mts';
import { stoppedAfter } from './mission/turn.mts';
import type { Contender, Scenario } from './sends/scenarios.mts';
import type { TriggerMeasurements } from './trigger/bench.mts';
import { BUILT_IN, CROWD, type Entrant, type ExpressionEngine, GATHERED, MINIMAL } from './trigger/contest.mts';
import { beside, resultOf } from './trigger/goals.mts';
import { FIRST_HOOKS, HOOKS, residentAt, type MemoryResult } from './trigger/memory.mts';
import { median, quantile } from './median.mts';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const times = (ratio: number): string => `${ratio.toFixed(1)} times`;

const USUAL: Partial<Scenario> = { latency: 100, refusesAtOnce: false, nextLimit: null, serverErrors: 0, moreTemplates: 0, executions: 'one' };

/** Those told of: a large batch at WhatsApp's usual limit first. */
const MISSIONS = [
	{ customers: 5000, limit: 80 },
	{ customers: 1000, limit: 80 },
	{ customers: 5000, limit: 250 },
];

/** What the figures depend on, once. */
const MISSION_SETTING = ' The channel calls with up to 20 reports at a time, and n8n has `N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true`.';

/** What was measured of the whole mission, one sentence a line; a size that did not run is left out. */
export function missionMeaning(mission: MissionMeasurements): string[] {
	return MISSIONS.flatMap(({ customers, limit }, place) => {
		const of = (contender: MissionContender) => mission.find((one) => one.contender.key === contender.key && !one.size.variant && one.size.customers === customers && one.size.limit === limit);
		const [ours, reference] = [of(OURS), of(REFERENCE)];
		if (!ours) return [];
		const what = `**${whole.format(customers)} waiting customers, a channel that takes ${limit} messages per second**`;
		const { accepted, logged, cpu } = missionWords(ours);
		const others = reference && missionWords(reference);
		return [`${what}: the last message is accepted ${accepted} after the event, ${logged}, and n8n needs ${cpu} of CPU per customer, reports included.` + (others ? ` With n8n's own nodes: ${others.accepted}, ${others.logged}, and ${others.cpu}.` : '') + (place === 0 ? MISSION_SETTING : '')];
	});
}

function missionWords(result: MissionResult): { accepted: string; logged: string; cpu: string } {
	const { cpu, bad } = middleOf(result);
	const of = (pick: (turn: MissionResult['turns'][number]) => number) => median(result.turns.map(pick)).toFixed(1);
	const logged = bad === 0 ? `every status is in the log after ${of(({ lastRowAfter }) => lastRowAfter)} s` : `${whole.format(bad)} of the log's rows are missing, wrong or doubled ${result.turns.some(({ isCutOff }) => isCutOff) ? `when it is stopped after ${whole.format(stoppedAfter(result.size.customers))} s` : 'in the end'}`;
	return { accepted: `${of(({ lastAcceptedAfter }) => lastAcceptedAfter)} s`, logged, cpu: `${whole.format(cpu * 1000)} ms` };
}

/** What was measured about sends; a line whose scenario did not run is left out. */
export function sendsMeaning(sends: readonly Measurement[]): string[] {
	const find = (contender: Contender, wanted: Partial<Scenario>) =>
		sends.find((one) => one.contender === contender && one.failed === undefined && Object.entries({ ...USUAL, ...wanted }).every(([name, value]) => one.scenario[name as keyof Scenario] === value));
	const pair = (wanted: Partial<Scenario>, text: (ours: Measurement, http: Measurement) => string): string[] => {
		const [ours, http] = [find('ours', wanted), find('http', wanted)];
		return ours && http ? [text(ours, http)] : [];
	};
	const usual = { limit: 80, items: 1000 };
	const [batched, singles] = [find('batched', usual), find('ours', { ...usual, executions: 'single items' })];
	const tuned = batched?.lost === 0 ? `, or takes ${batched.seconds.toFixed(1)} s if somebody sets its batch to exactly the limit` : '';
	const asSingles = singles ? ` (as 1,000 executions of one message: ${percent(shareUsed(singles) ?? 0)})` : '';
	return [
		...pair(usual, (ours, http) =>
			`**1,000 messages on a channel that takes 80 per second**, WhatsApp's usual limit: sent in ${ours.seconds.toFixed(1)} s, at ${percent(shareUsed(ours) ?? 0)} of the limit${asSingles}, ${whole.format(ours.lost)} lost. ` +
			`HTTP Request loses ${whole.format(http.lost)}${tuned}.`),
		...changed(find('ours', { limit: 80, nextLimit: 20, items: 1400 })),
		...pair({ limit: null, items: 50_000 }, (ours, http) =>
			`**50,000 messages, no limit**: sent in ${whole.format(ours.seconds)} s over ${whole.format(ours.sockets)} connections, with ${whole.format(ours.memoryPeak / 1e6)} MB, ${whole.format(ours.lost)} lost. ` +
			`HTTP Request opens ${whole.format(http.sockets)}, needs ${whole.format(http.memoryPeak / 1e6)} MB and loses ${whole.format(http.lost)}.`),
	];
}

function changed(ours: Measurement | undefined): string[] {
	if (!ours?.afterChange) return [];
	const { share, refused } = ours.afterChange;
	return [`**A limit that falls** from 80 to 20 per second: ten seconds later ${percent(share)} of the new one is used, and ${percent(refused)} of the requests are refused.`];
}

/** What was measured about hooks. */
export function hooksMeaning({ byEngine, crowd, memory, memoryOfBuiltIn }: TriggerMeasurements): string[] {
	const megabytesAt = (of: MemoryResult, hooks: number) => `${whole.format(residentAt(of, hooks) / 1e6)} MB`;
	const perSecond = (engine: ExpressionEngine, entrant: Entrant) => whole.format(median(resultOf(byEngine[engine].results, entrant).perSecond));
	const slowest = (answers: readonly number[]) => `${(quantile(answers, 0.99) / 1000).toFixed(1)} s`;
	const kept = memory.keptAfter - memory.keptBefore;
	const grown = ` While ${whole.format(HOOKS)} come in a row, n8n keeps ${whole.format(Math.max(0, kept) / 1e6)} MB more than after the first thousand; its process grows from ${megabytesAt(memory, FIRST_HOOKS)} to ${megabytesAt(memory, HOOKS)}, with the Webhook node from ${megabytesAt(memoryOfBuiltIn, FIRST_HOOKS)} to ${megabytesAt(memoryOfBuiltIn, HOOKS)}.`;
	return [
		`**Delivery reports, a call each, with \`N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true\`**, which we recommend: n8n executes ${perSecond('lazy', GATHERED)} per second with *Gather For*, ` +
			`${times(beside(byEngine.lazy.results, GATHERED, BUILT_IN))} the ${perSecond('lazy', BUILT_IN)} of its own Webhook node; a minimal community trigger, ${perSecond('lazy', MINIMAL)}.`,
		`**The same on n8n as installed**: ${perSecond('default', GATHERED)} per second, the Webhook node ${perSecond('default', BUILT_IN)}, the minimal trigger ${perSecond('default', MINIMAL)}.`,
		`**99 % of these calls** are answered within ${slowest(resultOf(byEngine.lazy.results, GATHERED).answers)}, and with ${CROWD.concurrency} at a time within ${slowest(resultOf(crowd, GATHERED).answers)}` +
			` (the Webhook node: ${slowest(resultOf(byEngine.lazy.results, BUILT_IN).answers)} and ${slowest(resultOf(crowd, BUILT_IN).answers)}).${grown}`,
	];
}

/** How many goals were reached. */
export function goalsMeaning(goals: readonly Goal[]): string {
	const missed = goals.filter(({ reached }) => !reached);
	const all = `**Of ${goals.length} goals** ${missed.length === 0 ? 'all are' : `${goals.length - missed.length} are`} reached`;
	return missed.length === 0 ? `${all}.` : `${all}; not: ${missed.map(({ what, found }) => `${what} (${found})`).join('; ')}.`;
}
