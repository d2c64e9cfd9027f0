import type { Settings } from '../state/settings.mts';

/** A status to come. `afterMs` after acceptance it is announced, `happensMs` is the time it bears. */
export interface PlannedStatus {
	status: string;
	afterMs: number;
	happensMs: number;
	code?: number;
}

/** A status that somebody asks for; without `afterMs` it comes when the settings say for its kind. */
export interface WantedStatus {
	status: string;
	afterMs?: number;
	code?: number;
}

/** What becomes of a message that nobody scripted. */
export function usualStatuses(settings: Settings): WantedStatus[] {
	const statuses: WantedStatus[] = [{ status: 'sent' }];
	if (!settings.skipDelivered) statuses.push({ status: 'delivered' });
	if (settings.autoRead) statuses.push({ status: 'read' });
	return statuses;
}

/** The order in which statuses are announced: by time, or turned around where the settings reorder them. */
export function planStatuses(wanted: readonly WantedStatus[], settings: Settings): PlannedStatus[] {
	const plan = wanted
		.map(({ status, afterMs = usualDelay(status, settings), code }) => ({ status, afterMs, happensMs: afterMs, code }))
		.sort((a, b) => a.afterMs - b.afterMs);
	if (!settings.reorderStatuses) return plan;
	const times = plan.map(({ afterMs }) => afterMs);
	return plan.toReversed().map((step, place) => ({ ...step, afterMs: times[place] ?? step.afterMs }));
}

function usualDelay(status: string, settings: Settings): number {
	if (status === 'sent') return settings.sentAfterMs;
	return status === 'read' ? settings.readAfterMs : settings.deliveredAfterMs;
}
