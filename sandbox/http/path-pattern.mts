/** Whether a path is the one meant; a pattern that ends in `*` means every path that begins like it. */
export function isPathMeant(pattern: string, path: string): boolean {
	return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}
