import type { SendOutcome } from '../../core/outcome/outcome';
import type { Problem } from '../../core/problem';

/** Consecutive refusals with the same HTTP status, nothing accepted in between, that stop a batch: a single one may concern only its message. */
const SAME_STATUS_IN_A_ROW = 5;

/** Whether earlier answers show that no further send of this batch can succeed, or none with that template. */
export class BatchStop {
	private channel: Problem | undefined;
	private readonly templates = new Map<string, Problem>();
	private streak = { name: '', length: 0 };

	/** An answer to a message with this template was judged. */
	note(template: string, outcome: SendOutcome): void {
		if (outcome.outcome === 'accepted' || outcome.outcome === 'queued') this.streak.length = 0;
		if (outcome.outcome !== 'refused') return;
		// A different refusal: the channel does look at each message.
		if (!outcome.stops && outcome.problem.action !== 'retryLater') this.streak.length = 0;
		if (!outcome.stops) return;
		const { problem, stops } = outcome;
		if (!stops.sure && !this.isRepeated(`${problem.httpCode}|${stops.what === 'template' ? template : ''}`)) return;
		if (stops.what === 'channel') this.channel ??= problem;
		else this.templates.set(template, problem);
	}

	private isRepeated(name: string): boolean {
		this.streak = { name, length: this.streak.name === name ? this.streak.length + 1 : 1 };
		return this.streak.length >= SAME_STATUS_IN_A_ROW;
	}

	/** Why a message with this template is not attempted; undefined if it may be. */
	reason(template: string): Problem | undefined {
		const cause = this.channel ?? this.templates.get(template);
		if (!cause) return undefined;
		return {
			...cause,
			code: 'not-attempted',
			message: `Not attempted, because no send can succeed now. ${cause.message}`,
			httpCode: null,
			retryAfter: null,
		};
	}
}
