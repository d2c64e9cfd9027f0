import { sleep, type IExecuteFunctions } from 'n8n-workflow';
import { MAX_SLEEP, type Waiting } from '../../../core/pacing/waiting';
import { clock } from '../../../shared/clock';

/** How an execution waits: until soon after the person at n8n cancels. */
export function waitingOf(context: IExecuteFunctions): Waiting {
	const signal = context.getExecutionCancelSignal();
	return waiting(() => signal?.aborted !== true);
}

/** The same, which is also over at `deadline` (milliseconds of `clock`). */
export function waitingUntil(base: Waiting, deadline: () => number): Waiting {
	return waitingWhile(base, () => clock() < deadline());
}

/** The same, which is also over once `goesOn` says no. */
export function waitingWhile({ isCancelled }: Waiting, goesOn: () => boolean): Waiting {
	return waiting(() => !isCancelled() && goesOn());
}

function waiting(goesOn: () => boolean): Waiting {
	return {
		isCancelled: () => !goesOn(),
		sleep: async (milliseconds) => {
			const end = clock() + milliseconds;
			for (let left = milliseconds; left > 0 && goesOn(); left = end - clock()) {
				// n8n 1.x's `sleep` does not hear the cancel signal, so it is asked in between.
				await sleep(Math.min(left, MAX_SLEEP));
			}
		},
	};
}
