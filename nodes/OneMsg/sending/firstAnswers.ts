import { Gate } from './gate';

/** Messages of a batch sent before its first answer: a refused account or template costs no more. */
const MAX_BEFORE_FIRST_ANSWER = 50;
/** Messages admitted at once after that. */
const BATCH_SIZE = 10;

/** Holds a batch back until its first answer has been judged. */
export class FirstAnswers {
	private left = MAX_BEFORE_FIRST_ANSWER;
	private readonly gate = new Gate(BATCH_SIZE);

	/** Resolves at once for the first messages; for the others after the first answer, in order. */
	async enter(): Promise<void> {
		if (this.left > 0) this.left--;
		else await this.gate.enter();
	}

	/** An answer was judged, or a message ended without one. */
	done(): void {
		this.gate.open();
	}
}
