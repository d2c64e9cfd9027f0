import { sleep } from 'n8n-workflow';

/** Messages of one batch that leave before its first answer is in: a refused account or template costs no more. */
const MOST_BEFORE_FIRST_ANSWER = 50;
/** Messages let in at once then: a thousand would hold up the answers that come behind the first. */
const LET_IN_AT_ONCE = 10;

/** Holds a batch back until its first answer has been judged. */
export class FirstAnswers {
	private left = MOST_BEFORE_FIRST_ANSWER;
	private isJudged = false;
	private readonly waiting: Array<() => void> = [];

	/** Resolves at once for the first messages, for the others after the first answer, in their order. */
	async enter(): Promise<void> {
		if (this.left > 0) this.left--;
		else if (!this.isJudged || this.waiting.length > 0) await new Promise<void>((enter) => this.waiting.push(enter));
	}

	/** An answer was judged, or a message came to its end without one. */
	done(): void {
		if (this.isJudged) return;
		this.isJudged = true;
		void this.letIn();
	}

	private async letIn(): Promise<void> {
		while (this.waiting.length > 0) {
			for (const enter of this.waiting.splice(0, LET_IN_AT_ONCE)) enter();
			await sleep(0);
		}
	}
}
