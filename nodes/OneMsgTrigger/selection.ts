import type { ChannelEvent } from '../core/events/events';
import type { SeenMessages } from '../core/status/seenMessages';

/** The user's choice of events. */
export interface Selection {
	events: readonly string[];
	statuses: readonly string[];
	skipRepeats: boolean;
	skipLate: boolean;
	/** An event that started an execution before starts one again, neither repeat nor late: 1MSG redelivers after a failed run. */
	acceptRedeliveries: boolean;
}

/** The events that start an execution, in order. */
export function select(events: readonly ChannelEvent[], selection: Selection, seen: SeenMessages): ChannelEvent[] {
	const { skipRepeats, skipLate, acceptRedeliveries } = selection;
	return events.filter((event) => {
		if (!selection.events.includes(event.event)) return false;
		if (event.event === 'messageReceived' || event.event === 'messageEchoed') {
			return !skipRepeats || acceptRedeliveries || !seen.recordMessage(event.messageId);
		}
		if (event.event !== 'messageStatus') return true;
		if (!selection.statuses.includes(event.status)) return false;
		if (!skipRepeats && !skipLate) return true;
		const { repeat, late } = seen.record(event.messageId, event.status, { forgetLate: skipLate });
		if (repeat && acceptRedeliveries) return true;
		return !(skipRepeats && repeat) && !(skipLate && late);
	});
}

/** Takes back what `select` remembered: these events started nothing, and may come again. */
export function unselect(events: readonly ChannelEvent[], seen: SeenMessages): void {
	for (const event of events) {
		if (event.event === 'messageStatus') seen.forget(event.messageId, event.status);
		else if (event.event === 'messageReceived' || event.event === 'messageEchoed') seen.forget(event.messageId);
	}
}
