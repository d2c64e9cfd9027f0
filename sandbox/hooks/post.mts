import { Agent, request } from 'undici';

/** A webhook URL's response to a POST. */
export interface PostResult {
	status: number | null;
	error: string | null;
}

/** Posts payloads over keep-alive connections. */
export class HookPoster {
	#agent = new Agent({ keepAliveTimeout: 4000, connect: { timeout: 5000 } });

	/** Posts JSON text. Never throws: `error` says why there is no response. Does not follow redirects. */
	async post(url: string, body: string, timeoutMs: number): Promise<PostResult> {
		try {
			const answer = await request(url, {
				method: 'POST',
				headers: { 'content-type': 'application/json', 'user-agent': '1msg-sandbox' },
				body,
				dispatcher: this.#agent,
				signal: AbortSignal.timeout(timeoutMs),
			});
			await answer.body.dump();
			return { status: answer.statusCode, error: null };
		} catch (error) {
			return { status: null, error: error instanceof Error ? error.message : String(error) };
		}
	}

	async close(): Promise<void> {
		await this.#agent.destroy();
	}
}
