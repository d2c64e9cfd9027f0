import { sleep, type IExecuteFunctions } from 'n8n-workflow';
import { MAX_SLEEP, type Waiting } from '../../../core/waiting';
import { clock } from '../../../shared/clock';

/** Waits until the execution is cancelled, checked at least every `MAX_SLEEP`. */
export function waitingOf(context: IExecuteFunctions): Waiting {
	const signal = context.getExecutionCancelSignal();
	return waiting(() => signal?.aborted !== true);
}

/** Also ends at `deadline` (milliseconds of `clock`). */
export function waitingUntil(base: Waiting, deadline: () => number): Waiting {
	return waitingWhile(base, () => clock() < deadline());
}

/** Also ends once `goesOn` returns false. */
export function waitingWhile({ isCancelled }: Waiting, goesOn: () => boolean): Waiting {
	return waiting(() => !isCancelled() && goesOn());
}

function waiting(goesOn: () => boolean): Waiting {
	return {
		isCancelled: () => !goesOn(),
		sleep: async (milliseconds) => {
			const end = clock() + milliseconds;
			for (let left = milliseconds; left > 0 && goesOn(); left = end - clock()) {
				// n8n 1.x's `sleep` ignores the cancel signal, so poll it in between.
				await sleep(Math.min(left, MAX_SLEEP));
			}
		},
	};
}
