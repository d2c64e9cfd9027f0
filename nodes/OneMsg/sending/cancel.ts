import { sleep, type IExecuteFunctions } from 'n8n-workflow';

/** Longest sleep in milliseconds: n8n 1.x's `sleep` does not hear the cancel signal, so it is asked in between. */
const SLICE = 250;

/** How waiting is done inside an execution: it ends soon after the person at n8n cancels. */
export interface Waiting {
	isCancelled: () => boolean;
	sleep: (milliseconds: number) => Promise<void>;
}

export function waitingOf(context: IExecuteFunctions): Waiting {
	const signal = context.getExecutionCancelSignal();
	const isCancelled = () => signal?.aborted === true;
	return {
		isCancelled,
		sleep: async (milliseconds) => {
			const end = Date.now() + milliseconds;
			for (let left = milliseconds; left > 0 && !isCancelled(); left = end - Date.now()) {
				await sleep(Math.min(left, SLICE));
			}
		},
	};
}
