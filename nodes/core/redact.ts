const HIDDEN = '[hidden]';
const MAX_QUOTE_LENGTH = 500;
const QUOTED_TOKEN = /(token\s*[:=]?\s*\\?["'])[^"'\\]{4,}(\\?["'])/gi;
const TOKEN_IN_QUERY = /([?&](?:token|secret)=)[^&\s"']+/gi;
const JWT = /\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g;

/**
 * Removes the given secrets and anything that looks like a token:
 * 1MSG's 401 quotes the token it got (1msg-api.md, section 1).
 */
export function redact(text: string, secrets: readonly string[] = []): string {
	let clean = text;
	for (const secret of secrets) {
		if (secret.length >= 4) clean = clean.split(secret).join(HIDDEN);
	}
	return clean
		.replace(QUOTED_TOKEN, `$1${HIDDEN}$2`)
		.replace(TOKEN_IN_QUERY, `$1${HIDDEN}`)
		.replace(JWT, HIDDEN);
}

/** Makes foreign text fit for an error message: one line, no HTML tags, no secrets, at most 500 characters. */
export function quote(text: string, secrets: readonly string[] = []): string {
	const oneLine = redact(text.slice(0, 20_000), secrets)
		.replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
		.replace(/<[^>]*>/g, ' ')
		.replace(/\s+/g, ' ')
		.trim();
	return oneLine.length > MAX_QUOTE_LENGTH ? `${oneLine.slice(0, MAX_QUOTE_LENGTH)}...` : oneLine;
}

/** Applies `redact` to every string in the value, keys included. */
export function redactDeep(value: unknown, secrets: readonly string[]): unknown {
	if (typeof value === 'string') return redact(value, secrets);
	if (Array.isArray(value)) return value.map((entry) => redactDeep(entry, secrets));
	if (value !== null && typeof value === 'object') {
		return Object.fromEntries(
			Object.entries(value).map(([key, entry]) => [redact(key, secrets), redactDeep(entry, secrets)]),
		);
	}
	return value;
}
