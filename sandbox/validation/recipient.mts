import { type JsonObject, textOf } from '../json.mts';
import { type Customer, type Customers, USER_ID, USERNAME } from '../state/customers.mts';
import { refuse, refusePlainly } from './refusal.mts';
import type { Settings } from '../state/settings.mts';

/** A message's recipient: `phone` is the customer's key (or a group's), `chatId` how the send named them. */
export interface Recipient {
	phone: string;
	chatId: string;
}

/** Who is there, and how they may be reached. */
export interface Addresses {
	customers: Customers;
	settings: Pick<Settings, 'userIdRouting' | 'usernameRouting' | 'unknownUsernames' | 'lidChatIds'>;
}

const PHONE = /^\d{8,15}$/;

/**
 * Reads phone, chatId, bsuid or username (1msg-contract-2.md section 3.2): exactly one must be there.
 * Refuses with 131008 when there is none, 131009 when it is no recipient, and in plain text what the channel does not route.
 */
export function readRecipient(body: JsonObject, addresses: Addresses): Recipient {
	const given = (['phone', 'chatId', 'bsuid', 'username'] as const).filter((key) => body[key] !== undefined && body[key] !== '');
	if (given.length === 0) refuse(131008, 'phone or chatId is required');
	if (given.length > 1) refuse(131009, `give one recipient, not ${given.join(' and ')}`);
	const [field = 'phone'] = given;
	const value = textOf(body[field]) ?? '';
	const recipient = field === 'chatId' ? fromChatId(value, addresses) : fromField(field, value, addresses);
	return recipient ?? refuse(131009, `${field} is not a valid recipient`);
}

/** The key of the addressed customer, for scripts and magic phones; the digits of a stranger, empty if none. */
export function addressedKey(body: JsonObject, customers: Customers): string {
	const text = textOf(body.phone) ?? textOf(body.chatId) ?? textOf(body.bsuid) ?? textOf(body.username) ?? '';
	return customers.find(text)?.key ?? text.replace(/@.*$/, '').replace(/\D/g, '');
}

function fromField(field: 'phone' | 'bsuid' | 'username', value: string, addresses: Addresses): Recipient | undefined {
	const { customers, settings } = addresses;
	if (field === 'phone' && PHONE.test(value)) return { phone: customers.ofPhone(value).key, chatId: `${value}@c.us` };
	// A user ID in the phone field works in production.
	if (field !== 'username' && USER_ID.test(value)) {
		if (!settings.userIdRouting) refusePlainly('bsuid routing is disabled');
		return { phone: customers.ofUserId(value).key, chatId: `${value}@lid` };
	}
	if (field === 'username' && USERNAME.test(value)) {
		if (!settings.usernameRouting) refusePlainly('username routing is disabled');
		return { phone: named(value, addresses).key, chatId: `${value}@username` };
	}
	return undefined;
}

function named(username: string, { customers, settings }: Addresses): Customer {
	const customer = settings.unknownUsernames === 'accepted' ? customers.behind(username) : customers.ofUsername(username);
	return customer ?? refusePlainly('username is not found');
}

function fromChatId(value: string, addresses: Addresses): Recipient | undefined {
	const [, name = '', kind = ''] = /^(.+)@(c\.us|g\.us|lid|username)$/.exec(value) ?? [];
	if (kind === 'c.us') return fromField('phone', PHONE.test(name) ? name : '', addresses);
	if (kind === 'g.us') return /^[\d-]+$/.test(name) ? { phone: name, chatId: value } : undefined;
	if (kind === 'lid') return addresses.settings.lidChatIds === 'cut' ? cut(name, addresses) : fromField('bsuid', name, addresses);
	return kind === 'username' ? fromField('username', name, addresses) : undefined;
}

// Seen in production: a user ID cut to its digits, which are nobody's phone.
function cut(name: string, addresses: Addresses): Recipient | undefined {
	const digits = name.replace(/\D/g, '');
	return PHONE.test(digits) ? fromField('phone', digits, addresses) : undefined;
}
