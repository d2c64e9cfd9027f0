import type { House } from '../../demo/house.mts';
import { arrivalWorkflowStory } from './arrival-workflow-story.mts';
import { failedWorkflowStory } from './failed-workflow-story.mts';
import { nightlyWorkflowStory } from './nightly-workflow-story.mts';
import type { Steps } from './steps.mts';

/** The ready-made workflows in a real n8n, each through every branch. */
export async function workflowsStory(steps: Pick<Steps, 'step'>, house: House): Promise<void> {
	await arrivalWorkflowStory(steps, house);
	await failedWorkflowStory(steps, house);
	await nightlyWorkflowStory(steps, house);
}
