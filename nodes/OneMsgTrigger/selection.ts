import type { ChannelEvent } from '../core/events';
import type { SeenStatuses } from '../core/seenStatuses';

/** What the user wants to hear of. */
export interface Selection {
	events: readonly string[];
	statuses: readonly string[];
	skipRepeats: boolean;
	skipLate: boolean;
}

/** The events that start an execution, in order; what is left out is remembered all the same. */
export function select(events: readonly ChannelEvent[], selection: Selection, seen: SeenStatuses): ChannelEvent[] {
	return events.filter((event) => {
		if (!selection.events.includes(event.event)) return false;
		if (event.event !== 'messageStatus') return true;
		if (!selection.statuses.includes(event.status)) return false;
		if (!selection.skipRepeats && !selection.skipLate) return true;
		const { repeat, late } = seen.record(event.messageId, event.status);
		return !(selection.skipRepeats && repeat) && !(selection.skipLate && late);
	});
}
