import { createHash } from 'node:crypto';
import type { Message } from './messages.mts';
import type { Settings } from './settings.mts';

/** A WhatsApp user, as only the sandbox knows all of them (1msg-contract-2.md section 3). */
export interface Customer {
	/** What messages and chats are filed under: the phone, or the user ID if nobody knows a phone. */
	key: string;
	/** Digits, as first seen. */
	phone?: string;
	/** WhatsApp's own ID where it differs from the phone (section 4). */
	waId?: string;
	/** Business-scoped user ID. */
	bsuid: string;
	/** Without `@`. */
	username?: string;
	name?: string;
	/** Whether events keep the phone back. */
	hidesPhone: boolean;
	isBlocked: boolean;
}

/** What an event says of a customer; null where it says nothing. */
export interface Names {
	/** WhatsApp's ID: mostly the phone's digits. */
	phone: string | null;
	chatId: string;
	bsuid: string | null;
	username: string | null;
	name: string;
}

/** What can be set about a customer; null takes it away. */
export interface CustomerChanges {
	bsuid?: string;
	username?: string | null;
	name?: string | null;
	waId?: string | null;
	hidesPhone?: boolean;
}

export const USER_ID = /^[A-Za-z0-9_-]{2,16}\.[A-Za-z0-9._:-]{1,128}$/;
export const USERNAME = /^[A-Za-z0-9._-]{1,128}$/;

const COUNTRIES: Array<[prefix: string, country: string]> = [['1', 'US'], ['7', 'RU'], ['34', 'ES'], ['44', 'GB'], ['49', 'DE'], ['52', 'MX'], ['54', 'AR'], ['55', 'BR'], ['57', 'CO']];

/** Everybody who was ever written to, wrote, or was set up. */
export class Customers {
	readonly #settings: Pick<Settings, 'userIds' | 'whatsappIds'>;
	#byKey = new Map<string, Customer>();
	#byNumber = new Map<string, Customer>();
	#byUserId = new Map<string, Customer>();
	#byUsername = new Map<string, Customer>();

	constructor(settings: Pick<Settings, 'userIds' | 'whatsappIds'>) {
		this.#settings = settings;
		this.reset();
	}

	get(key: string): Customer | undefined {
		return this.#byKey.get(key);
	}

