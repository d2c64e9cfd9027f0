/** At most once: per item in an execution, per key with Send Once. */
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
		return [{ invariant: 'atMostOnce', what: `item ${items.join(', ')} of ${name} was sent ${same.length} times, in tries ${same.map(({ attempt }) => attempt + 1).join(', ')}` }];
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
		return inOrder.flatMap((one, index): Broken[] => {
			if (one.isAgain) return [];
			const before = inOrder.slice(0, index).find(({ played }) => !areSideBySide(played, one.played) && !mayBeForgotten(played, cases));
			return before ? [{ invariant: 'atMostOnce', what: `Send Once sent ${before.name} at ${before.asked.at} ms and ${one.name} at ${one.asked.at} ms` }] : [];
		});
	});
}

/** Concurrent processes overwrite each other's rows, so that one's notes may be lost. */
function mayBeForgotten(played: Played, cases: readonly Case[]): boolean {
	return cases.some((other) => other.played.nodeIndex === played.nodeIndex && areSideBySide(other.played, played));
}

function keyOf({ played, name }: Case, { asked, items, expected }: Sent): Array<Keyed & { key: string }> {
	const [first] = expected;
	// Duplicate rows may have other options; the message doesn't tell which was sent.
	if (first?.changes && items.length > 1) return [];
	if (!first || !expected.every(({ isOnce, topic }) => isOnce && topic === first.topic)) return [];
	// A text with the time in it is a new message each time.
	if (first.changes) return [];
	return [{ key: first.topic, asked, played, isAgain: expected.some(({ isAgain }) => isAgain), name: `item ${items[0]} of ${name}` }];
}
