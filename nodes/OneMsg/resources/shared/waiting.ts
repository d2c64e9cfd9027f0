import { sleep, type IExecuteFunctions } from 'n8n-workflow';
import { clock } from '../../../shared/clock';

/** Longest sleep in milliseconds: n8n 1.x's `sleep` does not hear the cancel signal, so it is asked in between. */
const SLICE = 250;

/** How waiting is done inside an execution: it ends soon after the person at n8n cancels. */
export interface Waiting {
	isCancelled: () => boolean;
	sleep: (milliseconds: number) => Promise<void>;
}

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
				await sleep(Math.min(left, SLICE));
			}
		},
	};
}
