import fc from 'fast-check';
import { contactKeyOf, formsOf } from '../../nodes/core/recipient/contactKey';
import { contactEntriesOf, isListed, readContactList } from '../../nodes/core/recipient/contactList';
import { contactKeyFor, recipientFor, type Identity } from '../../nodes/core/recipient/identity';
import { readRecipient } from '../../nodes/core/recipient/recipient';

const NOBODY: Identity = { phone: null, bsuid: null, username: null };

function read(given: unknown, country?: string): ReadonlySet<string> | string {
	const entries = contactEntriesOf(given);
	if (!entries.ok) return entries.problem.code;
	const list = readContactList(entries.value, country);
	return list.ok ? list.value : list.problem.code;
}

function blocks(given: unknown, customer: Identity): boolean {
	const list = read(given);
	return typeof list !== 'string' && isListed(list, customer);
}

/** Mobiles of existing ranges, among them those with two forms. */
const phones = fc
	.record({ base: fc.constantFrom('7912345', '1202555', '55119876', '55319888', '5255123', '54911234', '4915112', '44791112', '9198123'), rest: fc.integer({ min: 0, max: 99_999 }) })
	.map(({ base, rest }) => (base + String(rest).padStart(5, '0')).slice(0, { '55': 13, '52': 12, '54': 13 }[base.slice(0, 2)] ?? 12))
	.filter((digits) => readRecipient(`+${digits}`).ok);
const customers: fc.Arbitrary<Identity> = fc.oneof(
	phones.map((phone) => ({ ...NOBODY, phone })),
	fc.stringMatching(/^[A-Z]{2}\.[A-Za-z0-9]{4,20}$/).map((bsuid) => ({ ...NOBODY, bsuid })),
	fc.stringMatching(/^[a-z]{2,9}\.[0-9]{1,9}$/).map((bsuid) => ({ ...NOBODY, bsuid })),
	fc.stringMatching(/^[A-Za-z0-9._-]{3,20}$/).map((username) => ({ ...NOBODY, username })),
);

/** Every way in which a customer may be written on a list. */
function namesOf(customer: Identity): unknown[] {
	const { phone, bsuid, username } = customer;
	const texts = [contactKeyFor(customer)!, recipientFor(customer)!];
	if (phone !== null) texts.push(...formsOf(phone).flatMap((form) => [`+${form}`, `${form}@c.us`]), `+${phone.slice(0, 2)} (${phone.slice(2, 5)}) ${phone.slice(5)}`);
	if (bsuid !== null) texts.push(`${bsuid}@lid`);
	if (username !== null) texts.push(`${username}@username`, `@${username.toUpperCase()}`);
	return [...texts, { contactKey: texts[0] }, { recipient: texts[1] }, { json: { phone, bsuid, username } }];
}

test('a customer on the list is found, however they are written and whatever stands beside', () => {
	fc.assert(
		fc.property(customers, fc.array(customers, { maxLength: 5 }), fc.nat(), fc.nat(), (customer, others, at, which) => {
			const names = namesOf(customer);
			const name = names[which % names.length];
			const list = others.map((other) => namesOf(other)[which % 2]);
			list.splice(at % (list.length + 1), 0, name);
			expect(blocks(list, customer)).toBe(true);
			if (typeof name === 'string') for (const separator of [',', '; ', '\n', '\r\n\r\n', ',\n']) expect(blocks(list.map(String).join(separator), customer)).toBe(true);
		}),
		{ numRuns: 1000 },
	);
});

test('a customer who is not on the list is not found', () => {
	fc.assert(
		fc.property(customers, fc.array(customers, { maxLength: 5 }), (customer, others) => {
			const isOther = (other: Identity) => contactKeyFor(other) !== contactKeyFor(customer);
			// A user ID may have a username's form: then both are blocked.
			fc.pre(customer.username === null || !customer.username.includes('.'));
			expect(blocks(others.filter(isOther).map(recipientFor), customer)).toBe(false);
		}),
	);
});

test('every name of an entry counts', () => {
	const anna: Identity = { phone: '79123456789', bsuid: 'RU.1726000000000001', username: 'anna' };
	for (const name of ['phone', 'bsuid', 'username'] as const) {
		expect(blocks([{ ...anna, since: '2026-01-01' }], { ...NOBODY, [name]: anna[name] })).toBe(true);
		expect(blocks([{ [name]: anna[name] }], anna)).toBe(true);
	}
});

test('nothing in a list makes it throw, and a list is read or refused', () => {
	fc.assert(
		fc.property(fc.oneof(fc.anything(), fc.array(fc.anything()), fc.string({ unit: 'binary' })), fc.option(fc.string(), { nil: undefined }), (given, country) => {
			const found = read(given, country);
			expect(typeof found === 'string' ? ['invalid-option', 'invalid-country'] : ['a list']).toContain(typeof found === 'string' ? found : 'a list');
		}),
		{ numRuns: 2000 },
	);
});

test('an entry without a name is never overlooked', () => {
	const nothing = fc.constantFrom<unknown[]>(null, undefined, '', ' ', {}, { phone: null }, { phone: '' }, { name: 'Anna' }, true, [], 'nobody', '12');
	fc.assert(
		fc.property(fc.array(phones), nothing, fc.nat(), (list, entry, at) => {
			const given: unknown[] = list.map((phone) => `+${phone}`);
			given.splice(at % (given.length + 1), 0, entry);
			expect(read(given)).toBe('invalid-option');
		}),
	);
});

test('a contact key that is no valid number, as the log has it, is found in a column contactKey', () => {
	expect(blocks([{ contactKey: '99999999999' }], { ...NOBODY, phone: '99999999999' })).toBe(true);
});

test('the same key stands for every form of a phone', () => {
	fc.assert(fc.property(phones, (phone) => formsOf(phone).forEach((form) => expect(contactKeyOf(form)).toBe(contactKeyOf(phone)))));
});
