import type { ChannelEvent } from '../core/events/events';
import type { SeenStatuses } from '../core/status/seenStatuses';

/** What the user wants to hear of. */
export interface Selection {
	events: readonly string[];
	statuses: readonly string[];
	skipRepeats: boolean;
	skipLate: boolean;
	/** What has started an execution before starts one again, neither repeat nor late: 1MSG delivers what a failed run did not take. */
	hearsAgain: boolean;
}

/** The events that start an execution, in order. */
export function select(events: readonly ChannelEvent[], selection: Selection, seen: SeenStatuses): ChannelEvent[] {
	const { skipRepeats, skipLate, hearsAgain } = selection;
	return events.filter((event) => {
		if (!selection.events.includes(event.event)) return false;
		if (event.event !== 'messageStatus') return true;
		if (!selection.statuses.includes(event.status)) return false;
		if (!skipRepeats && !skipLate) return true;
		const { repeat, late } = seen.record(event.messageId, event.status, { forgetLate: skipLate });
		if (repeat && hearsAgain) return true;
		return !(skipRepeats && repeat) && !(skipLate && late);
	});
}
