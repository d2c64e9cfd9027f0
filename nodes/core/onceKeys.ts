/**
 * How `sendOnce` keeps its keys with a helper that can only check and record, or remove:
 * `k` says that the key was used, `p:k` that its send is not settled yet.
 */
export function entriesOf(key: string): [used: string, pending: string] {
	return [`k:${key}`, `p:${key}`];
}

/** What the store knew about a key before it was asked for. */
export type KeyState = 'free' | 'pending' | 'settled';

/** Reads a key's state from which of its two entries were known before both were recorded. */
export function stateOf(key: string, known: ReadonlySet<string>): KeyState {
	const [used, pending] = entriesOf(key);
	if (!known.has(used)) return 'free';
	return known.has(pending) ? 'pending' : 'settled';
}
