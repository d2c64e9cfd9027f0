import { Gate } from './gate';

/** Messages of one batch that leave before its first answer is in: a refused account or template costs no more. */
const MAX_BEFORE_FIRST_ANSWER = 50;
/** Messages let in at once then. */
const LET_IN_AT_ONCE = 10;

/** Holds a batch back until its first answer has been judged. */
export class FirstAnswers {
	private left = MAX_BEFORE_FIRST_ANSWER;
	private readonly gate = new Gate(LET_IN_AT_ONCE);

	/** Resolves at once for the first messages, for the others after the first answer, in their order. */
	async enter(): Promise<void> {
		if (this.left > 0) this.left--;
		else await this.gate.enter();
	}

	/** An answer was judged, or a message came to its end without one. */
	done(): void {
		this.gate.open();
	}
}
