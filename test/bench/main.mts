/** `npm run bench`: compares this node with n8n's HTTP Request node and sequential sending, and the trigger with other triggers. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endAll } from '../../harness/process/supervised.mts';
import { installN8n } from '../../harness/n8n/install.mts';
import { N8N_CURRENT } from '../../harness/n8n/versions.mts';
import { packPackage } from '../../harness/package/pack.mts';
import { ROOT } from '../../harness/paths.mts';
import { run } from '../../harness/process/run.mts';
import { Sandbox } from '../../harness/sandbox-program.mts';
import { goals } from './goals.mts';
import { loadGoals, loadReport, measureLoad, type LoadMeasurement } from './load.mts';
import { measure, type Measurement } from './measure.mts';
import { benchMission, MISSION_NAMES, missionSeconds, type MissionMeasurements } from './mission/bench.mts';
import { missionGoals } from './mission/goals.mts';
import { missionPlain, missionReport } from './mission/report.mts';
import { middles } from './middles.mts';
import { duration, Progress } from './progress.mts';
import { machine, report } from './report.mts';
import { CHOSEN, CONTENDERS, FULL, nameOf, roundsFor, secondsFor, type Contender, type Scenario } from './scenarios.mts';
import { plain } from './table.mts';
import { benchTrigger, TRIGGER, TRIGGER_SECONDS, type TriggerMeasurements } from './trigger/bench.mts';
import { triggerGoals } from './trigger/goals.mts';
import { triggerPlain, triggerReport } from './trigger/report.mts';

const DOCUMENT = join(ROOT, 'docs', 'benchmarks.md');
const SANDBOX_PORT = 8390;

const HELP = `Usage: npm run bench [-- options]

  --full          everything: every limit, latency and number of items (see --list for how long)
  --only TEXT     scenarios whose name contains TEXT, such as "80 per second", "trigger", or "mission 1,000 at 80"; may be given more than once
  --contender X   only ${Object.keys(CONTENDERS).join(', ')}; may be given more than once
  --no-write      print the table, leave docs/benchmarks.md as it is (so it is with --only and --contender)
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
	let trigger: TriggerMeasurements | undefined;
	let load: LoadMeasurement | undefined;
	if (withTrigger) {
		const packed = await packPackage(say);
		load = await measureLoad(packed);
		trigger = await benchTrigger({ n8n, packed, sandbox, show: (what) => progress.show(what), advance: (seconds) => progress.advance(seconds) });
	}
	let mission: MissionMeasurements | undefined;
	if (missions.length > 0) {
		const packed = await packPackage(say);
		mission = await benchMission({ n8n, packed, sandbox, isWanted: isWantedMission, show: (what) => progress.show(what), advance: (seconds) => progress.advance(seconds) });
	}
	progress.end();
	await sandbox.program.stop();
	const measurements = middles(runs);

	console.log(`\n${[plain(measurements), trigger && triggerPlain(trigger), mission && missionPlain(mission)].filter(Boolean).join('\n\n')}\n`);
	for (const { scenario, contender, failed } of measurements) if (failed !== undefined) console.log(`${nameOf(scenario)}, ${CONTENDERS[contender]}: ${failed}\n`);
	const all = [...goals(measurements), ...(trigger ? triggerGoals(trigger) : []), ...(load ? loadGoals(load) : []), ...(mission ? missionGoals(mission) : [])];
	for (const { what, found, reached } of all) console.log(`${reached ? ' yes' : '  NO'}  ${what}: ${found}`);
	if (!options.write || options.only.length > 0 || options.contender.length > 0) return;
	await mkdir(join(ROOT, 'docs'), { recursive: true });
	const command = options.full ? 'npm run bench -- --full' : 'npm run bench';
	const facts = { command, machine: machine({ n8n: n8n.version }), date: new Date().toISOString().slice(0, 10), minutes: (Date.now() - started) / 60_000 };
	await writeFile(DOCUMENT, [report(measurements, facts), trigger && triggerReport(trigger), load && loadReport(load), mission && missionReport(mission)].filter(Boolean).join('\n'));
	console.log(`\nWritten to ${DOCUMENT}.`);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void endAll().finally(() => process.exit(130)));
main()
	.catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	})
	.finally(() => endAll());
