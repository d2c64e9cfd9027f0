/** Whether a path matches; a pattern ending in `*` matches by prefix. */
export function isPathMeant(pattern: string, path: string): boolean {
	return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}
