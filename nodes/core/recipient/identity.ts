import { contactKeyOf, recipientOf } from './contactKey';

/** What is known of a customer (interface.md, `contactKey`; 1msg-contract-2.md, section 3). At least one is known, or it is nobody. */
export interface Identity {
	/** Digits; null for a customer whose number WhatsApp hides. */
	phone: string | null;
	/** Business-scoped user ID, such as `CO.1726000000000000`. */
	bsuid: string | null;
	/** Without `@`. */
	username: string | null;
}

/** A two-letter country or another short prefix, a dot, an opaque ID (1msg-contract-2.md, section 3.1). */
const BSUID = /^[A-Za-z0-9_-]{2,16}\.[A-Za-z0-9._:-]{1,128}$/;
const USERNAME = /^[A-Za-z0-9._-]{1,128}$/;

/** Whether a text has the form of a business-scoped user ID. Some usernames have it, too: know from elsewhere which one it is. */
export function isBsuid(text: string): boolean {
	return BSUID.test(text);
}

/** Whether a text has the form of a username, without `@`. */
export function isUsername(text: string): boolean {
	return USERNAME.test(text);
}

/** One key per customer, for joins and comparisons, never an address: the phone's canonical digits, else the BSUID, else `@` and the username in lower case; null for nobody. */
export function contactKeyFor({ phone, bsuid, username }: Identity): string | null {
	if (phone !== null) return contactKeyOf(phone);
	return bsuid ?? (username === null ? null : `@${username.toLowerCase()}`);
}

/** What the Recipient field takes to answer this customer, never ambiguous: `+` and digits, else the BSUID, else `@` and the username; null for nobody. */
export function recipientFor({ phone, bsuid, username }: Identity): string | null {
	return recipientOf(phone) ?? bsuid ?? (username === null ? null : `@${username}`);
}
