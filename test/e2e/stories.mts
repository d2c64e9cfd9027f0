import { join } from 'node:path';
import type { House } from '../../demo/house.mts';
import { installN8n, type InstalledN8n } from '../../demo/n8n-install.mts';
import { N8N_OLDER } from '../../demo/n8n-versions.mts';
import type { PackedPackage } from '../../demo/package-pack.mts';
import { agentStory } from './agent-story.mts';
import { browserStory } from './browser-story.mts';
import { demoStory } from './demo-story.mts';
import type { EditorBrowser } from './editor-browser.mts';
import { httpRequestStory } from './http-request-story.mts';
import { installStory } from './install-story.mts';
import { linesStory } from './lines-story.mts';
import { mainStory } from './main-story.mts';
import { moreWorkflowsStory } from './more-workflows-story.mts';
import type { NamedSteps } from './named-steps.mts';
import { networksStory } from './networks-story.mts';
import { neverTwiceStory } from './never-twice-story.mts';
import { phoneStory } from './phone-story.mts';
import { secretsStory } from './secrets-story.mts';
import { templateBrowserStory } from './template-browser-story.mts';
import { triggerStory } from './trigger-story.mts';
import { workflowPicturesStory } from './workflow-pictures-story.mts';
import { workflowsStory } from './workflows-story.mts';

/** What a story with an n8n of its own works with. */
export interface Stage {
	/** Its own. */
	folder: string;
	n8n: InstalledN8n;
	packed: PackedPackage;
	/** Where pictures go. */
	screenshots: string;
	say: (line: string) => void;
}

/** What the stories that share the n8n of the demo work with. */
export interface HouseStage {
	house: House;
	editor: EditorBrowser;
	/** Where pictures go. */
	screenshots: string;
}

/** The stories that share the n8n of the demo, one after the other. */
export const IN_THE_HOUSE: Record<string, (steps: NamedSteps, stage: HouseStage) => Promise<void>> = {
	main: (steps, { house }) => mainStory(steps, house),
	workflows: (steps, { house }) => workflowsStory(steps, house),
	browser: (steps, { house, editor, screenshots }) => browserStory(steps, house, editor, screenshots),
	templates: (steps, { house, editor, screenshots }) => templateBrowserStory(steps, house, editor, screenshots),
	'workflow-pictures': (steps, { house, editor, screenshots }) => workflowPicturesStory(steps, house, editor, join(screenshots, 'workflows')),
	agent: (steps, { house }) => agentStory(steps, house),
};

/** The stories with an n8n of their own, the long ones first: none is left to itself at the end. */
export const ON_THEIR_OWN: Record<string, (steps: NamedSteps, stage: Stage) => Promise<void>> = {
	demo: (steps, { folder }) => demoStory(steps, folder),
	older: async (steps, stage) => await linesStory(steps, { ...stage, older: await older(steps, stage), newer: stage.n8n }),
	'more-workflows': moreWorkflowsStory,
	trigger: triggerStory,
	twice: neverTwiceStory,
	'install-older': async (steps, stage) => await installStory(steps, { ...stage, n8n: await older(steps, stage) }),
	install: installStory,
	secrets: secretsStory,
	networks: networksStory,
	'http-request-older': async (steps, stage) => await httpRequestStory(steps, { ...stage, n8n: await older(steps, stage) }),
	'http-request': httpRequestStory,
};

/** The stories without n8n. */
export const WITHOUT_N8N: Record<string, (steps: NamedSteps, place: Pick<Stage, 'folder' | 'screenshots'>) => Promise<void>> = {
	phone: phoneStory,
};

let olderN8n: Promise<InstalledN8n> | undefined;

/** n8n's older line, installed once however many stories ask for it at a time. */
async function older({ mustStep }: NamedSteps, { say }: Stage): Promise<InstalledN8n> {
	return await mustStep(`n8n ${N8N_OLDER.version} is installed`, async () => await (olderN8n ??= installN8n(N8N_OLDER, say)));
}
