/** The measurements in a few sentences, for whoever decides whether to use the package. */
import type { Goal } from './goals.mts';
import type { LoadMeasurement } from './load.mts';
import type { Measurement } from './measure.mts';
import type { Contender, Scenario } from './scenarios.mts';
import { shareUsed } from './table.mts';
import type { TriggerMeasurements } from './trigger/bench.mts';
import { BUILT_IN, CROWD, type ExpressionEngine, GATHERED, MINIMAL, REPEATED } from './trigger/contest.mts';
import { beside, growthOf, resultOf } from './trigger/goals.mts';
import { HOOKS } from './trigger/memory.mts';
import { median, quantile } from './trigger/median.mts';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const times = (ratio: number): string => `${ratio.toFixed(1)} times`;

const USUAL: Partial<Scenario> = { latency: 100, refusesAtOnce: false, nextLimit: null, serverErrors: 0, moreTemplates: 0, executions: 'one' };

/** What was measured about sends, one sentence a line; a line whose scenario did not run is left out. */
export function sendsMeaning(sends: readonly Measurement[]): string[] {
	const find = (contender: Contender, wanted: Partial<Scenario>) =>
		sends.find((one) => one.contender === contender && one.failed === undefined && Object.entries({ ...USUAL, ...wanted }).every(([name, value]) => one.scenario[name as keyof Scenario] === value));
	const pair = (wanted: Partial<Scenario>, text: (ours: Measurement, http: Measurement) => string): string[] => {
		const [ours, http] = [find('ours', wanted), find('http', wanted)];
		return ours && http ? [text(ours, http)] : [];
	};
	const usual = { limit: 80, items: 1000 };
	const batched = find('batched', usual);
	const tuned = batched?.lost === 0 ? `, or takes ${batched.seconds.toFixed(1)} s if somebody sets its batch to exactly the limit` : '';
	return [
		...pair(usual, (ours, http) =>
			`**1,000 messages on a channel that takes 80 per second**, WhatsApp's usual limit: sent in ${ours.seconds.toFixed(1)} s, at ${percent(shareUsed(ours) ?? 0)} of the limit, ${whole.format(ours.lost)} lost. ` +
			`HTTP Request loses ${whole.format(http.lost)}${tuned}.`),
		...pair({ ...usual, executions: 'single items' }, (ours, http) =>
			`**The same as 1,000 executions of one message**: ${percent(shareUsed(ours) ?? 0)} of the limit, ${whole.format(ours.lost)} lost; HTTP Request loses ${whole.format(http.lost)}.`),
		...changed(find('ours', { limit: 80, nextLimit: 20 })),
		...pair({ limit: null, items: 50_000 }, (ours, http) =>
			`**50,000 messages, no limit**: sent in ${whole.format(ours.seconds)} s over ${whole.format(ours.sockets)} connections, with ${whole.format(ours.memoryPeak / 1e6)} MB, ${whole.format(ours.lost)} lost. ` +
			`HTTP Request opens ${whole.format(http.sockets)}, needs ${whole.format(http.memoryPeak / 1e6)} MB and loses ${whole.format(http.lost)}.`),
		...pair({ limit: null, items: 1000 }, (ours, http) => `**A message costs** ${ours.cpuMilliseconds.toFixed(2)} ms of CPU in n8n's engine; with HTTP Request ${http.cpuMilliseconds.toFixed(2)} ms.`),
	];
}

function changed(ours: Measurement | undefined): string[] {
	if (!ours?.afterChange) return [];
	const { share, refused } = ours.afterChange;
	return [`**A limit that falls** from 80 to 20 per second: ten seconds later ${percent(share)} of the new one is used, and ${percent(refused)} of the requests are refused.`];
}

/** What was measured about hooks. */
export function hooksMeaning({ byEngine, crowd, memory }: TriggerMeasurements): string[] {
	const perSecond = (engine: ExpressionEngine, entrant: typeof GATHERED) => whole.format(median(resultOf(byEngine[engine].results, entrant).perSecond));
	const slowest = (answers: readonly number[]) => `${(quantile(answers, 0.99) / 1000).toFixed(1)} s`;
	const speed = (engine: ExpressionEngine) =>
		`${perSecond(engine, GATHERED)} delivery reports per second with *Gather For*, a call each; n8n's Webhook node executes ${perSecond(engine, BUILT_IN)}, a minimal community trigger ${perSecond(engine, MINIMAL)}`;
	return [
		`**n8n as installed** executes ${speed('default')}.`,
		`**With \`N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true\`**, which we recommend: ${speed('lazy')}. That is ${times(beside(byEngine.lazy.results, GATHERED, BUILT_IN))} the Webhook node.`,
		`**99 % of these calls** are answered within ${slowest(resultOf(byEngine.lazy.results, GATHERED).answers)}, and with ${CROWD.concurrency} at a time within ${slowest(resultOf(crowd, GATHERED).answers)}` +
			` (the Webhook node: ${slowest(resultOf(byEngine.lazy.results, BUILT_IN).answers)} and ${slowest(resultOf(crowd, BUILT_IN).answers)}). A report that comes alone starts its execution at once.`,
		`**A report that repeats**, or that you did not choose, starts nothing: n8n takes ${perSecond('lazy', REPEATED)} of them per second.`,
		...(memory ? [`**${whole.format(HOOKS)} reports in a row**: n8n's memory grows by at most ${whole.format(growthOf(memory).most / 1e6)} MB after the first thousand.`] : []),
	];
}

/** What was measured about loading. */
export function loadMeaning({ cpuMilliseconds, bytes }: LoadMeasurement): string {
	return `**n8n's start** takes ${whole.format(cpuMilliseconds)} ms longer with the package, which has ${whole.format(bytes / 1000)} kB.`;
}

/** How many goals were reached. */
export function goalsMeaning(goals: readonly Goal[]): string {
	const missed = goals.filter(({ reached }) => !reached);
	const all = `**Of ${goals.length} goals** ${missed.length === 0 ? 'all are' : `${goals.length - missed.length} are`} reached`;
	return missed.length === 0 ? `${all}.` : `${all}; not: ${missed.map(({ what, found }) => `${what} (${found})`).join('; ')}.`;
}
