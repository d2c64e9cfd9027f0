import fc from 'fast-check';
import { readPhone } from '../../nodes/core/recipient/phone';

const digits = (input: unknown, country?: unknown) => {
	const result = readPhone(input, country);
	return result.ok ? result.value : result.problem.code;
};

test('any input gives digits valid for WhatsApp, or a problem', () => {
	fc.assert(
		fc.property(fc.oneof(fc.anything(), fc.string(), fc.stringMatching(/^[+0-9 ().-]{0,25}$/)), fc.option(fc.constantFrom('RU', 'us', 'DE', '', 'XX')), (input, country) => {
			const result = readPhone(input, country);
			expect(result.ok ? result.value : result.problem.code).toMatch(result.ok ? /^[1-9]\d{7,14}$/ : /^invalid-(phone|country)$/);
		}),
		{ numRuns: 3000 },
	);
});

test('formatting never changes the number', () => {
	const separators = fc.array(fc.constantFrom('', ' ', '-', '.', ' - ', '\u00a0'), { minLength: 11, maxLength: 11 });
	fc.assert(
		fc.property(separators, (between) => {
			const written = `+${[...'79123456789'].map((digit, index) => digit + between[index]).join('')}`;
			expect(digits(written)).toBe('79123456789');
		}),
	);
});

test.each([
	['+7 912 345 67 89', '', '79123456789'],
	['8 912 345-67-89', 'RU', '79123456789'],
	['79123456789', 'RU', '79123456789'],
	['+44 7400 123456', 'RU', '447400123456'],
	['447400123456', 'RU', '447400123456'],
	['00 44 7400 123456', 'DE', '447400123456'],
	['+49 (0) 151 23456789', '', '4915123456789'],
	['+5491123456789', '', '5491123456789'],
	['+55 11 91234-5678', '', '5511912345678'],
])('%s (default country "%s") is %s', (input, country, expected) => {
	expect(digits(input, country)).toBe(expected);
});

test.each(['0044 7400 123456', '(202) 555-0100', '8 912 345 67 89', '+7 912 345 67 89 ext. 5', '+999 12345678', '12', '+', '++7', '@'])(
	'%s without a country is refused',
	(input) => expect(digits(input)).toBe('invalid-phone'),
);

test.each([
	['+7 912', undefined, 'it is too short for +7'],
	['+7 912 345 67 89 012 345', undefined, 'it is too long for +7'],
	['+7 912 345 67 891', undefined, 'it has too few or too many digits for +7'],
	['912 345 67', 'RU', 'it is too short for RU'],
	['2345678901', 'RU', 'RU has no such number'],
	['9123456789', undefined, '+91 has no such number, so its country code seems to be missing'],
	['+999 12345678', undefined, 'it does not begin with a country code'],
	['+683 4002', undefined, 'it is too short'],
	['8 912 345-67-89', undefined, 'it does not begin with a country code'],
	['(202) 555-0100', undefined, 'it is a national number without its country code'],
	['+', undefined, 'it is not written as a number'],
])('%s (default country %s) is told why: %s', (input, country, why) => {
	expect(readPhone(input, country)).toMatchObject({ ok: false, problem: { message: `"${input}" is not a phone number that WhatsApp can reach: ${why}` } });
});
