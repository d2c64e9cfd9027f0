import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** Whether a page of another site sent this. Browsers name the site in Origin; other programs omit it. */
export function isFromAnotherSite({ origin, host }: IncomingHttpHeaders): boolean {
	return origin !== undefined && origin !== `http://${host}`;
}

/**
 * Whether the Host is a name anyone could point at this machine (DNS rebinding): not an address,
 * localhost, or the configured host name.
 */
export function isUnderAnotherName({ host }: IncomingHttpHeaders, ownName: string): boolean {
	const name = URL.parse(`http://${host}`)?.hostname ?? '';
	const isLocal = name === 'localhost' || name.endsWith('.localhost');
	return !isLocal && name !== ownName.toLowerCase() && isIP(name.replace(/^\[(.*)\]$/, '$1')) === 0;
}
