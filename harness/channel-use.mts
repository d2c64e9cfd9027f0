import type { Sandbox } from './sandbox-program.mts';

/** Seconds between the first and the last of `accepted` messages, skipping the first `from`; 0 for fewer than two. */
export async function acceptingFor(sandbox: Sandbox, accepted: number, from = 0): Promise<number> {
	if (accepted < 2) return 0;
	const [first, last] = await Promise.all([0, accepted - 1].map((index) => acceptedAt(sandbox, from + index)));
	return (last! - first!) / 1000;
}

/**
 * Share of the limit used, from 0 to 1: the minimum time the limit allows, with the first second free, divided by the actual time.
 * Undefined if the limit was never reached.
 */
export function shareOfLimit(accepted: number, limit: number | null, seconds: number): number | undefined {
	if (limit === null || accepted <= limit || seconds === 0) return undefined;
	return (accepted - limit) / limit / seconds;
}

async function acceptedAt(sandbox: Sandbox, index: number): Promise<number> {
	const { messages } = await sandbox.control<{ messages: Array<{ acceptedAt: string }> }>('GET', `messages?offset=${index}&limit=1`);
	return Date.parse(messages[0]!.acceptedAt);
}