	get all(): Customer[] {
		return [...this.#byKey.values()];
	}

	/** The customer with this phone in digits, in any form that WhatsApp takes for the same number; a new one if need be. */
	ofPhone(phone: string): Customer {
		return this.#byNumber.get(numberKey(phone)) ?? this.#add({ key: phone, phone, bsuid: userIdOf(phone), hidesPhone: false, isBlocked: false });
	}

	/** The customer with this user ID; a new one without a phone if need be. */
	ofUserId(bsuid: string): Customer {
		return this.#byUserId.get(bsuid) ?? this.#add({ key: bsuid, bsuid, hidesPhone: true, isBlocked: false });
	}

	/** The customer with this username, in any case. */
	ofUsername(username: string): Customer | undefined {
		return this.#byUsername.get(username.toLowerCase());
	}

	/** A customer who writes from behind a username: known by it, or new. */
	behind(username: string): Customer {
		return this.ofUsername(username) ?? this.change(this.ofUserId(userIdOf(`@${username.toLowerCase()}`)), { username });
	}

	/** Who is meant by a phone in any format, a user ID, a username (with or without `@`) or a chat ID; undefined if nobody yet. */
	find(text: string): Customer | undefined {
		const name = text.replace(/@(c\.us|lid|username)$/, '').replace(/^@/, '');
		return this.#byKey.get(name) ?? this.#byUserId.get(name) ?? this.ofUsername(name) ?? (/[a-z]/i.test(name) ? undefined : this.#byNumber.get(numberKey(name.replace(/\D/g, ''))));
	}

	change(customer: Customer, { bsuid, username, name, waId, hidesPhone }: CustomerChanges): Customer {
		if (username !== undefined) {
			if (customer.username !== undefined) this.#byUsername.delete(customer.username.toLowerCase());
			customer.username = username ?? undefined;
		}
		if (bsuid !== undefined) {
			this.#byUserId.delete(customer.bsuid);
			customer.bsuid = bsuid;
		}
		if (name !== undefined) customer.name = name ?? undefined;
		if (waId !== undefined) customer.waId = waId ?? undefined;
		if (hidesPhone !== undefined) customer.hidesPhone = hidesPhone || customer.phone === undefined;
		return this.#add(customer);
	}

	/** What an event about a message says of its customer. A message sent to the phone keeps the phone visible (section 3.3). */
	namesIn({ phone: key, chatId, direction }: Pick<Message, 'phone' | 'chatId' | 'direction'>): Names {
		const customer = this.#byKey.get(key);
		// A group.
		if (!customer) return { phone: key, chatId, bsuid: null, username: null, name: key };
		const wasSentToPhone = direction === 'out' && chatId.endsWith('@c.us');
		return this.#names(customer, !customer.hidesPhone || wasSentToPhone);
	}

	/** What an event says of a customer who writes. */
	namesOf(customer: Customer): Names {
		return this.#names(customer, !customer.hidesPhone);
	}

	/** Forgets everybody but the customers of the magic phones. */
	reset(): void {
		for (const map of [this.#byKey, this.#byNumber, this.#byUserId, this.#byUsername]) map.clear();
		for (const [phone, changes] of Object.entries(KNOWN_CUSTOMERS)) this.change(this.ofPhone(phone), changes);
	}

	#names(customer: Customer, isPhoneShown: boolean): Names {
		const { phone, bsuid, username = null, name } = customer;
		const waId = phone === undefined || !isPhoneShown ? null : (customer.waId ?? (this.#settings.whatsappIds === 'old' ? oldForm(phone) : phone));
		const hasIds = this.#settings.userIds;
		return {
			phone: waId,
			chatId: waId === null ? `${bsuid}@lid` : `${waId}@c.us`,
			bsuid: hasIds ? bsuid : null,
			username: hasIds ? username : null,
			name: name ?? waId ?? username ?? 'A customer',
		};
	}

	#add(customer: Customer): Customer {
		this.#byKey.set(customer.key, customer);
		if (customer.phone !== undefined) this.#byNumber.set(numberKey(customer.phone), customer);
		this.#byUserId.set(customer.bsuid, customer);
		if (customer.username !== undefined) this.#byUsername.set(customer.username.toLowerCase(), customer);
		return customer;
	}
}

/** Customers who are there from the start, by phone. */
export const KNOWN_CUSTOMERS: Record<string, CustomerChanges> = {
	'12025550130': { bsuid: 'US.1726000000000130', username: 'anna.b', name: 'Anna' },
	'12025550131': { bsuid: 'US.1726000000000131', username: 'boris.k', name: 'Boris', hidesPhone: true },
	'12025550132': { bsuid: 'US.1726000000000132', name: 'Clara', hidesPhone: true },
	'5531988885555': { bsuid: 'BR.1726000000000133', waId: '553188885555' },
	'525512349876': { bsuid: 'MX.1726000000000134', waId: '5215512349876' },
};

/** One text for all forms of a number (1msg-contract-2.md section 4). */
function numberKey(digits: string): string {
	return digits
		.replace(/^55([1-9]\d)9?([6-9]\d{7})$/, '55$19$2')
		.replace(/^521?([1-9]\d{9})$/, '52$1')
		.replace(/^549?([1-9]\d{9})$/, '54$1');
}

/** A Brazilian mobile without its 9, a Mexican number with the 1: what WhatsApp calls old accounts. */
function oldForm(digits: string): string {
	return digits.replace(/^55([1-9]\d)9([6-9]\d{7})$/, '55$1$2').replace(/^52([1-9]\d{9})$/, '521$1');
}

// Always the same for the same customer, and no phone can be read from it.
function userIdOf(name: string): string {
	const [, country = 'ZZ'] = COUNTRIES.find(([prefix]) => name.startsWith(prefix)) ?? [];
	const number = createHash('sha256').update(name).digest().readBigUInt64BE() % 10_000_000_000_000n;
	return `${country}.172${String(number).padStart(13, '0')}`;
}
