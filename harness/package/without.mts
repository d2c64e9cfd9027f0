/** Copies an object without some of its keys. */
export function without<T extends object>(object: T, keys: readonly string[]): Partial<T> {
	return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key))) as Partial<T>;
}
