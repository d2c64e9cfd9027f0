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

/** A two-letter country or another short prefix with a letter, which no phone has, a dot, an opaque ID (1msg-contract-2.md, section 3.1). */
const BSUID = /^(?=[^.]*[A-Za-z])[A-Za-z0-9_-]{2,16}\.[A-Za-z0-9._:-]{1,128}$/;
/** As WhatsApp writes it: the country, `ENT.` for a parent company, letters and digits. */
const CLEAR_BSUID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/;
const USERNAME = /^[A-Za-z0-9._-]{1,128}$/;

/** Whether a text has the form of a business-scoped user ID. Some usernames have it, too: know from elsewhere which one it is. */
export function isBsuid(text: string): boolean {
	return BSUID.test(text);
}

/** Whether a bare text is taken for a user ID: it has WhatsApp's own form, or none of a username. */
export function isClearlyBsuid(text: string): boolean {
	return CLEAR_BSUID.test(text) || (isBsuid(text) && !isUsername(text));
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
	if (phone !== null) return recipientOf(phone);
	if (bsuid !== null) return isClearlyBsuid(bsuid) ? bsuid : `${bsuid}@lid`;
	return username === null ? null : `@${username}`;
}

/** The ID of the chat with this customer; null if only the username is known. */
export function chatIdFor({ phone, bsuid }: Identity): string | null {
	if (phone !== null) return `${phone}@c.us`;
	return bsuid === null ? null : `${bsuid}@lid`;
}

/** Where a send is addressed to, as fields of its request. */
export type Address = { phone: string } | { username: string };

/** The address of a customer; null for nobody. A BSUID goes into `phone`: as `chatId`, 1MSG cut it to its digits (1msg-contract-2.md, section 3.2). */
export function addressFor({ phone, bsuid, username }: Identity): Address | null {
	const number = phone ?? bsuid;
	if (number !== null) return { phone: number };
	return username === null ? null : { username };
}

/** The fields of an item that say who a customer is (interface.md, `contactKey`). */
export interface CustomerFields extends Identity {
	recipient: string | null;
	contactKey: string | null;
	chatId: string | null;
}

export function customerFields(identity: Identity): CustomerFields {
	const { phone, bsuid, username } = identity;
	return { phone, recipient: recipientFor(identity), bsuid, username, contactKey: contactKeyFor(identity), chatId: chatIdFor(identity) };
}
