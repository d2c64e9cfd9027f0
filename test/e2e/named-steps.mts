import type { Steps } from './steps.mts';

/** Step functions of a story. */
export type NamedSteps = Pick<Steps, 'step' | 'mustStep'>;

/** Prefixes step names with the story's, unless present: stories run in parallel, and some repeatedly. */
export function namedSteps(steps: NamedSteps, name: string): NamedSteps {
	const prefix = `${name.replaceAll('-', ' ')}: `;
	const named = (what: string) => (what.startsWith(prefix) ? what : prefix + what);
	return {
		step: async (what, work) => await steps.step(named(what), work),
		mustStep: async (what, work) => await steps.mustStep(named(what), work),
	};
}
