import type { Sandbox } from './sandbox-program.mts';

/** Seconds from the first of so many messages that the sandbox accepted to the last, `from` others having come before; 0 for fewer than two. */
export async function acceptingFor(sandbox: Sandbox, accepted: number, from = 0): Promise<number> {
	if (accepted < 2) return 0;
	const [first, last] = await Promise.all([0, accepted - 1].map((place) => acceptedAt(sandbox, from + place)));
	return (last! - first!) / 1000;
}

/**
 * The part of a limit that was used, from 0 to 1: the shortest time that the limit allows, its first second being free, divided by the time taken.
 * Undefined where the limit could not be felt.
 */
export function shareOfLimit(accepted: number, limit: number | null, seconds: number): number | undefined {
	if (limit === null || accepted <= limit || seconds === 0) return undefined;
	return (accepted - limit) / limit / seconds;
}

async function acceptedAt(sandbox: Sandbox, place: number): Promise<number> {
	const { messages } = await sandbox.control<{ messages: Array<{ acceptedAt: string }> }>('GET', `messages?offset=${place}&limit=1`);
	return Date.parse(messages[0]!.acceptedAt);
}
