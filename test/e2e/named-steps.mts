import type { Steps } from './steps.mts';

type Both = Pick<Steps, 'step' | 'mustStep'>;

/** The same steps with a name before each of theirs, for a story that is told more than once. */
export function namedSteps({ step, mustStep }: Both, name: string): Both {
	return {
		step: async (what, work) => await step(`${name}: ${what}`, work),
		mustStep: async (what, work) => await mustStep(`${name}: ${what}`, work),
	};
}
