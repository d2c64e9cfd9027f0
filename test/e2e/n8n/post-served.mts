import { post } from '../../../harness/event.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';

const TIMEOUT_MS = 60_000;

/** Posts JSON to a webhook. Retries while n8n returns 404, before workflows are active: nothing has run. */
export async function postServed<T>(url: string, payload: unknown, headers: Record<string, string> = {}): ReturnType<typeof post<T>> {
	return await waitFor({
		what: `n8n to serve ${url}`,
		timeoutMs: TIMEOUT_MS,
		look: async () => {
			const answer = await post<T>(url, payload, headers);
			return answer.status === 404 ? undefined : answer;
		},
	});
}
