import { join } from 'node:path';
import type { Environment } from '../../harness/environment.mts';
import { installN8n, type InstalledN8n } from '../../harness/n8n/install.mts';
import { N8N_OLDER } from '../../harness/n8n/versions.mts';
import type { PackedPackage } from '../../harness/package/pack.mts';
import { agentStory } from './stories/agent.mts';
import { browserStory } from './stories/browser.mts';
import { customerWithoutPhoneStory } from './stories/customer-without-phone.mts';
import { demoStory } from './stories/demo.mts';
import type { EditorBrowser } from './browser/editor-browser.mts';
import { firstEveningStory } from './stories/first-evening.mts';
import { gatheringStory } from './stories/gathering.mts';
import { gatheringQueueStory } from './stories/gathering-queue.mts';
import { httpRequestStory } from './stories/http-request.mts';
import { installStory } from './stories/install.mts';
import { linesStory } from './stories/lines.mts';
import { logRowsStory } from './stories/log-rows.mts';
import { mainStory } from './stories/main.mts';
import { moreWorkflowsStory } from './stories/more-workflows.mts';
import type { NamedSteps } from './named-steps.mts';
import { nightlyRepairStory } from './stories/nightly-repair.mts';
import { networksStory } from './stories/networks.mts';
import { neverTwiceStory } from './stories/never-twice.mts';
import { phoneStory } from './stories/phone.mts';
import { questionsStory } from './stories/questions.mts';
import { secretsStory } from './stories/secrets.mts';
import { startersStory } from './stories/starters.mts';
import { templateBrowserStory } from './stories/template-browser.mts';
import { triggerStory } from './stories/trigger.mts';
import { workflowPicturesStory } from './stories/workflow-pictures.mts';
import { workflowsStory } from './stories/workflows.mts';

/** Context of a story with its own n8n. */
export interface Stage {
	/** The story's own. */
	folder: string;
	n8n: InstalledN8n;
	packed: PackedPackage;
	/** Folder for screenshots. */
	screenshots: string;
	say: (line: string) => void;
}

/** Context of the stories that share the demo's n8n. */
export interface SharedStage {
	environment: Environment;
	editor: EditorBrowser;
	/** Folder for screenshots. */
	screenshots: string;
}

/** Stories that share the demo's n8n, in order. */
export const IN_SHARED_ENVIRONMENT: Record<string, (steps: NamedSteps, stage: SharedStage) => Promise<void>> = {
	main: (steps, { environment }) => mainStory(steps, environment),
	workflows: (steps, { environment }) => workflowsStory(steps, environment),
	browser: (steps, { environment, editor, screenshots }) => browserStory(steps, environment, editor, screenshots),
	templates: (steps, { environment, editor, screenshots }) => templateBrowserStory(steps, environment, editor, screenshots),
	'workflow-pictures': (steps, { environment, editor, screenshots }) => workflowPicturesStory(steps, environment, editor, join(screenshots, 'workflows')),
	agent: (steps, { environment }) => agentStory(steps, environment),
};

/** Stories with their own n8n, longest first, so that none runs alone at the end. */
export const ON_THEIR_OWN: Record<string, (steps: NamedSteps, stage: Stage) => Promise<void>> = {
	demo: (steps, { folder }) => demoStory(steps, folder),
	older: async (steps, stage) => await linesStory(steps, { ...stage, older: await older(steps, stage), newer: stage.n8n }),
	starters: startersStory,
	'more-workflows': moreWorkflowsStory,
	gathering: gatheringStory,
	'nightly-repair': nightlyRepairStory,
	questions: questionsStory,
	trigger: triggerStory,
	'gathering-queue': gatheringQueueStory,
	'customer-without-phone': customerWithoutPhoneStory,
	twice: neverTwiceStory,
	'log-rows': logRowsStory,
	'install-older': async (steps, stage) => await installStory(steps, { ...stage, n8n: await older(steps, stage) }),
	install: installStory,
	evening: firstEveningStory,
	secrets: secretsStory,
	networks: networksStory,
	'http-request-older': async (steps, stage) => await httpRequestStory(steps, { ...stage, n8n: await older(steps, stage) }),
	'http-request': httpRequestStory,
};

/** Stories without n8n. */
export const WITHOUT_N8N: Record<string, (steps: NamedSteps, folders: Pick<Stage, 'folder' | 'screenshots'>) => Promise<void>> = {
	phone: phoneStory,
};

let olderN8n: Promise<InstalledN8n> | undefined;

/** n8n's older line, installed once for all stories. */
async function older({ mustStep }: NamedSteps, { say }: Stage): Promise<InstalledN8n> {
	return await mustStep(`n8n ${N8N_OLDER.version} is installed`, async () => await (olderN8n ??= installN8n(N8N_OLDER, say)));
}
