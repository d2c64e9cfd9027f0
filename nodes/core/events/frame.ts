/** What a body says of all its events. */
export interface Frame {
	channelId: string | null;
	/** ISO 8601 UTC. */
	receivedAt: string;
}

/** Fields of every event. */
export interface EventFrame {
	channelId: string | null;
	/** ISO 8601 UTC; null if the service gave no time. */
	occurredAt: string | null;
	receivedAt: string;
	/** The original entry; null if nested deeper than `MAX_LEVELS`. */
	raw: unknown;
}

/** Maximum nesting of an entry that is passed on; n8n cannot save data nested thousands of levels deep. */
export const MAX_LEVELS = 100;

/** The fields of every event, last in its item. */
export function framed({ channelId, receivedAt }: Frame, occurredAt: string | null, element: unknown): EventFrame {
	return { channelId, occurredAt, receivedAt, raw: rawOf(element) };
}

/** The entry itself, null if it is nested too deeply to be passed on. */
function rawOf(element: unknown): unknown {
	return isDeeperThan(element, MAX_LEVELS) ? null : element;
}

function isDeeperThan(value: unknown, levels: number): boolean {
	if (value === null || typeof value !== 'object') return false;
	if (levels === 0) return true;
	for (const name in value) {
		if (isDeeperThan((value as Record<string, unknown>)[name], levels - 1)) return true;
	}
	return false;
}
