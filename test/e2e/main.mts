import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { startEnvironment } from '../../harness/environment.mts';
import { endAll } from '../../harness/process/supervised.mts';
import { installN8n } from '../../harness/n8n/install.mts';
import { N8N_CURRENT } from '../../harness/n8n/versions.mts';
import { packPackage } from '../../harness/package/pack.mts';
import { DEMO_FOLDER } from '../../harness/paths.mts';
import { EditorBrowser } from './browser/editor-browser.mts';
import { namedSteps, type NamedSteps } from './named-steps.mts';
import { pageShowsWhatWasTaken } from './browser/pictures.mts';
import { queueStory } from './stories/queue.mts';
import { searchStories } from './stories/secrets.mts';
import { twoWaysStory } from './stories/two-ways.mts';
import { Steps } from './steps.mts';
import { IN_SHARED_ENVIRONMENT, ON_THEIR_OWN, WITHOUT_N8N, type Stage } from './stories.mts';

/** Parallel stories: one processor per n8n. */
const AT_A_TIME = 2;

const { values } = parseArgs({
	options: {
		screenshots: { type: 'string', default: join(DEMO_FOLDER, 'screenshots') },
		keep: { type: 'boolean', default: false },
		/** One story: queue, two-ways, or one from stories.mts; repeatable. */
		only: { type: 'string', multiple: true },
	},
});
const screenshots = resolve(values.screenshots);
const STORIES = ['queue', 'two-ways', ...[IN_SHARED_ENVIRONMENT, ON_THEIR_OWN, WITHOUT_N8N].flatMap(Object.keys)];
const unknown = values.only?.find((name) => !STORIES.includes(name));
if (unknown !== undefined) throw new Error(`There is no story "${unknown}"; --only takes ${STORIES.join(', ')}.`);
const wanted = (story: string) => values.only?.includes(story) ?? true;
const wantedOf = <Story,>(stories: Record<string, Story>) => Object.entries(stories).filter(([name]) => wanted(name));

const runner = new Steps();
const scratch = await mkdtemp(join(tmpdir(), '1msg-e2e-'));
process.once('exit', () => {
	// Ending processes still write briefly.
	if (!values.keep) rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
	process.once(signal, () => {
		runner.abandon();
		void endAll().then(() => process.exit(code));
	});
}

/** Runs a story; others continue if it ends early. */
async function tell(name: string, story: (steps: NamedSteps, folder: string) => Promise<void>): Promise<void> {
	await story(namedSteps(runner, name), join(scratch, name)).catch((error: unknown) => runner.fail(error, name));
}

/** The stories of the shared environment, in order: some build on the previous one. */
async function tellInSharedEnvironment(stage: Omit<Stage, 'folder' | 'say'>): Promise<void> {
	const stories = wantedOf(IN_SHARED_ENVIRONMENT);
	if (stories.length === 0) return;
	await tell('environment', async ({ step, mustStep }, folder) => {
		const say = (line: string) => runner.say(line, 'environment');
		const environment = await mustStep('n8n starts with the package, the credential, the table and the workflows', () => startEnvironment({ ...stage, folder, advanced: true, channel: undefined, say }));
		const editor = new EditorBrowser(environment);
		for (const [name, story] of stories) await tell(name, (steps) => story(steps, { environment, editor, screenshots }));
		await editor.close();
		if (wanted('browser') && wanted('templates')) {
			await step("the README's pictures are those of this run, in both themes", () => pageShowsWhatWasTaken('README.md', screenshots, 'workflow-'));
		}
		await step('n8n and the sandbox end when told to', () => environment.stop());
	});
}

await tell('all', async ({ step, mustStep }) => {
	const say = (line: string) => runner.say(line, 'all');
	const needsN8n = STORIES.some((name) => wanted(name) && !(name in WITHOUT_N8N));
	const limit = pLimit(AT_A_TIME);
	const withoutN8n = () => wantedOf(WITHOUT_N8N).map(([name, story]) => limit(() => tell(name, (steps, folder) => story(steps, { folder, screenshots }))));
	if (!needsN8n) return void (await Promise.all(withoutN8n()));

	const packed = await mustStep('the package is built and packed', () => packPackage(say));
	const n8n = await mustStep(`n8n ${N8N_CURRENT.version} is installed`, () => installN8n(N8N_CURRENT, say));
	const stage = { n8n, packed, screenshots };
	const toldWith = (name: string, story: (steps: NamedSteps, stage: Stage) => Promise<void>) =>
		tell(name, (steps, folder) => story(steps, { ...stage, folder, say: (line) => runner.say(line, name) }));

	// First, since it measures its use of the channel's limit. Stories without n8n run while its n8n starts.
	const quiet = Promise.all(withoutN8n());
	const allIsSent = Promise.withResolvers<void>();
	const queue = wanted('queue') ? toldWith('queue', (steps, folders) => queueStory(steps, { ...folders, quiet, allIsSent: allIsSent.resolve })) : undefined;
	await Promise.all([Promise.race([queue, allIsSent.promise]), quiet]);
	// It needs the machine for itself: what else runs would slow down the answers that it counts.
	if (wanted('two-ways')) await toldWith('two-ways', twoWaysStory);
	await Promise.all([
		queue,
		limit(() => tellInSharedEnvironment(stage)),
		...wantedOf(ON_THEIR_OWN).map(([name, story]) => limit(() => toldWith(name, story))),
	]);
	await searchStories({ step }, scratch);
});

await endAll();
if (values.keep) console.log(`Kept ${scratch}`);
process.exit(runner.finish());
