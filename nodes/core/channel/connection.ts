import { z } from 'zod';
import { looseText, parseJson } from '../json';

/** Whether a channel can send now (1msg-api.md, section 7). */
export interface Connection {
	/** connected, connecting, disconnected, uninitialized, unregistered, or any other word of the service; `unknown` if it gives none. */
	status: string;
	isConnected: boolean;
	accountStatus: string | null;
	/** Whether marketing templates can use Marketing Messages Lite; null if the service does not say. */
	marketingMessagesLite: boolean | null;
	/** What to do; null if connected. */
	advice: string | null;
}

const ADVICE = new Map([
	['connecting', 'Try again in a minute.'],
	['disconnected', 'Connect the channel in the 1MSG dashboard.'],
	['uninitialized', 'Finish setting up the channel in the 1MSG dashboard.'],
	['unregistered', "Register the channel's number in the 1MSG dashboard."],
]);

const answer = z.object({
	status: looseText,
	accountStatus: looseText,
	mm_lite_available: z.boolean().nullish().catch(null),
});

/** Parses the answer to `GET /status`. */
export function readConnection(text: string): Connection {
	const body = answer.safeParse(parseJson(text)).data;
	const status = body?.status.trim().toLowerCase() || 'unknown';
	const isConnected = status === 'connected';
	return {
		status,
		isConnected,
		accountStatus: body?.accountStatus || null,
		marketingMessagesLite: body?.mm_lite_available ?? null,
		advice: isConnected ? null : (ADVICE.get(status) ?? 'Check the channel in the 1MSG dashboard.'),
	};
}
