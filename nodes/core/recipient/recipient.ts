import { foundBeforeSending, err, ok, type Result } from '../problem';
import { isBsuid, isClearlyBsuid, isUsername, type Identity } from './identity';
import { INVISIBLE, readPhone } from './phone';

const NOBODY: Identity = { phone: null, bsuid: null, username: null };

/**
 * Reads what names one customer: a phone in any formatting, `digits@c.us`, a BSUID, `<BSUID>@lid`, `@username` or `name@username`
 * (interface.md, `phone`; 1msg-contract-2.md, section 3.1). Which it is, is read from its form, and never guessed: digits are a phone,
 * and a word that could be a username or a BSUID is neither.
 * Gives `invalid-recipient`, or a problem of `readPhone`.
 */
export function readRecipient(input: unknown, defaultCountry?: unknown): Result<Identity> {
	const given = typeof input === 'string' ? input.replace(INVISIBLE, '').trim() : '';
	const isWord = /[A-Za-z]/.test(given) && (isUsername(given) || isBsuid(given));
	if (!given.includes('@')) {
		if (!isWord) return phoneOf(readPhone(input, defaultCountry));
		return isClearlyBsuid(given) ? ok({ ...NOBODY, bsuid: given }) : bad(given, 'it is no phone number, and could be a username or a user ID (BSUID)');
	}
	const [, name = '', kind = ''] = /^(.*)@([^@]*)$/s.exec(given)!;
	if (name === '') return isUsername(kind) ? ok({ ...NOBODY, username: kind }) : badUsername(given);
	switch (kind) {
		case 'c.us':
			return /^\d+$/.test(name) ? phoneOf(readPhone(`+${name}`)) : bad(given, 'before @c.us, only digits are a phone number');
		case 'lid':
			return isBsuid(name) ? ok({ ...NOBODY, bsuid: name }) : bad(given, 'what stands before @lid is not a user ID (BSUID)');
		case 'username':
			return isUsername(name) ? ok({ ...NOBODY, username: name }) : badUsername(given);
		case 'g.us':
			return bad(given, 'it is a group');
		case 'broadcast':
			return bad(given, 'it is a broadcast list');
		default:
			return bad(given, 'it is neither a username nor the chat ID of a customer');
	}
}

function phoneOf(read: Result<string>): Result<Identity> {
	return read.ok ? ok({ ...NOBODY, phone: read.value }) : read;
}

function badUsername(given: string): Result<Identity> {
	return bad(given, 'a username has only letters, digits, dots, hyphens and underscores');
}

function bad(given: string, why: string): Result<Identity> {
	return err(
		foundBeforeSending({
			code: 'invalid-recipient',
			message: `"${given.slice(0, 60)}" is not a customer that WhatsApp can reach: ${why}`,
			description:
				'Give a phone number with its country code, a username with @ in front, or a user ID (BSUID) with @lid behind it. To reply to a customer, use the field recipient of an item or event.',
		}),
	);
}
