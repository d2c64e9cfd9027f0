import { type JsonObject, textOf } from '../json.mts';
import { refuse } from './refusal.mts';

/** A message's recipient: `phone` is digits (or the user ID of a hidden number). */
export interface Recipient {
	phone: string;
	chatId: string;
}

const PHONE = /^\d{8,15}$/;
const USER_ID = /^[A-Za-z0-9_-]{2,16}\.[A-Za-z0-9._:-]+$/;
const USERNAME = /^[A-Za-z0-9._-]{1,128}$/;

/**
 * Reads phone, chatId, bsuid or username (1msg-api.md section 2.3): exactly one must be there.
 * Refuses with 131008 when there is none and 131009 when it is no recipient.
 */
export function readRecipient(body: JsonObject): Recipient {
	const given = (['phone', 'chatId', 'bsuid', 'username'] as const).filter((key) => body[key] !== undefined && body[key] !== '');
	if (given.length === 0) refuse(131008, 'phone or chatId is required');
	if (given.length > 1) refuse(131009, `give one recipient, not ${given.join(' and ')}`);
	const [field = 'phone'] = given;
	const value = textOf(body[field]) ?? '';
	const recipient = field === 'chatId' ? fromChatId(value) : fromField(field, value);
	return recipient ?? refuse(131009, `${field} is not a valid recipient`);
}

/** Digits of the addressed phone, for scripts and magic phones; empty if none. */
export function addressedDigits(body: JsonObject): string {
	return (textOf(body.phone) ?? textOf(body.chatId)?.replace(/@.*$/, '') ?? '').replace(/\D/g, '');
}

function fromField(field: 'phone' | 'bsuid' | 'username', value: string): Recipient | undefined {
	if (field === 'phone' && PHONE.test(value)) return { phone: value, chatId: `${value}@c.us` };
	// A user ID in the phone field works in production.
	if (field !== 'username' && USER_ID.test(value)) return { phone: value, chatId: `${value}@lid` };
	if (field === 'username' && USERNAME.test(value)) return { phone: value, chatId: `${value}@username` };
	return undefined;
}

function fromChatId(value: string): Recipient | undefined {
	const [, name = '', kind = ''] = /^(.+)@(c\.us|g\.us|lid|username)$/.exec(value) ?? [];
	if (kind === 'c.us') return fromField('phone', PHONE.test(name) ? name : '');
	if (kind === 'g.us') return /^[\d-]+$/.test(name) ? { phone: name, chatId: value } : undefined;
	if (kind === 'lid') return fromField('bsuid', name);
	return kind === 'username' ? fromField('username', name) : undefined;
}
