import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** Whether a page of another site sends this: browsers then name that site in Origin, and other programs send none. */
export function isFromAnotherSite({ origin, host }: IncomingHttpHeaders): boolean {
	return origin !== undefined && origin !== `http://${host}`;
}

/**
 * Whether the request calls this machine by a name that anybody may point at it (DNS rebinding): neither an address,
 * nor localhost, nor the name it was told to listen on.
 */
export function isUnderAnotherName({ host }: IncomingHttpHeaders, ownName: string): boolean {
	const name = URL.parse(`http://${host}`)?.hostname ?? '';
	const isLocal = name === 'localhost' || name.endsWith('.localhost');
	return !isLocal && name !== ownName.toLowerCase() && isIP(name.replace(/^\[(.*)\]$/, '$1')) === 0;
}
