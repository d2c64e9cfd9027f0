import type { SendOutcome } from '../../core/outcome/outcome';
import type { Problem } from '../../core/problem';

/** Refusals by the same HTTP status in a row, with no message taken in between, that show that none can succeed: one alone may be about its own message. */
const SAME_STATUS_IN_A_ROW = 5;

/** What earlier answers have shown: that no further send of this batch can succeed, or none with that template. */
export class Stops {
	private channel: Problem | undefined;
	private readonly templates = new Map<string, Problem>();
	private row = { name: '', length: 0 };

	/** An answer to a message with this template was judged. */
	note(template: string, outcome: SendOutcome): void {
		if (outcome.outcome === 'accepted' || outcome.outcome === 'queued') this.row.length = 0;
		if (outcome.outcome !== 'refused') return;
		// Another answer about another message: the channel does look at them.
		if (!outcome.stops && outcome.problem.action !== 'retryLater') this.row.length = 0;
		if (!outcome.stops) return;
		const { problem, stops } = outcome;
		if (!stops.sure && !this.isRepeated(`${problem.httpCode}|${stops.what === 'template' ? template : ''}`)) return;
		if (stops.what === 'channel') this.channel ??= problem;
		else this.templates.set(template, problem);
	}

	private isRepeated(name: string): boolean {
		this.row = { name, length: this.row.name === name ? this.row.length + 1 : 1 };
		return this.row.length >= SAME_STATUS_IN_A_ROW;
	}

	/** Why a message with this template is not attempted; undefined where nothing speaks against it. */
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
