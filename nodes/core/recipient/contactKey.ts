/** WhatsApp's own ID of a phone may lack a digit or have an extra one (1msg-contract-2.md, section 4). */
const BRAZIL = /^55([1-9]\d)9?([6-9]\d{7})$/;
const MEXICO = /^521?([1-9]\d{9})$/;
const ARGENTINA = /^549?([1-9]\d{9})$/;

/**
 * One key per customer, for joins and comparisons: the phone's digits, canonicalised for Brazil, Mexico and Argentina.
 * Never used as an address.
 */
export function contactKeyOf(digits: string): string {
	return digits.replace(BRAZIL, '55$19$2').replace(MEXICO, '52$1').replace(ARGENTINA, '54$1');
}

/** Every form under which WhatsApp may store the chat with this phone, the given one first. */
export function formsOf(digits: string): string[] {
	const key = contactKeyOf(digits);
	const others = [key.replace(/^(55\d\d)9/, '$1'), key.replace(/^52/, '521'), key.replace(/^54/, '549')];
	return [...new Set([digits, key, ...others])].filter((form) => contactKeyOf(form) === key);
}

/** The digits that WhatsApp accepts as a recipient: without Mexico's obsolete `1` after the country code. */
export function sendableDigits(digits: string): string {
	return digits.replace(MEXICO, '52$1');
}

/** What the Recipient field takes to answer this phone, never ambiguous; null if no phone is known. */
export function recipientOf(digits: string | null): string | null {
	return digits === null ? null : `+${sendableDigits(digits)}`;
}
