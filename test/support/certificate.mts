import { isIPv4 } from 'node:net';
import { generate } from 'selfsigned';

const HOUR_MS = 3_600_000;

/** A certificate and its key, as PEM. */
export interface Certificate {
	cert: string;
	key: string;
}

/** Creates a self-signed certificate for host names and IPv4 addresses, valid for an hour around `at` (milliseconds). */
export async function selfSigned(hosts: string[], at = Date.now()): Promise<Certificate> {
	const altNames = hosts.map((host) => (isIPv4(host) ? { type: 7 as const, ip: host } : { type: 2 as const, value: host }));
	const { cert, private: key } = await generate([{ name: 'commonName', value: hosts[0] ?? '' }], {
		keyType: 'ec',
		algorithm: 'sha256',
		notBeforeDate: new Date(at - HOUR_MS / 2),
		notAfterDate: new Date(at + HOUR_MS / 2),
		extensions: [
			{ name: 'basicConstraints', cA: true },
			{ name: 'subjectAltName', altNames },
		],
	});
	return { cert, key };
}
