import type { Environment } from '../../../harness/environment.mts';
import { arrivalWorkflowStory } from './arrival-workflow.mts';
import { failedWorkflowStory } from './failed-workflow.mts';
import { nightlyWorkflowStory } from './nightly-workflow.mts';
import type { Steps } from '../steps.mts';

/** The ready-made workflows in a real n8n, every branch. */
export async function workflowsStory(steps: Pick<Steps, 'step'>, environment: Environment): Promise<void> {
	await arrivalWorkflowStory(steps, environment);
	await failedWorkflowStory(steps, environment);
	await nightlyWorkflowStory(steps, environment);
}
