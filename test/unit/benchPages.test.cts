import { dirname, join, normalize } from 'node:path';
import type { Measurement } from '../bench/measure.mts';
import { allGoals, pages } from '../bench/pages.mts';
import type { Results } from '../bench/results.mts';
import { CHOSEN, itemsFor, type Contender } from '../bench/scenarios.mts';
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

const results: Results = {
	sends: CHOSEN.flatMap((scenario) => scenario.contenders.map((contender) => send(scenario, contender))),
	trigger: {
		byEngine: Object.fromEntries(ENGINES.map((name) => [name, engine()])) as NonNullable<Results['trigger']>['byEngine'],
		crowd: CROWD.entrants.map(entrant),
		memory: [1000, 5000, 10_000, 15_000].map((hooks) => ({ hooks, bytes: 3e8 + hooks })),
		reads: [{ items: 50_000, seconds: 0.5, bodyBytes: 16e6, bytesAboveBase: 9e7 }],
		remembered: { heapBefore: 5e7, heapAfter: 5e7, started: 500_000 },
	},
	load: { cpuMilliseconds: 40, runs: 9, bytes: 150_000 },
};
const written = pages(results, RUN, README);
const read = (path: string) => written.get(path) ?? '';

test('a run writes the pages and their pictures in both themes', () => {
	const pictures = ['sends', 'hooks'].flatMap((name) => ['dark', 'light'].map((theme) => `docs/images/bench-${name}-${theme}.svg`));
	expect([...written.keys()].sort()).toEqual(['README.md', 'docs/benchmarks.md', 'docs/benchmarks/hooks.md', 'docs/benchmarks/sends.md', ...pictures].sort());
	for (const text of written.values()) expect(text).not.toMatch(/undefined|NaN|Infinity|null|\[object/);
});

test('every picture and page that one of them names is written too', () => {
	const named = [...written].flatMap(([path, text]) => [...text.matchAll(/(?:src|srcset)="([^"]+)"|\]\(((?:\.\.\/)*benchmarks[^)#]*)/g)].map(([, picture, page]) => normalize(join(dirname(path), picture ?? page!))));
	expect(named.length).toBeGreaterThan(8);
	expect(named.filter((path) => !written.has(path))).toEqual([]);
});

test('the overview says in about ten lines what was measured, and names each goal that was missed', () => {
	const lines = read('docs/benchmarks.md').split('\n').filter((line) => line.startsWith('- **'));
	expect(lines.length).toBeGreaterThanOrEqual(10);
	expect(lines.length).toBeLessThanOrEqual(15);
	expect(lines[0]).toBe("- **1,000 messages on a channel that takes 80 per second**, WhatsApp's usual limit: sent in 12.3 s, at 99.0 % of the limit, 0 lost. HTTP Request loses 900, or takes 12.3 s if somebody sets its batch to exactly the limit.");
	const missed = allGoals(results).filter(({ reached }) => !reached);
	expect(missed.length).toBeGreaterThan(0);
	for (const { what } of missed) expect(lines.at(-1)).toContain(what);
});

test('the README has the first sentence of each claim between its marks, and keeps the rest', () => {
	const readme = read('README.md');
	expect(readme.startsWith('# Name\n\n<!-- Written by')).toBe(true);
	expect(readme.endsWith('<!-- Until here -->\n\nThe rest.\n')).toBe(true);
	expect(readme).not.toContain('old');
	expect(readme).toContain('**n8n as installed** executes 240 delivery reports per second');
	expect(pages(results, RUN, readme).get('README.md')).toBe(readme);
	expect(() => pages(results, RUN, '# Name\n')).toThrow('no place');
});

test('a run without the trigger has no page, picture or sentence about it', () => {
	const files = pages({ sends: results.sends }, RUN, README);
	expect([...files.keys()].filter((path) => path.includes('hooks'))).toEqual([]);
	expect([...files.values()].join('\n')).not.toMatch(/hooks\.md|bench-hooks|Gather For/);
});
