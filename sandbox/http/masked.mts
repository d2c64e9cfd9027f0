/** Replaces each secret in the text, plain or URL-encoded, with `***`. */
export function masked(text: string, secrets: readonly string[]): string {
	let result = text;
	for (const secret of new Set(secrets)) {
		if (secret === '') continue;
		result = result.replaceAll(secret, '***').replaceAll(encodeURIComponent(secret), '***');
	}
	return result;
}
