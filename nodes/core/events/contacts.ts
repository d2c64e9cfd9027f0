import { fieldsOf, textOf } from '../json';
import type { Identity } from '../recipient/identity';
import { bsuidIn, usernameIn } from '../recipient/names';
import { phoneOfChat } from '../status/status';

/** A customer as Meta's `contacts[]` tells of them; every field may be missing (1msg-contract-2.md, section 3.3). */
export interface Contact extends Identity {
	name: string | null;
}

/** The `contacts[]` beside the entries of Meta's envelope, found by user ID or phone. */
export class Contacts {
	readonly all: Contact[];
	private readonly byKey = new Map<string, Contact>();

	constructor(given: readonly unknown[]) {
		this.all = given.flatMap((entry) => {
			const fields = fieldsOf(entry);
			if (!fields) return [];
			const profile = fieldsOf(fields.profile);
			const phone = phoneOfChat(textOf(fields.wa_id));
			const contact = { phone, bsuid: bsuidIn(fields.user_id, fields.parent_user_id), username: usernameIn(profile?.username), name: textOf(profile?.name) || null };
			// Somebody without a phone and a user ID is nobody's contact.
			for (const key of keysOf(phone, fields.user_id, fields.parent_user_id)) this.byKey.set(key, contact);
			return [contact];
		});
	}

	/** The contact with one of these user IDs, else with this phone. */
	find(phone: string | null, ...userIds: readonly unknown[]): Contact | undefined {
		if (this.byKey.size === 0) return undefined;
		return keysOf(phone, ...userIds).map((key) => this.byKey.get(key)).find((contact) => contact !== undefined);
	}
}

/** User IDs first: a phone may be somebody else's by now. Exact digits, since two phones may share a contact key. */
function keysOf(phone: string | null, ...userIds: readonly unknown[]): string[] {
	return [...userIds.map((userId) => bsuidIn(userId)), phone].filter((key) => key !== null);
}

/** What an entry tells of a customer, completed by their contact. */
export function completed(identity: Identity, contact: Contact | undefined): Identity {
	return contact === undefined ? identity : { phone: identity.phone ?? contact.phone, bsuid: identity.bsuid ?? contact.bsuid, username: identity.username ?? contact.username };
}
