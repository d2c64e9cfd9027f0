import { dirname, join, normalize } from 'node:path';
import type { Measurement } from '../bench/sends/measure.mts';
import { contendersOf, OURS, type MissionContender } from '../bench/mission/contenders.mts';
import { SIZES } from '../bench/mission/sizes.mts';
import type { MissionTurn } from '../bench/mission/turn.mts';
import { allGoals, pages } from '../bench/pages.mts';
import type { Results } from '../bench/results.mts';
import { CHOSEN, itemsFor, type Contender } from '../bench/sends/scenarios.mts';
import { ENGINES, ENTRANTS, CROWD, type Entrant } from '../bench/trigger/contest.mts';
import type { EntrantResult } from '../bench/trigger/turns.mts';

const RUN = { command: 'npm run bench', machine: 'a machine', date: '2026-11-29', minutes: 16 };
const README = '# Name\n\n<!-- Written by "npm run bench" -->\nold\n<!-- Until here -->\n\nThe rest.\n';

const LOST: Partial<Record<Contender, number>> = { http: 0.9 };
const send = (scenario: (typeof CHOSEN)[number], contender: Contender): Measurement => {
	const items = itemsFor(scenario, contender);
	const lost = Math.round(items * (LOST[contender] ?? 0));
	const channelSeconds = scenario.limit === null ? 1 : ((items - scenario.limit) / scenario.limit) * 1.01;
	const afterChange = scenario.nextLimit === null ? undefined : { share: 0.99, refused: 0.01 };
	return { scenario, contender, items, lost, once: items - lost, twice: 0, seconds: 12.3, channelSeconds, refused: 0.01, sockets: 100, cpuMilliseconds: 1, memoryPeak: 3e8, outcomes: {}, afterChange };
};
const SPEED: Record<Entrant['trigger'], number> = { gathering: 120, ours: 30, builtIn: 25, minimal: 10 };
const entrant = (one: Entrant): EntrantResult => ({ entrant: one, perSecond: [1, 2, 3].map((turn) => SPEED[one.trigger] * one.entries * turn), answers: [20, 40, 900], statuses: 60, executions: one.trigger === 'gathering' ? 3 : 60 });
const paced = { gathered: { statuses: 8, executions: 8, ends: [12, 14] }, each: { statuses: 8, executions: 8, ends: [11, 15] } };
const engine = () => ({ results: ENTRANTS.map(entrant), paced });

const missionTurn = (contender: MissionContender, customers: number, limit: number): MissionTurn => ({
	customers, limit, accepted: customers, lastAcceptedAfter: customers / limit, lastStatusAfter: customers / limit + 3, lastRowAfter: customers / limit + 4,
	cpuSeconds: customers * (contender === OURS ? 0.01 : 0.03), p50Ms: 20, p99Ms: 80, slowestMs: 90, circuitState: 'ok', skipped: 0, isCutOff: false, missing: 0, wrong: contender === OURS ? 0 : 3, twice: 0,
});

const results: Results = {
	mission: SIZES.flatMap((size) => contendersOf(size).map((contender) => ({ size, contender, turns: [missionTurn(contender, size.customers, size.limit)] }))),
	sends: CHOSEN.flatMap((scenario) => scenario.contenders.map((contender) => send(scenario, contender))),
	trigger: {
		byEngine: Object.fromEntries(ENGINES.map((name) => [name, engine()])) as NonNullable<Results['trigger']>['byEngine'],
		crowd: CROWD.entrants.map(entrant),
		memory: { keptBefore: 3e8, keptAfter: 3.02e8, resident: [1000, 5000, 10_000, 15_000].map((hooks) => ({ hooks, bytes: 9e8 + hooks })) },
		memoryOfBuiltIn: { keptBefore: 3e8, keptAfter: 3.02e8, resident: [1000, 5000, 10_000, 15_000].map((hooks) => ({ hooks, bytes: 9e8 + hooks })) },
		reads: [{ items: 50_000, seconds: 0.5, bodyBytes: 16e6, bytesAboveBase: 9e7 }],
		remembered: { heapBefore: 5e7, heapAfter: 5e7, started: 500_000 },
	},
	load: { cpuMilliseconds: 40, runs: 9, bytes: 150_000 },
};
const written = pages(results, RUN, README);
const read = (path: string) => written.get(path) ?? '';

test('a run writes the pages and their pictures in both themes', () => {
	const pictures = ['mission', 'sends', 'hooks'].flatMap((name) => ['dark', 'light'].map((theme) => `docs/images/bench-${name}-${theme}.svg`));
	expect([...written.keys()].sort()).toEqual(['README.md', 'docs/benchmarks.md', 'docs/benchmarks/hooks.md', 'docs/benchmarks/mission.md', 'docs/benchmarks/sends.md', ...pictures].sort());
	for (const text of written.values()) expect(text).not.toMatch(/undefined|NaN|Infinity|null|\[object/);
});

test('every picture and page that one of them names is written too', () => {
	const named = [...written].flatMap(([path, text]) => [...text.matchAll(/(?:src|srcset)="([^"]+)"|\]\(((?:\.\.\/)*benchmarks[^)#]*)/g)].map(([, picture, page]) => normalize(join(dirname(path), picture ?? page!))));
	expect(named.length).toBeGreaterThan(8);
	expect(named.filter((path) => !written.has(path))).toEqual([]);
});

test('the overview says in about ten lines what was measured, and names each goal that was missed', () => {
	const lines = read('docs/benchmarks.md').split('\n').filter((line) => line.startsWith('- **'));
	expect(lines).toHaveLength(10);
	expect(lines[0]).toBe(
		'- **5,000 waiting customers, a channel that takes 80 messages per second**: the last message is accepted 62.5 s after the event, every status is in the log after 66.5 s, and n8n needs 10 ms of CPU per customer, reports included.' +
			" With n8n's own nodes: 62.5 s, 3 of the log's rows are missing, wrong or doubled in the end, and 30 ms. The channel calls with up to 20 reports at a time, and n8n has `N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true`.",
	);
	expect(lines[3]).toBe("- **1,000 messages on a channel that takes 80 per second**, WhatsApp's usual limit: sent in 12.3 s, at 99.0 % of the limit (as 1,000 executions of one message: 99.0 %), 0 lost. HTTP Request loses 900, or takes 12.3 s if somebody sets its batch to exactly the limit.");
	const missed = allGoals(results).filter(({ reached }) => !reached);
	expect(missed.length).toBeGreaterThan(0);
	for (const { what } of missed) expect(lines.at(-1)).toContain(what);
});

test('the README has the first sentence of each claim between its marks, and keeps the rest', () => {
	const readme = read('README.md');
	expect(readme.startsWith('# Name\n\n<!-- Written by')).toBe(true);
	expect(readme.endsWith('<!-- Until here -->\n\nThe rest.\n')).toBe(true);
	expect(readme).not.toContain('old');
	expect(readme).toContain('n8n executes 240 per second with *Gather For*');
	expect(readme.indexOf('5,000 waiting customers')).toBeLessThan(readme.indexOf('bench-sends'));
	expect(pages(results, RUN, readme).get('README.md')).toBe(readme);
	expect(() => pages(results, RUN, '# Name\n')).toThrow('no place');
});

test('what was not measured has no page, picture or sentence', () => {
	const files = pages({ sends: results.sends }, RUN, README);
	expect([...files.keys()].filter((path) => /hooks|mission/.test(path))).toEqual([]);
	expect([...files.values()].join('\n')).not.toMatch(/hooks\.md|bench-hooks|Gather For|mission\.md|waiting customers/);
});
