/** The recipient that a field names, from interface.md (`phone`, `defaultCountry`) and 1msg-contract-2.md (sections 3 and 4), not from the node. */
import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';

/** Allowed results for a recipient. */
export interface Reading {
	/** Allowed addresses: digits, a BSUID, or `@` and a username; several only if the rules leave it open. */
	to: string[];
	/** Whether a refusal is also right; if `to` is empty, nothing else is. */
	mayRefuse: boolean;
	/** Refusal codes; any if empty. */
	codes: string[];
}

const MIN_DIGITS = 8;
const MAX_DIGITS = 15;

const only = (to: string): Reading => ({ to: [to], mayRefuse: false, codes: [] });
const perhaps = (...to: string[]): Reading => ({ to, mayRefuse: true, codes: [] });
const nobody = (...codes: string[]): Reading => ({ to: [], mayRefuse: true, codes });

const LETTER = /\p{L}/u;
const USERNAME = /^[A-Za-z0-9._-]{1,128}$/;
/** WhatsApp's own form, and every form that the vendor takes; without a letter in front of the dot it could be a phone. */
const BSUID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;
const ANY_BSUID = /^[A-Za-z0-9_-]{2,16}\.[A-Za-z0-9._:-]{1,128}$/;

/** Parses a recipient with its Default Country; `undefined` if the option is absent. */
export function readRecipient(given: unknown, defaultCountry: unknown): Reading {
	const text = typeof given === 'string' ? given.replace(/\p{Cf}/gu, '').trim() : '';
	const isName = text.includes('@') || (LETTER.test(text) && /^[^\s+/]+$/.test(text) && !/^tel:/i.test(text));
	return isName ? readName(text) : readPhone(given, defaultCountry);
}

/** A customer's name other than a phone: its form says which it is, and what could be two is nobody. */
function readName(text: string): Reading {
	const refused = nobody('invalid-recipient', 'invalid-phone');
	const chat = /^(\d+)@c\.us$/.exec(text);
	if (chat) return international(chat[1]!);
	const username = /^@([^@]*)$/.exec(text)?.[1] ?? /^([^@]*)@username$/.exec(text)?.[1];
	if (username !== undefined) return USERNAME.test(username) ? only(`@${username}`) : refused;
	const bsuid = text.replace(/@lid$/, '');
	if (BSUID.test(bsuid)) return only(bsuid);
	const isLoose = ANY_BSUID.test(bsuid) && LETTER.test(bsuid.split('.')[0]!) && (bsuid !== text || !USERNAME.test(text));
	return isLoose ? perhaps(bsuid) : refused;
}

/** Parses a phone, as in `readRecipient`; names are nobody. */
export function readPhone(given: unknown, defaultCountry: unknown): Reading {
	const country = readCountry(defaultCountry);
	if (country === 'wrong') return nobody('invalid-country', 'invalid-phone', 'invalid-recipient');
	if (typeof given !== 'string' && !(typeof given === 'number' && Number.isSafeInteger(given))) return nobody();
	const text = String(given).replace(/\p{Cf}/gu, '').normalize('NFKC').trim();
	if (text === '') return nobody();
	if (LETTER.test(text.replace(/^tel:/i, ''))) return nobody();
	const bare = text.replace(/^tel:/i, '').replace(/[\s().\-\u2010-\u2015/]/g, '');
	// A second number, or characters no phone number has.
	if (!/^\+?\d+$/.test(bare)) return nobody();
	const digits = bare.replace('+', '');
	if (bare.startsWith('+')) return international(digits);
	if (digits.startsWith('00')) return perhaps(...new Set([...international(digits.slice(2)).to, ...(country ? national(bare, country) : [])]));
	const reading = country ? withCountry(digits, country) : withoutCountry(digits);
	// A leading bracket starts a national number; a minus is no sign of a phone.
	return /^[(-]/.test(text) ? { ...reading, mayRefuse: true, codes: [] } : reading;
}

function international(digits: string): Reading {
	const mexican = /^521(\d{10})$/.exec(digits);
	if (mexican) return perhapsValid(`52${mexican[1]}`);
	return perhapsValid(digits);
}

function perhapsValid(digits: string): Reading {
	const number = parsePhoneNumberFromString(`+${digits}`, { extract: false });
	const canonical = number?.number.replace(/\D/g, '') ?? '';
	if (canonical.length < MIN_DIGITS || canonical.length > MAX_DIGITS) return nobody();
	if (number?.isValid()) return only(canonical);
	// A number with its country code may be newer than any list of ranges.
	return number?.isPossible() ? perhaps(canonical) : nobody();
}

/** Digits without a `+`, with a country given. */
function withCountry(digits: string, country: CountryCode): Reading {
	const abroad = validInternational(digits);
	if (abroad !== undefined && digits.startsWith(getCountryCallingCode(country))) return only(abroad);
	const [home] = national(digits, country).filter((number) => number !== abroad);
	if (home !== undefined && abroad !== undefined) {
		// The trunk prefix settles which of the two is meant.
		const isSaid = !home.endsWith(digits);
		return isSaid ? { to: [home], mayRefuse: true, codes: ['ambiguous-phone'] } : nobody('ambiguous-phone');
	}
	if (home !== undefined) return only(home);
	return abroad === undefined ? nobody() : only(abroad);
}

function withoutCountry(digits: string): Reading {
	if (digits.startsWith('0')) return nobody();
	const abroad = validInternational(digits);
	const northAmerican = digits.length === 10 ? validInternational(`1${digits}`) : undefined;
	if (abroad === undefined) return nobody();
	return northAmerican === undefined ? only(abroad) : nobody('ambiguous-phone');
}

function validInternational(digits: string): string | undefined {
	const reading = international(digits);
	return reading.mayRefuse ? undefined : reading.to[0];
}

function national(text: string, country: CountryCode): string[] {
	const number = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
	const digits = number?.isValid() ? number.number.replace(/\D/g, '') : '';
	// Numbers longer than E.164 allows are always invalid.
	return digits.length >= MIN_DIGITS && digits.length <= MAX_DIGITS ? [digits] : [];
}

function readCountry(given: unknown): CountryCode | 'wrong' | undefined {
	if (given === undefined || given === null || given === '') return undefined;
	const code = typeof given === 'string' ? given.trim().toUpperCase() : '';
	return isSupportedCountry(code) ? code : 'wrong';
}

/** The address that an item names; `nobody` if it names none. */
export function addressOf({ phone, bsuid, username }: Record<string, unknown>): string {
	if (typeof phone === 'string') return phone;
	if (typeof bsuid === 'string') return bsuid;
	return typeof username === 'string' ? `@${username}` : 'nobody';
}

/** A comparison key per customer (1msg-contract-2.md, section 4), of an address or a chat ID. */
export function contactKey(address: string): string {
	if (address.startsWith('@')) return address.toLowerCase();
	return address
		.replace(/@(c\.us|lid)$/, '')
		.replace(/^55([1-9]\d)9?([6-9]\d{7})$/, (_, area: string, number: string) => `55${area}9${number}`)
		.replace(/^521?([1-9]\d{9})$/, '52$1')
		.replace(/^549?([1-9]\d{9})$/, '54$1');
}
