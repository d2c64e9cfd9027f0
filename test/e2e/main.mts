import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startHouse } from '../../demo/house.mts';
import { endAll } from '../../demo/leashed.mts';
import { installN8n } from '../../demo/n8n-install.mts';
import { N8N_CURRENT, N8N_OLDER } from '../../demo/n8n-versions.mts';
import { packPackage } from '../../demo/package-pack.mts';
import { DEMO_FOLDER } from '../../demo/paths.mts';
import { agentStory } from './agent-story.mts';
import { browserStory } from './browser-story.mts';
import { demoStory } from './demo-story.mts';
import { installStory } from './install-story.mts';
import { linesStory } from './lines-story.mts';
import { mainStory } from './main-story.mts';
import { networksStory } from './networks-story.mts';
import { namedSteps } from './named-steps.mts';
import { neverTwiceStory } from './never-twice-story.mts';
import { phoneStory } from './phone-story.mts';
import { readmeShowsWhatWasTaken } from './pictures.mts';
import { queueStory } from './queue-story.mts';
import { searchStories, secretsStory } from './secrets-story.mts';
import { Steps } from './steps.mts';
import { templateBrowserStory } from './template-browser-story.mts';
import { triggerStory } from './trigger-story.mts';
import { workflowsStory } from './workflows-story.mts';

const { values } = parseArgs({
	options: {
		screenshots: { type: 'string', default: join(DEMO_FOLDER, 'screenshots') },
		keep: { type: 'boolean', default: false },
		/** One story: phone, main, workflows, browser, templates, agent, twice, trigger, networks, secrets, queue, install, older, install-older or demo; may be given several times. */
		only: { type: 'string', multiple: true },
	},
});
const STORIES = ['phone', 'main', 'workflows', 'browser', 'templates', 'agent', 'twice', 'trigger', 'networks', 'secrets', 'queue', 'install', 'older', 'install-older', 'demo'] as const;
const unknown = values.only?.find((name) => !STORIES.some((story) => story === name));
if (unknown !== undefined) throw new Error(`There is no story "${unknown}"; --only takes ${STORIES.join(', ')}.`);
const wanted = (story: (typeof STORIES)[number]) => values.only?.includes(story) ?? true;
const say = (line: string) => console.log(`      ${line}`);
const runner = new Steps();
const steps = { step: runner.step.bind(runner), mustStep: runner.mustStep.bind(runner) };
const scratch = await mkdtemp(join(tmpdir(), '1msg-e2e-'));
process.once('SIGINT', () => void endAll().then(() => process.exit(130)));
process.once('SIGTERM', () => void endAll().then(() => process.exit(143)));

stories: try {
	if (wanted('phone')) await phoneStory(steps, { folder: join(scratch, 'phone'), screenshots: resolve(values.screenshots) });
	// It alone needs no n8n.
	if (values.only?.every((name) => name === 'phone')) break stories;
	const packed = await steps.mustStep('the package is built and packed', () => packPackage(say));
	const n8n = await steps.mustStep(`n8n ${N8N_CURRENT.version} is installed`, () => installN8n(N8N_CURRENT, say));
	const house = await steps.mustStep('n8n starts with the package, the credential, the table and the workflows', () =>
		startHouse({ folder: join(scratch, 'main'), n8n, packed, channel: undefined, say }),
	);
	if (wanted('main')) await mainStory(steps, house);
	if (wanted('workflows')) await workflowsStory(steps, house);
	if (wanted('browser')) await browserStory(steps, house, resolve(values.screenshots));
	if (wanted('templates')) await templateBrowserStory(steps, house, resolve(values.screenshots));
	if (wanted('browser') && wanted('templates')) {
		await steps.step("the README's pictures are those of this run, in both themes", () => readmeShowsWhatWasTaken(resolve(values.screenshots)));
	}
	if (wanted('agent')) await agentStory(steps, house);
	await steps.step('n8n and the sandbox end when told to', () => house.stop());
	if (wanted('twice')) await neverTwiceStory(steps, { folder: join(scratch, 'never-twice'), n8n, packed });
	if (wanted('trigger')) await triggerStory(steps, { folder: join(scratch, 'trigger'), n8n, packed });
	if (wanted('networks')) await networksStory(steps, { folder: join(scratch, 'networks'), n8n, packed });
	if (wanted('secrets')) await secretsStory(steps, { folder: join(scratch, 'secrets'), n8n, packed });
	if (wanted('queue')) await queueStory(steps, { folder: join(scratch, 'queue'), n8n, packed, say });
	if (wanted('install')) await installStory(steps, { folder: join(scratch, 'install'), n8n, packed });
	if (house.sandbox) await searchStories(steps, scratch, house.sandbox.token);
	// Not searched: the demo, which breaks its folder on purpose, and n8n 1.123, which keeps a copy of the workflow's static data, and so the webhook secret, with each execution.
	if (wanted('demo')) await demoStory(steps, scratch);
	if (wanted('older') || wanted('install-older')) {
		const older = await steps.mustStep(`n8n ${N8N_OLDER.version} is installed`, () => installN8n(N8N_OLDER, say));
		if (wanted('older')) await linesStory(steps, { folder: join(scratch, 'older'), older, newer: n8n, packed });
		if (wanted('install-older')) await installStory(namedSteps(steps, `n8n ${older.version}`), { folder: join(scratch, 'install-older'), n8n: older, packed });
	}
} catch (error) {
	runner.fail(error);
} finally {
	await endAll();
	if (values.keep) console.log(`Kept ${scratch}`);
	else await rm(scratch, { recursive: true, force: true });
}
process.exit(runner.finish());
