import { z } from 'zod';
import { looseText, parseJson } from '../json';

/** Whether a channel can send now (1msg-api.md, section 7). */
export interface Connection {
	/** connected, connecting, disconnected, uninitialized, unregistered, or what else the service says; `unknown` where it says nothing. */
	status: string;
	isConnected: boolean;
	accountStatus: string | null;
	/** Whether marketing templates can take the Marketing Messages Lite path; null where the service does not tell. */
	marketingMessagesLite: boolean | null;
	/** What to do; null for a connected channel. */
	advice: string | null;
}

const ADVICE = new Map([
	['connecting', 'Try again in a minute.'],
	['disconnected', 'Connect the channel in the 1MSG dashboard.'],
	['uninitialized', 'Finish the set-up of the channel in the 1MSG dashboard.'],
	['unregistered', 'Register the number of the channel in the 1MSG dashboard.'],
]);

const answer = z.object({
	status: looseText,
	accountStatus: looseText,
	mm_lite_available: z.boolean().nullish().catch(null),
});

/** Reads the answer to `GET /status`. */
export function readConnection(text: string): Connection {
	const body = answer.safeParse(parseJson(text)).data;
	const status = body?.status.trim().toLowerCase() || 'unknown';
	const isConnected = status === 'connected';
	return {
		status,
		isConnected,
		accountStatus: body?.accountStatus || null,
		marketingMessagesLite: body?.mm_lite_available ?? null,
		advice: isConnected ? null : (ADVICE.get(status) ?? 'Look at the channel in the 1MSG dashboard.'),
	};
}
