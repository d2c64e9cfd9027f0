/** `npm run bench`: compares this node with n8n's HTTP Request node and sequential sending, and the trigger with other triggers. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { endAll } from '../../harness/process/supervised.mts';
import { installN8n } from '../../harness/n8n/install.mts';
import { N8N_CURRENT } from '../../harness/n8n/versions.mts';
import { packPackage } from '../../harness/package/pack.mts';
import { ROOT } from '../../harness/paths.mts';
import { run } from '../../harness/process/run.mts';
import { Sandbox } from '../../harness/sandbox-program.mts';
import { measureLoad } from './load.mts';
import { benchMission, MISSION, MISSION_NAMES, missionSeconds } from './mission/bench.mts';
import { missionPlain } from './mission/report.mts';
import { allGoals, machine, pages, type Run } from './pages.mts';
import { duration, Progress } from './progress.mts';
import type { Results } from './results.mts';
import { measure, type Measurement } from './sends/measure.mts';
import { middles } from './sends/middles.mts';
import { sendsPlain } from './sends/report.mts';
import { CHOSEN, CONTENDERS, FULL, nameOf, roundsFor, secondsFor, type Contender, type Scenario } from './sends/scenarios.mts';
import { benchTrigger, TRIGGER, TRIGGER_SECONDS } from './trigger/bench.mts';
import { triggerPlain } from './trigger/report.mts';

const SANDBOX_PORT = 8390;

const HELP = `Usage: npm run bench [-- options]

  --full          everything: every limit, latency and number of items (see --list for how long)
  --only TEXT     scenarios whose name contains TEXT, such as "80 per second", "trigger", or "mission 1,000 at 80"; may be given more than once
  --contender X   only ${Object.keys(CONTENDERS).join(', ')}; may be given more than once
  --no-write      print the tables; leave docs/benchmarks.md, its pages, pictures and the README as they are (as do --only and --contender)
  --list          show what would be run, and for how long
`;

const { values: options } = parseArgs({
	options: {
		full: { type: 'boolean', default: false },
		only: { type: 'string', multiple: true, default: [] },
		contender: { type: 'string', multiple: true, default: [] },
		write: { type: 'boolean', default: true },
		list: { type: 'boolean', default: false },
		help: { type: 'boolean', default: false },
	},
	allowNegative: true,
});

interface Step {
	scenario: Scenario;
	contender: Contender;
	seconds: number;
}

function isWanted(name: string): boolean {
	return options.only.length === 0 || options.only.some((text) => name.includes(text));
}

/** In run order: a scenario's contenders take turns. */
function planned(): Step[] {
	const chosen = (options.full ? FULL : CHOSEN).filter((scenario) => isWanted(nameOf(scenario)));
	return chosen.flatMap((scenario) =>
		Array.from({ length: scenario.rounds }, (_, round) =>
			scenario.contenders
				.filter((contender) => options.contender.length === 0 || options.contender.includes(contender))
				.filter((contender) => round < roundsFor(scenario, contender))
				.map((contender) => ({ scenario, contender, seconds: secondsFor(scenario, contender) })),
		).flat(),
	);
}

async function main(): Promise<void> {
	if (options.help) return void process.stdout.write(HELP);
	const steps = planned();
	const withTrigger = options.contender.length === 0 && isWanted(TRIGGER);
	const missions = options.contender.length === 0 ? MISSION_NAMES.filter(isWanted) : [];
	const isWantedMission = (name: string) => missions.includes(name);
	if (steps.length === 0 && !withTrigger && missions.length === 0) throw new Error('No scenario has that name; --list shows them.');
	const total = steps.reduce((sum, { seconds }) => sum + seconds, (withTrigger ? TRIGGER_SECONDS : 0) + missionSeconds(isWantedMission));
	if (options.list) {
		for (const { scenario, contender, seconds } of steps) console.log(`${duration(seconds).padStart(6)}  ${nameOf(scenario)}: ${CONTENDERS[contender]}`);
		if (withTrigger) console.log(`${duration(TRIGGER_SECONDS).padStart(6)}  ${TRIGGER}`);
		for (const name of missions) console.log(`${duration(missionSeconds((one) => one === name)).padStart(6)}  ${name}`);
		return console.log(`${steps.length + Number(withTrigger) + missions.length} runs, about ${duration(total)}`);
	}
	const say = (line: string) => console.error(line);
	const n8n = await installN8n(N8N_CURRENT, say);
	await run(process.execPath, [join(ROOT, 'node_modules', 'gulp', 'bin', 'gulp.js'), 'build'], { cwd: ROOT });
	const sandbox = await Sandbox.start({ port: SANDBOX_PORT, log: join(ROOT, '.cache', 'bench-sandbox.log') });
	const started = Date.now();
	const runs: Measurement[] = [];
	const progress = new Progress(total);
	for (const { scenario, contender, seconds } of steps) {
		progress.show(`${nameOf(scenario)}: ${CONTENDERS[contender]}`);
		runs.push(await measure(scenario, contender, sandbox, join(n8n.script, '..', '..', '..'), seconds));
		progress.advance(seconds);
	}
	const results: Results = { sends: middles(runs) };
	const failures: string[] = [];
	/** A part that fails does not cost the others' figures. */
	const attempt = async (name: string, part: () => Promise<void>) => {
		await part().catch((error: unknown) => failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`));
	};
	if (withTrigger || missions.length > 0) {
		const packed = await packPackage(say);
		const ways = { n8n, packed, sandbox, show: (what: string) => progress.show(what), advance: (seconds: number) => progress.advance(seconds) };
		if (withTrigger) {
			await attempt(TRIGGER, async () => {
				results.load = await measureLoad(packed);
				results.trigger = await benchTrigger(ways);
			});
		}
		if (missions.length > 0) await attempt(MISSION, async () => void (results.mission = await benchMission({ ...ways, isWanted: isWantedMission })));
	}
	progress.end();
	await sandbox.program.stop();

	print(results);
	for (const failure of failures) console.log(`\n${failure}`);
	if (failures.length > 0) process.exitCode = 1;
	if (!options.write || options.only.length > 0 || options.contender.length > 0) return;
	if (failures.length > 0) throw new Error('Nothing is written, since not everything was measured.');
	const command = options.full ? 'npm run bench -- --full' : 'npm run bench';
	await write(results, { command, machine: machine({ n8n: n8n.version }), date: new Date().toISOString().slice(0, 10), minutes: (Date.now() - started) / 60_000 });
}

function print(results: Results): void {
	const { sends, trigger, mission } = results;
	console.log(`\n${[sendsPlain(sends), trigger && triggerPlain(trigger), mission && missionPlain(mission)].filter(Boolean).join('\n\n')}\n`);
	for (const { what, found, reached } of allGoals(results)) console.log(`${reached ? ' yes' : '  NO'}  ${what}: ${found}`);
	for (const { scenario, contender, failed } of sends) if (failed !== undefined) console.log(`\n${nameOf(scenario)}, ${CONTENDERS[contender]}: ${failed}`);
}

/** Writes the pages, their pictures and the README's figures. */
async function write(results: Results, facts: Run): Promise<void> {
	for (const [path, text] of pages(results, facts, await readFile(join(ROOT, 'README.md'), 'utf8'))) {
		await mkdir(dirname(join(ROOT, path)), { recursive: true });
		await writeFile(join(ROOT, path), text);
		console.log(`Written: ${path}`);
	}
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void endAll().finally(() => process.exit(130)));
main()
	.catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	})
	.finally(() => endAll());
