/** WhatsApp's own ID of a phone can lack or have a digit that the number has not (1msg-contract-2.md, section 4). */
const BRAZIL = /^55([1-9]\d)9?([6-9]\d{7})$/;
const MEXICO = /^521?([1-9]\d{9})$/;
const ARGENTINA = /^549?([1-9]\d{9})$/;

/**
 * One text per customer, to join and to compare by: the phone's digits in one canonical form for Brazil, Mexico and Argentina,
 * any other phone's digits as they are. Never sent to anyone.
 */
export function contactKeyOf(digits: string): string {
	return digits.replace(BRAZIL, '55$19$2').replace(MEXICO, '52$1').replace(ARGENTINA, '54$1');
}

/** Every form under which WhatsApp may keep the chat with this phone, the given one first. */
export function formsOf(digits: string): string[] {
	const key = contactKeyOf(digits);
	const others = [key.replace(/^(55\d\d)9/, '$1'), key.replace(/^52/, '521'), key.replace(/^54/, '549')];
	return [...new Set([digits, key, ...others])].filter((form) => contactKeyOf(form) === key);
}

/** The digits that WhatsApp takes a message for: Mexico's old `1` after the country code is not part of a number any more. */
export function sendableDigits(digits: string): string {
	return digits.replace(MEXICO, '52$1');
}

/** What the Recipient field takes to answer this phone, never ambiguous; null where no phone is known. */
export function recipientOf(digits: string | null): string | null {
	return digits === null ? null : `+${sendableDigits(digits)}`;
}
