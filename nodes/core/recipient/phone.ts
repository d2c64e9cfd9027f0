import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString, validatePhoneNumberLength, type CountryCode } from 'libphonenumber-js/min';
import { sendableDigits } from './contactKey';
import { foundBeforeSending, err, ok, type Result } from '../problem';

/** Characters that nobody sees, such as those around a number copied from a chat. */
export const INVISIBLE = /\p{Cf}/gu;
/** Digits, including the country code. */
const MIN_DIGITS = 8;
const MAX_DIGITS = 15;

function bad<T>(code: string, given: string, why: string): Result<T> {
	return err(
		foundBeforeSending({
			code,
			message: given === '' ? 'The phone number is empty' : `"${given.slice(0, 60)}" is not a phone number that WhatsApp can reach: ${why}`,
			description:
				'Give the number with its country code, for example +7 912 345-67-89, or set the Default Country option for national numbers.',
		}),
	);
}

/** Marks an international number: `+`, optionally after `tel:` or a bracket. */
const INTERNATIONAL_PREFIX = /^(?:tel:)?\s*[(]?[+\uFF0B]/i;

/**
 * Reads a phone number in any human formatting into the digits WhatsApp expects (no `+`).
 * With `defaultCountry` (ISO 3166-1 alpha-2, any case) national numbers are parsed by that country's rules;
 * without it the number must be international, with or without a leading `+` (interface.md, `defaultCountry`).
 * Gives `invalid-phone`, `ambiguous-phone` for digits that match two people's numbers, or `invalid-country`.
 */
export function readPhone(input: unknown, defaultCountry?: unknown): Result<string> {
	const readings = readPhoneReadings(input, defaultCountry);
	if (!readings.ok) return readings;
	const [international, national] = readings.value;
	return national === undefined ? ok(international!) : ambiguous(String(input), international!, national);
}

/** As `readPhone`, but digits that match two people's numbers give both, the international one first. */
export function readPhoneReadings(input: unknown, defaultCountry?: unknown): Result<string[]> {
	const country = readCountry(defaultCountry);
	if (!country.ok) return country;
	if (typeof input !== 'string' && typeof input !== 'number') {
		return input === null || input === undefined
			? bad('invalid-phone', '', '')
			: bad('invalid-phone', typeof input, 'text was expected');
	}
	const given = String(input).replace(INVISIBLE, '').trim();
	if (given === '') return bad('invalid-phone', '', '');
	if (/\p{L}/u.test(given.replace(/^tel:/i, ''))) {
		return bad('invalid-phone', given, 'it contains letters');
	}
	if (INTERNATIONAL_PREFIX.test(given)) return only(check(withoutMexican1(given.replace(INTERNATIONAL_PREFIX, '+')), given, undefined, 'possible'));
	const international = check(withoutMexican1(`+${given}`), given, undefined, 'valid');
	if (country.value !== undefined) return readWithCountry(given, country.value, international);
	if (/^\s*[0(]/.test(given)) return bad('invalid-phone', given, 'it is a national number without its country code');
	if (international.ok && given.replace(/\D/g, '').length === 10) {
		const northAmerican = check(`+1${given}`, given, undefined, 'valid');
		if (northAmerican.ok) return ok([international.value, northAmerican.value]);
	}
	return only(international);
}

function only(reading: Result<string>): Result<string[]> {
	return reading.ok ? ok([reading.value]) : reading;
}

/** Digits that begin with the country's own calling code are international; digits that match a national and another country's number are ambiguous. */
function readWithCountry(given: string, country: CountryCode, international: Result<string>): Result<string[]> {
	if (international.ok && international.value.startsWith(getCountryCallingCode(country))) return only(international);
	const national = check(given, given, country, 'valid');
	if (!national.ok) return only(international.ok ? international : national);
	if (international.ok && international.value !== national.value) return ok([international.value, national.value]);
	return only(national);
}

function ambiguous(given: string, international: string, national: string): Result<string> {
	return err(
		foundBeforeSending({
			code: 'ambiguous-phone',
			message: `"${given.replace(INVISIBLE, '').trim().slice(0, 60)}" could be two people's number: +${international} or +${national}`,
			description:
				'Put a + in front of an international number, or the trunk prefix (0 in most countries, 1 in North America) in front of a national one. An answer to an item of this package is never ambiguous with its "recipient".',
		}),
	);
}

/** WhatsApp's IDs of Mexican phones may have an obsolete 1 after the country code (1msg-contract-2.md, section 4). */
function withoutMexican1(candidate: string): string {
	const digits = candidate.replace(/\D/g, '');
	const sendable = sendableDigits(digits);
	return sendable === digits ? candidate : `+${sendable}`;
}

function check(
	candidate: string,
	given: string,
	country: CountryCode | undefined,
	required: 'possible' | 'valid',
): Result<string> {
	const parsed = parsePhoneNumberFromString(candidate, { defaultCountry: country, extract: false });
	const digits = parsed?.number.replace(/\D/g, '') ?? '';
	if (parsed?.ext !== undefined) return bad('invalid-phone', given, 'extensions cannot be reached');
	// An explicitly international number may be newer than our list of ranges; any other must match it.
	const accepted = required === 'valid' ? parsed?.isValid() : parsed?.isPossible();
	if (accepted && digits.length >= MIN_DIGITS && digits.length <= MAX_DIGITS) return ok(digits);
	const region = country ?? (parsed ? `+${parsed.countryCallingCode}` : 'any country');
	if (accepted) return bad('invalid-phone', given, `it is too ${digits.length < MIN_DIGITS ? 'short' : 'long'}`);
	const guessed = country === undefined && required === 'valid' ? ', so its country code seems to be missing' : '';
	return bad('invalid-phone', given, lengthProblem(candidate, country, region) ?? `${region} has no such number${guessed}`);
}

/** What is wrong with the number's length or prefix; `region` is where it would belong. */
function lengthProblem(candidate: string, country: CountryCode | undefined, region: string): string | undefined {
	switch (validatePhoneNumberLength(candidate, country)) {
		case 'TOO_SHORT':
			return `it is too short for ${region}`;
		case 'TOO_LONG':
			return `it is too long for ${region}`;
		case 'INVALID_LENGTH':
			return `it has too few or too many digits for ${region}`;
		case 'INVALID_COUNTRY':
			return 'it does not begin with a country code';
		case 'NOT_A_NUMBER':
			return 'it is not written as a number';
		default:
			return undefined;
	}
}

function readCountry(value: unknown): Result<CountryCode | undefined> {
	if (value === undefined || value === null || value === '') return ok(undefined);
	const country = typeof value === 'string' ? value.trim().toUpperCase() : '';
	if (isSupportedCountry(country)) return ok(country);
	return err(
		foundBeforeSending({
			code: 'invalid-country',
			message: `"${String(value).slice(0, 20)}" is not a country code`,
			description: 'Set Default Country to two letters as in ISO 3166-1, for example ES or BR.',
		}),
	);
}
