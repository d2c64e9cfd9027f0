import fc from 'fast-check';
import { addressFor, chatIdFor, contactKeyFor, isBsuid, recipientFor, type Identity } from '../../nodes/core/recipient/identity';
import { readPhone } from '../../nodes/core/recipient/phone';
import { bsuidIn } from '../../nodes/core/recipient/names';
import { readRecipient } from '../../nodes/core/recipient/recipient';

const NOBODY: Identity = { phone: null, bsuid: null, username: null };

function read(input: unknown, country?: string): Identity | string {
	const result = readRecipient(input, country);
	return result.ok ? result.value : result.problem.code;
}

test.each<[unknown, Partial<Identity>]>([
	['+7 912 345-67-89', { phone: '79123456789' }],
	[79123456789, { phone: '79123456789' }],
	['49.151.12345678', { phone: '4915112345678' }],
	['79123456789@c.us', { phone: '79123456789' }],
	['2015550123@c.us', { phone: '2015550123' }],
	['5215512349876@c.us', { phone: '525512349876' }],
	['CO.1726000000000000', { bsuid: 'CO.1726000000000000' }],
	['US.ENT.11815799212886844830', { bsuid: 'US.ENT.11815799212886844830' }],
	[' \u202aCO.1726000000000000\u202c ', { bsuid: 'CO.1726000000000000' }],
	['CO.1726000000000000@lid', { bsuid: 'CO.1726000000000000' }],
	['co_1.17_26:0@lid', { bsuid: 'co_1.17_26:0' }],
	['co_1.17_26:0', { bsuid: 'co_1.17_26:0' }],
	['@anna.shop', { username: 'anna.shop' }],
	['@CO.1726000000000000', { username: 'CO.1726000000000000' }],
	['@79123456789', { username: '79123456789' }],
	['anna.shop@username', { username: 'anna.shop' }],
])('%j is %j', (input, identity) => expect(read(input)).toEqual({ ...NOBODY, ...identity }));

test.each<[unknown, string]>([
	['120363025@g.us', 'a group'],
	['79123456789-1600000000@g.us', 'a group'],
	['status@broadcast', 'a broadcast list'],
	['@anna shop', 'a username has only'],
	['anna shop@username', 'a username has only'],
	['@', 'a username has only'],
	['@anna@username', 'a username has only'],
	['anna@shop.example', 'neither a username nor'],
	['CO.17 26@lid', 'not a user ID'],
	['CO.@lid', 'not a user ID'],
	['79123456789@lid', 'not a user ID'],
	['49.15112345678@lid', 'not a user ID'],
	['+79123456789@c.us', 'only digits'],
	['CO.1726000000000000@c.us', 'only digits'],
	['anna', 'could be a username or a user ID'],
	['anna.shop', 'could be a username or a user ID'],
	['co.1726000000000000', 'could be a username or a user ID'],
	['CO.17_26', 'could be a username or a user ID'],
	['7912345678O', 'could be a username or a user ID'],
])('%j is nobody: %s', (input, why) => {
	expect(readRecipient(input)).toMatchObject({ ok: false, problem: { code: 'invalid-recipient', action: 'fixData', saidBy: 'node', message: expect.stringContaining(why) } });
});

test.each([['', undefined], [null, undefined], [{}, undefined], ['call me', undefined], ['8 912 345-67-89', undefined], ['1@c.us', undefined]])('%j is no phone either', (input, country) =>
	expect(read(input, country)).toBe('invalid-phone'),
);

test('Default Country is about phones only', () => {
	expect(read('8 912 345-67-89', 'RU')).toEqual({ ...NOBODY, phone: '79123456789' });
	expect(read('12025550100', 'DE')).toBe('ambiguous-phone');
	expect(read('12025550100@c.us', 'DE')).toEqual({ ...NOBODY, phone: '12025550100' });
});

const letters = (alphabet: string, maxLength: number, minLength = 1) => fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
const WORD = 'abzABZ019';
const phones = fc.constantFrom('79123456789', '12025550100', '551187776666', '5511987776666', '525512349876', '5491123456789', '4915112345678');
const bsuids = fc.oneof(
	fc.tuple(fc.constantFrom('CO', 'US', 'DE', 'BR.ENT', 'a_1', '1a', 'x-'), letters(`${WORD}._:-`, 20)).map((parts) => parts.join('.')),
	fc.tuple(fc.constantFrom('CO', 'US', 'BR.ENT'), letters(WORD, 20)).map((parts) => parts.join('.')),
);
const usernames = letters(`${WORD}._-`, 30);
const identities = fc.oneof(
	fc.record({ phone: phones, bsuid: fc.option(bsuids), username: fc.option(usernames) }),
	fc.record({ phone: fc.constant(null), bsuid: bsuids, username: fc.option(usernames) }),
	fc.record({ phone: fc.constant(null), bsuid: fc.constant(null), username: usernames }),
);
const anything = fc.oneof(
	fc.anything(),
	fc.string({ unit: 'grapheme' }),
	letters(`${WORD}@.+ _:-()`, 24),
	fc.tuple(fc.oneof(phones, bsuids, usernames, fc.string()), fc.constantFrom('', '@c.us', '@lid', '@username', '@g.us', '@broadcast', '@s.whatsapp.net', '@')).map((parts) => parts.join('')),
);

describe('whoever is read', () => {
	test('is answered by their recipient, and has the same key', () =>
		fc.assert(
			fc.property(identities, fc.constantFrom(undefined, 'RU', 'DE', 'BR', 'US'), (identity, country) => {
				const answered = read(recipientFor(identity), country);
				expect(answered).not.toEqual(expect.any(String));
				expect(contactKeyFor(answered as Identity)).toBe(contactKeyFor(identity));
			}),
		));

	test('is one customer under one name, and a phone only if there is nothing but a phone', () =>
		fc.assert(
			fc.property(anything, fc.constantFrom(undefined, 'RU', 'DE', 'BR'), (input, country) => {
				const who = read(input, country);
				if (typeof who === 'string') return;
				expect(Object.values(who).filter((name) => name !== null)).toHaveLength(1);
				const given = String(input).replace(/\p{Cf}/gu, '').trim();
				const bare = given.replace(/@c\.us$/, '');
				if (who.phone !== null) expect(bare === given ? readPhone(given, country) : readPhone(`+${bare}`)).toEqual({ ok: true, value: who.phone });
				// Never a part of what was given.
				else expect([who.bsuid, `${who.bsuid}@lid`, `@${who.username}`, `${who.username}@username`]).toContain(given);
			}),
			{ numRuns: 2000 },
		));

	test('is sent to by what they are: digits, or a user ID in place of the phone, or a username', () =>
		fc.assert(
			fc.property(identities, (identity) => {
				const address = addressFor(identity)!;
				if (identity.phone === null && identity.bsuid === null) expect(address).toEqual({ username: identity.username });
				else expect(address).toEqual({ phone: identity.phone ?? identity.bsuid });
			}),
		));

	test('has a chat whose ID names them', () =>
		fc.assert(
			fc.property(identities, (identity) => {
				const chatId = chatIdFor(identity);
				if (chatId === null) expect(identity).toMatchObject({ phone: null, bsuid: null });
				else expect(contactKeyFor(read(chatId) as Identity)).toBe(contactKeyFor(identity));
			}),
		));
});

test('digits are no user ID, whatever stands between or behind them', () => {
	fc.assert(
		fc.property(letters('0123456789.:_-', 30), (digits) => {
			expect(isBsuid(digits)).toBe(false);
			expect(bsuidIn(`${digits}@lid`)).toBeNull();
		}),
	);
});
