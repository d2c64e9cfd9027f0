/** URL rules for the oracle, from interface.md, not the package. */
import type { HookChannel } from './channel.mts';

/** Origin and path, which identify a registration; a trailing slash is ignored (1msg-api.md, section 5). */
export function endpointOf(url: string): string | undefined {
	const text = url.trim();
	if (!URL.canParse(text)) return undefined;
	const { origin, pathname } = new URL(text);
	return origin + pathname.replace(/\/$/, '');
}

export function secretIn(url: string): string | undefined {
	return new URL(url.trim()).searchParams.get('secret') ?? undefined;
}

/** Every secret of a URL on the list so far, newest last. */
export function formerSecrets({ versions }: HookChannel, url: string): string[] {
	const endpoint = endpointOf(url);
	const secrets = versions.flatMap(({ urls }) => urls.filter((entry) => endpointOf(entry) === endpoint).map((entry) => secretIn(entry) ?? ''));
	return [...new Set(secrets)].filter((secret) => secret !== '');
}
