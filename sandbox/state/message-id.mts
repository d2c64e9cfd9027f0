import { randomBytes } from 'node:crypto';

let made = 0;

/** A new ID in WhatsApp's format: `wamid.` and base64, padded with `=` in two of three cases. */
export function newMessageId(recipient: string): string {
	made += 1;
	const tail = randomBytes(9 + (made % 3));
	const bytes = Buffer.concat([
		Buffer.from([0x1c, 0x18, recipient.length]),
		Buffer.from(recipient),
		Buffer.from([0x15, 0x02, 0x00, 0x11, 0x18]),
		tail,
		Buffer.from([made & 255, (made >> 8) & 255, (made >> 16) & 255]),
	]);
	return `wamid.${bytes.toString('base64')}`;
}
