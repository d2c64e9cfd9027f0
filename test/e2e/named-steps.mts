import type { Steps } from './steps.mts';

/** How a story runs its steps. */
export type NamedSteps = Pick<Steps, 'step' | 'mustStep'>;

/** The same steps with a name before each of theirs that does not bear it yet: several stories are told at once, and some more than once. */
export function namedSteps(steps: NamedSteps, name: string): NamedSteps {
	const prefix = `${name.replaceAll('-', ' ')}: `;
	const named = (what: string) => (what.startsWith(prefix) ? what : prefix + what);
	return {
		step: async (what, work) => await steps.step(named(what), work),
		mustStep: async (what, work) => await steps.mustStep(named(what), work),
	};
}
