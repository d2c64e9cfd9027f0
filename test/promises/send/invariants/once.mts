/** At most once: per item within an execution, per key with Send Once. */
import { areSideBySide, type Case, type Sent } from '../case.mts';
import type { Played, Story } from '../play.mts';
import type { Asked } from '../../channel.mts';
import type { Broken } from '../../world-kind.mts';

export function checkOnce(_story: Story, cases: readonly Case[]): Broken[] {
	return [...cases.flatMap(checkItems), ...checkKeys(cases)];
}

function checkItems({ sent, name }: Case): Broken[] {
	return [...Map.groupBy(sent, ({ ref }) => ref).values()].flatMap((same): Broken[] => {
		const { items } = same[0]!;
		if (same.length <= items.length || items.length === 0) return [];
		return [{ invariant: 'atMostOnce', what: `item ${items.join(', ')} of ${name} was sent ${same.length} times, in tries ${same.map(({ place }) => place + 1).join(', ')}` }];
	});
}

interface Keyed {
	asked: Asked;
	played: Played;
	isAgain: boolean;
	name: string;
}

function checkKeys(cases: readonly Case[]): Broken[] {
	const keyed = cases.flatMap((entry) => entry.sent.flatMap((sent) => keyOf(entry, sent)));
	return [...Map.groupBy(keyed, ({ key }) => key).values()].flatMap((same) => {
		const inOrder = same.sort((a, b) => a.asked.sequence - b.asked.sequence);
		return inOrder.flatMap((one, place): Broken[] => {
			if (one.isAgain) return [];
			const before = inOrder.slice(0, place).find(({ played }) => !areSideBySide(played, one.played) && !mayBeForgotten(played, cases));
			return before ? [{ invariant: 'atMostOnce', what: `Send Once sent ${before.name} at ${before.asked.at} ms and ${one.name} at ${one.asked.at} ms` }] : [];
		});
	});
}

/** Two processes at once overwrite each other's rows, so that what one of them noted may be gone when both have ended. */
function mayBeForgotten(played: Played, cases: readonly Case[]): boolean {
	return cases.some((other) => other.played.nodeIndex === played.nodeIndex && areSideBySide(other.played, played));
}

function keyOf({ played, name }: Case, { asked, items, expected }: Sent): Array<Keyed & { key: string }> {
	const [first] = expected;
	// Rows that came twice may have other options; which of them was sent, the message does not tell.
	if (first?.changes && items.length > 1) return [];
	if (!first || !expected.every(({ isOnce, topic }) => isOnce && topic === first.topic)) return [];
	// A text that changes with the clock is another message each time.
	if (first.changes) return [];
	return [{ key: first.topic, asked, played, isAgain: expected.some(({ isAgain }) => isAgain), name: `item ${items[0]} of ${name}` }];
}
