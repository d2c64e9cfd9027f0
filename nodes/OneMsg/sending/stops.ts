import type { Problem } from '../../core/problem';

/** What an earlier answer has shown: that no further send of this batch can succeed, or none with that template. */
export class Stops {
	private channel: Problem | undefined;
	private readonly templates = new Map<string, Problem>();

	note(what: 'channel' | 'template', template: string, problem: Problem): void {
		if (what === 'channel') this.channel ??= problem;
		else this.templates.set(template, problem);
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
