/** The text with every one of the secrets, plain or URL-encoded, replaced by `***`. */
export function masked(text: string, secrets: readonly string[]): string {
	let result = text;
	for (const secret of new Set(secrets)) {
		if (secret === '') continue;
		result = result.replaceAll(secret, '***').replaceAll(encodeURIComponent(secret), '***');
	}
	return result;
}
