/** Memoizes per object: a thousand messages share a template. */
export function memoize<Key extends object, Found>(work: (key: Key) => Found): (key: Key) => Found {
	const known = new WeakMap<Key, { found: Found }>();
	return (key) => {
		const entry = known.get(key) ?? { found: work(key) };
		known.set(key, entry);
		return entry.found;
	};
}
