/** Which fields the events have, besides those of every event. */
export interface EventShape {
	/** The original entry as `raw`. Without it, nothing keeps the entry alive. */
	raw: boolean;
	/** The time of a status under the name that Get Message Status gives it, such as `deliveredAt`. */
	statusTimes: boolean;
}

/** What a body says of all its events. */
export interface Frame {
	channelId: string | null;
	/** ISO 8601 UTC. */
	receivedAt: string;
	shape: EventShape;
}

/** Fields of every event. */
export interface EventFrame {
	channelId: string | null;
	/** ISO 8601 UTC; null if the service gave no time. */
	occurredAt: string | null;
	receivedAt: string;
	/** The original entry, if wanted; null if nested deeper than `MAX_LEVELS`. */
	raw?: unknown;
}

/** Maximum nesting of an entry that is passed on; n8n cannot save data nested thousands of levels deep. */
export const MAX_LEVELS = 100;

/** The fields of every event, last in its item. */
export function framed({ channelId, receivedAt, shape }: Frame, occurredAt: string | null, element: unknown): EventFrame {
	return shape.raw ? { channelId, occurredAt, receivedAt, raw: rawOf(element) } : { channelId, occurredAt, receivedAt };
}

/** The entry itself, null if it is nested too deeply to be passed on. */
export function rawOf(element: unknown): unknown {
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
