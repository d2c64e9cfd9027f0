import { cpus, release, totalmem, type } from 'node:os';
import type { Goal } from './goal.mts';
import { loadGoals } from './load.mts';
import { goalsTable } from './markdown.mts';
import { goalsMeaning, hooksMeaning, missionMeaning, sendsMeaning } from './meaning.mts';
import { missionGoals } from './mission/goals.mts';
import { missionReport } from './mission/report.mts';
import { draw, THEMES, type Picture, type Theme } from './picture.mts';
import { hooksPicture, missionPicture, sendsPicture } from './pictures.mts';
import type { Results } from './results.mts';
import { sendsGoals } from './sends/goals.mts';
import { sendsReport } from './sends/report.mts';
import { triggerGoals } from './trigger/goals.mts';
import { triggerReport } from './trigger/report.mts';

/** When and where the measurements were made. */
export interface Run {
	command: string;
	machine: string;
	/** YYYY-MM-DD. */
	date: string;
	minutes: number;
}

const MADE = 'Made by `npm run bench`; do not edit.';

/** Description of the machine. */
export function machine(versions: { n8n: string }): string {
	const all = cpus();
	return `${type()} ${release()}, ${all.length} x ${all[0]?.model.trim() || 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB memory, Node ${process.versions.node}, nodes and engine of n8n ${versions.n8n}`;
}

/** All goals, and whether they were met. */
export function allGoals({ mission, sends, trigger, load }: Results): Goal[] {
	return [...(mission ? missionGoals(mission) : []), ...sendsGoals(sends), ...(trigger ? triggerGoals(trigger) : []), ...(load ? loadGoals(load) : [])];
}

/** What a reader of the README should see at a glance: a sentence and its picture. */
interface Claim {
	/** Of the picture's files. */
	name: string;
	sentences: string[];
	picture: Picture;
}

function claims({ mission, sends, trigger }: Results): Claim[] {
	return [
		...(mission ? [{ name: 'mission', sentences: missionMeaning(mission), picture: missionPicture(mission) }] : []),
		{ name: 'sends', sentences: sendsMeaning(sends), picture: sendsPicture(sends) },
		...(trigger ? [{ name: 'hooks', sentences: hooksMeaning(trigger), picture: hooksPicture(trigger) }] : []),
	];
}

/** The pages and their pictures: path in the repository, and text. `readme` is the README as it is. */
export function pages(results: Results, run: Run, readme: string): Map<string, string> {
	const { mission, sends, trigger } = results;
	const files = new Map([
		['README.md', withClaims(readme, results)],
		['docs/benchmarks.md', overview(results, run)],
		['docs/benchmarks/sends.md', page('Benchmarks: sending', sendsReport(sends), run)],
	]);
	if (mission) files.set('docs/benchmarks/mission.md', page('Benchmarks: from event to log', missionReport(mission), run));
	if (trigger) files.set('docs/benchmarks/hooks.md', page('Benchmarks: what comes back', triggerReport(trigger), run));
	for (const { name, picture } of claims(results)) for (const theme of THEMES) files.set(`docs/images/${fileOf(name, theme)}`, draw(picture, theme));
	return files;
}

const [BEGIN, END] = ['<!-- Written by "npm run bench" -->', '<!-- Until here -->'];

/** The README with the first sentence of each claim, and its picture, between the two marks. Throws if it lacks them. */
function withClaims(readme: string, results: Results): string {
	const [before, after] = [readme.indexOf(BEGIN), readme.indexOf(END)];
	if (before < 0 || after < before) throw new Error(`README.md has no place between ${BEGIN} and ${END}.`);
	const parts = claims(results).flatMap(({ name, sentences, picture }) => [...sentences.slice(0, 1), pictureOf(name, picture, 'docs/images')]);
	return [readme.slice(0, before) + BEGIN, ...parts, readme.slice(after)].join('\n\n');
}

function overview(results: Results, run: Run): string {
	const { mission, trigger, load } = results;
	const all = claims(results);
	const lines = [...all.flatMap(({ sentences }) => sentences), goalsMeaning(allGoals(results))];
	return [
		'# Benchmarks', '',
		`${MADE} ${ranOn(run)}`, '',
		'## What it means', '',
		...lines.map((line) => `- ${line}`), '',
		...all.flatMap(({ name, picture }) => [pictureOf(name, picture, 'images'), '']),
		'## The tables behind it', '',
		...(mission ? ['- [From event to log](benchmarks/mission.md): one event for many customers in a real n8n, until the log is complete, beside n8n\'s own nodes.'] : []),
		'- [Sending](benchmarks/sends.md): beside HTTP Request, at several limits, latencies and numbers of messages.',
		...(trigger ? ['- [What comes back](benchmarks/hooks.md): delivery reports beside other triggers, memory, and the trigger alone.'] : []),
		...(load ? ['', '## Loading', '', goalsTable(loadGoals(load))] : []),
		'',
	].join('\n');
}

function ranOn({ command, date, minutes, machine }: Run): string {
	return `Run with \`${command}\` on ${date}, in ${minutes.toFixed(1)} minutes. Machine: ${machine}.`;
}

function fileOf(name: string, theme: Theme): string {
	return `bench-${name}-${theme}.svg`;
}

/** A picture in both themes, in Markdown. */
function pictureOf(name: string, { title }: Picture, folder: string): string {
	const [light, dark] = THEMES.map((theme) => `${folder}/${fileOf(name, theme)}`);
	return ['<picture>', `  <source media="(prefers-color-scheme: dark)" srcset="${dark}">`, `  <img alt="${title}" src="${light}">`, '</picture>'].join('\n');
}

/** A page of docs/benchmarks. */
function page(title: string, report: string, run: Run): string {
	return `# ${title}\n\n${MADE} [What it means](../benchmarks.md#what-it-means). ${ranOn(run)}\n\n${report.trimEnd()}\n`;
}
