/** Who a recipient field names: read from interface.md (`phone`, `defaultCountry`) and 1msg-contract-2.md (sections 3 and 4), not from the node. */
import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';

/** What may become of a message to a recipient that was given so. */
export interface Reading {
	/** Addresses that it may go to; more than one only where the rules leave it open. */
	to: string[];
	/** Whether refusing it is right as well; where `to` is empty it is the only thing that is right. */
	mayRefuse: boolean;
	/** Codes of the refusal; any where empty. */
	codes: string[];
}

const SHORTEST = 8;
const LONGEST = 15;

const only = (to: string): Reading => ({ to: [to], mayRefuse: false, codes: [] });
const perhaps = (...to: string[]): Reading => ({ to, mayRefuse: true, codes: [] });
const nobody = (...codes: string[]): Reading => ({ to: [], mayRefuse: true, codes });

/** Reads a recipient as given, with the Default Country as given; `undefined` where the option is not there. */
export function readRecipient(given: unknown, defaultCountry: unknown): Reading {
	const country = readCountry(defaultCountry);
	if (country === 'wrong') return nobody('invalid-country', 'invalid-phone', 'invalid-recipient');
	if (typeof given !== 'string' && !(typeof given === 'number' && Number.isSafeInteger(given))) return nobody();
	const text = String(given).replace(/\p{Cf}/gu, '').normalize('NFKC').trim();
	if (text === '') return nobody();
	if (/\p{L}/u.test(text.replace(/^tel:/i, ''))) return withoutPhone(text);
	const bare = text.replace(/^tel:/i, '').replace(/[\s().\-\u2010-\u2015/]/g, '');
	// A second number, or signs that no phone number has.
	if (!/^\+?\d+$/.test(bare)) return nobody();
	const digits = bare.replace('+', '');
	if (bare.startsWith('+')) return international(digits);
	if (digits.startsWith('00')) return perhaps(...international(digits.slice(2)).to, ...(country ? national(bare, country) : []));
	const reading = country ? withCountry(digits, country) : withoutCountry(digits);
	// A bracket before all is how national numbers begin, a minus is no sign of a phone at all.
	return /^[(-]/.test(text) ? { ...reading, mayRefuse: true, codes: [] } : reading;
}

/** Names that customers have beside their phone: sent as they are or refused, never to anyone else. */
function withoutPhone(text: string): Reading {
	return perhaps(text, text.replace(/@c\.us$/, ''), text.replace(/@lid$/, ''), text.replace(/^@/, ''));
}

function international(digits: string): Reading {
	const mexican = /^521(\d{10})$/.exec(digits);
	if (mexican) return perhapsValid(`52${mexican[1]}`);
	return perhapsValid(digits);
}

function perhapsValid(digits: string): Reading {
	const number = parsePhoneNumberFromString(`+${digits}`, { extract: false });
	const canonical = number?.number.replace(/\D/g, '') ?? '';
	if (canonical.length < SHORTEST || canonical.length > LONGEST) return nobody();
	if (number?.isValid()) return only(canonical);
	// A number that says its country may be newer than any list of ranges.
	return number?.isPossible() ? perhaps(canonical) : nobody();
}

/** Digits without a `+`, where a country is given. */
function withCountry(digits: string, country: CountryCode): Reading {
	const abroad = validInternational(digits);
	if (abroad !== undefined && digits.startsWith(getCountryCallingCode(country))) return only(abroad);
	const [home] = national(digits, country).filter((number) => number !== abroad);
	if (home !== undefined && abroad !== undefined) {
		// With the trunk prefix it has already been said which of the two is meant; nobody may take it for the other one.
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
	// Longer than E.164 allows is nobody's number, whatever a country's ranges say.
	return digits.length >= SHORTEST && digits.length <= LONGEST ? [digits] : [];
}

function readCountry(given: unknown): CountryCode | 'wrong' | undefined {
	if (given === undefined || given === null || given === '') return undefined;
	const code = typeof given === 'string' ? given.trim().toUpperCase() : '';
	return isSupportedCountry(code) ? code : 'wrong';
}

/** One text per customer, to compare by (1msg-contract-2.md, section 4). */
export function contactKey(address: string): string {
	return address
		.replace(/@c\.us$/, '')
		.replace(/^55([1-9]\d)9?([6-9]\d{7})$/, (_, area: string, number: string) => `55${area}9${number}`)
		.replace(/^521?([1-9]\d{9})$/, '52$1')
		.replace(/^549?([1-9]\d{9})$/, '54$1');
}
