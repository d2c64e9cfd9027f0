/** What the oracle reads in a URL; written from interface.md, not from the package. */
import type { HookChannel } from './channel.mts';

/** Origin and path, by which a registration is recognised; a slash at the end is no difference (1msg-api.md, section 5). */
export function endpointOf(url: string): string | undefined {
	const text = url.trim();
	if (!URL.canParse(text)) return undefined;
	const { origin, pathname } = new URL(text);
	return origin + pathname.replace(/\/$/, '');
}

export function secretIn(url: string): string | undefined {
	return new URL(url.trim()).searchParams.get('secret') ?? undefined;
}

/** All secrets under which the list ever held a URL, the newest last. */
export function formerSecrets({ versions }: HookChannel, url: string): string[] {
	const endpoint = endpointOf(url);
	const secrets = versions.flatMap(({ urls }) => urls.filter((entry) => endpointOf(entry) === endpoint).map((entry) => secretIn(entry) ?? ''));
	return [...new Set(secrets)].filter((secret) => secret !== '');
}
