import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import type { PackedPackage } from '../../../harness/package/pack.mts';
import { startAlone } from '../n8n/alone.mts';
import { crmFollowUpStory } from './crm-follow-up.mts';
import { templateOnboardingStory } from './template-onboarding.mts';
import type { Steps } from '../steps.mts';
import { waitingListStory } from './waiting-list.mts';

export interface MoreOptions {
	/** The story's own: n8n's user folder and the logs. */
	folder: string;
	n8n: InstalledN8n;
	packed: PackedPackage;
}

/** The waiting list, CRM follow-up and template onboarding, every branch, in their own n8n. */
export async function moreWorkflowsStory(steps: Pick<Steps, 'step' | 'mustStep'>, { folder, n8n, packed }: MoreOptions): Promise<void> {
	const alone = await steps.mustStep('an n8n of their own starts', async () => await startAlone({ folder, n8n, packed }));
	try {
		await templateOnboardingStory(steps, alone);
		await waitingListStory(steps, alone);
		await crmFollowUpStory(steps, alone);
	} finally {
		await steps.step('n8n and the sandbox end when told to', () => alone.stop());
	}
}
