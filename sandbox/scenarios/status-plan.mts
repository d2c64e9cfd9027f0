import type { Settings } from '../state/settings.mts';

/** A planned status: announced `afterMs` after acceptance, timestamped `happensMs` after it. */
export interface PlannedStatus {
	status: string;
	afterMs: number;
	happensMs: number;
	code?: number;
}

/** A requested status; without `afterMs`, the settings' delay applies. */
export interface WantedStatus {
	status: string;
	afterMs?: number;
	code?: number;
}

/** Default statuses of a message. */
export function usualStatuses(settings: Settings): WantedStatus[] {
	const statuses: WantedStatus[] = [{ status: 'sent' }];
	if (!settings.skipDelivered) statuses.push({ status: 'delivered' });
	if (settings.autoRead) statuses.push({ status: 'read' });
	return statuses;
}

/** Orders statuses by time, or in reverse if the settings say so; all come later by a share, from 0 to 1, of the settings' jitter. */
export function planStatuses(wanted: readonly WantedStatus[], settings: Settings, late: number): PlannedStatus[] {
	const lateMs = Math.floor(late * settings.statusJitterMs);
	const plan = wanted
		.map(({ status, afterMs = usualDelay(status, settings), code }) => ({ status, afterMs: afterMs + lateMs, happensMs: afterMs + lateMs, code }))
		.sort((a, b) => a.afterMs - b.afterMs);
	if (!settings.reorderStatuses) return plan;
	const times = plan.map(({ afterMs }) => afterMs);
	return plan.toReversed().map((step, index) => ({ ...step, afterMs: times[index] ?? step.afterMs }));
}

function usualDelay(status: string, settings: Settings): number {
	if (status === 'sent') return settings.sentAfterMs;
	return status === 'read' ? settings.readAfterMs : settings.deliveredAfterMs;
}
