/** Recipients in the formats that people and systems use. */
import fc from 'fast-check';

/** Customers: calling code, national number, trunk prefix and country code. The numbers are from existing ranges. */
const CUSTOMERS: ReadonlyArray<{ country: string; code: string; national: string; trunk: string }> = [
	{ country: 'RU', code: '7', national: '9123456789', trunk: '8' },
	{ country: 'KZ', code: '7', national: '7012345678', trunk: '8' },
	{ country: 'US', code: '1', national: '2025550143', trunk: '1' },
	{ country: 'CA', code: '1', national: '4165550123', trunk: '1' },
	{ country: 'DE', code: '49', national: '15112345678', trunk: '0' },
	{ country: 'AT', code: '43', national: '6641234567', trunk: '0' },
	{ country: 'CH', code: '41', national: '791234567', trunk: '0' },
	{ country: 'GB', code: '44', national: '7911123456', trunk: '0' },
	{ country: 'FR', code: '33', national: '612345678', trunk: '0' },
	{ country: 'ES', code: '34', national: '612345678', trunk: '' },
	{ country: 'IT', code: '39', national: '3471234567', trunk: '' },
	{ country: 'PL', code: '48', national: '512345678', trunk: '' },
	{ country: 'TR', code: '90', national: '5321234567', trunk: '0' },
	{ country: 'IN', code: '91', national: '9812345678', trunk: '0' },
	{ country: 'ID', code: '62', national: '81234567890', trunk: '0' },
	{ country: 'CN', code: '86', national: '13812345678', trunk: '0' },
	{ country: 'NG', code: '234', national: '8031234567', trunk: '0' },
	{ country: 'EG', code: '20', national: '1001234567', trunk: '0' },
	{ country: 'CO', code: '57', national: '3001112233', trunk: '' },
	{ country: 'SG', code: '65', national: '91234567', trunk: '' },
	{ country: 'BR', code: '55', national: '11987654321', trunk: '0' },
	{ country: 'BR', code: '55', national: '1187654321', trunk: '0' },
	{ country: 'MX', code: '52', national: '5512345678', trunk: '' },
	{ country: 'AR', code: '54', national: '91123456789', trunk: '0' },
];

/** Country codes in the option's formats, some invalid. */
export const countryCodes: fc.Arbitrary<string> = fc.oneof(
	{ weight: 10, arbitrary: fc.constantFrom(...new Set(CUSTOMERS.map(({ country }) => country))) },
	{ weight: 1, arbitrary: fc.constantFrom('de', ' BR ', '', 'XX', 'Germany') },
);

/** A customer: one from the list with other last digits, so that most worlds have many. */
const customers = fc
	.record({ base: fc.constantFrom(...CUSTOMERS), last: fc.integer({ min: 0, max: 99 }) })
	.map(({ base, last }) => ({ ...base, national: base.national.slice(0, -2) + String(last).padStart(2, '0') }));

/** Ten digits in the North American format; many area codes look like another country's prefix. */
const tenDigits = fc
	.record({ area: fc.integer({ min: 201, max: 989 }), exchange: fc.integer({ min: 200, max: 999 }), line: fc.integer({ min: 0, max: 9999 }) })
	.map(({ area, exchange, line }) => `${area}${exchange}${String(line).padStart(4, '0')}`);

const fullWidth = (text: string) => text.replace(/[\d+]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));

const written = fc.record({ customer: customers, form: fc.integer({ min: 0, max: 19 }) }).map(({ customer: { code, national, trunk }, form }): unknown => {
	const all = code + national;
	const grouped = national.replace(/^(\d{3})(\d{3})(\d{2})/, '$1 $2-$3-');
	switch (form) {
		case 0:
			return `+${all}`;
		case 1:
			return `+${code} ${grouped}`;
		case 2:
			return `+${code} (${national.slice(0, 3)}) ${national.slice(3)}`;
		case 3:
			return `00${all}`;
		case 4:
			return `00 ${code} ${grouped}`;
		case 5:
			return `tel:+${all}`;
		case 6:
			return all;
		case 7:
			return Number(all);
		case 8:
			return fullWidth(`+${all}`);
		case 9:
			return fullWidth(all);
		case 10:
			return `${trunk}${national}`;
		case 11:
			return `${trunk} ${grouped}`;
		case 12:
			return national;
		case 13:
			return Number(national);
		case 14:
			return `(${trunk}${national.slice(0, 3)}) ${national.slice(3)}`;
		case 15:
			return `\u202a+${all}\u202c`;
		case 16:
			return ` +${code}\u00a0${national} `;
		case 17:
			return `+${code} (0)${national}`;
		case 18:
			return `${code} ${grouped}`;
		default:
			return `+${code}.${national.slice(0, 2)}.${national.slice(2)}`;
	}
});

/** WhatsApp's own forms: Brazil without the 9, Mexico with the 1, Argentina with the 9. */
const whatsAppNames = fc.record({ last: fc.integer({ min: 1000, max: 9999 }), form: fc.integer({ min: 0, max: 5 }) }).map(
	({ last, form }): unknown => [`55118765${last}`, `521551234${last}`, `+521551234${last}`, Number(`521551234${last}`), `54911234${last}5`, `+54911234${last}5`][form],
);

const nonsense: fc.Arbitrary<unknown> = fc.constantFrom<unknown[]>(
	'', ' ', '0', '123', '+', 'n/a', 'unknown', null, true, false, [], {}, ['+79123456789'], { phone: '+79123456789' }, -79123456789, 7.5, 1e21, 0,
	'+79123456789 / +79123456780', '+7912345678', '+791234567890123', '7912345678', '+1 202 555 0143 x22', '79123456789, 79123456780', 'call me', '+7 912 345 67 8O', '99999999999', '+999123456789',
);

/** Customers without a phone, or with one in a chat ID; the same ones again and again, under several names. */
const names = fc.record({ form: fc.integer({ min: 0, max: 9 }), last: fc.integer({ min: 0, max: 5 }) }).map(
	({ form, last }): unknown =>
		[
			`CO.172600000000000${last}`, `CO.172600000000000${last}@lid`, `US.ENT.118157992128868448${last}`, ` CO.172600000000000${last} `,
			`@anna.shop${last}`, `@Anna.Shop${last}`, `anna.shop${last}@username`, `@CO.172600000000000${last}`, `7912345678${last}@c.us`, `55118765123${last}@c.us`,
		][form],
);

/** Chats without a customer, malformed names, and words that could be two names. */
const noNames = fc.constantFrom(
	'120363025@g.us', 'status@broadcast', '@', '@anna shop', 'anna shop@username', 'anna@shop.example', 'anna.shop', 'anna', 'co.1726000000000000', 'CO.1726000000000000@c.us',
	'CO.17_26', 'CO.17_26@lid', 'co_1.17:26', 'CO.17 26@lid', 'CO.@lid', '79123456789@lid', '49.15112345678@lid', '+79123456789@c.us', '@@anna',
);

/** A recipient as given in an item. */
export const recipients: fc.Arbitrary<unknown> = fc.oneof(
	{ weight: 24, arbitrary: written },
	{ weight: 3, arbitrary: tenDigits },
	{ weight: 1, arbitrary: tenDigits.map(Number) },
	{ weight: 3, arbitrary: whatsAppNames },
	{ weight: 2, arbitrary: nonsense },
	{ weight: 4, arbitrary: names },
	{ weight: 2, arbitrary: noNames },
);

/** An unambiguous recipient. */
export const plainRecipients: fc.Arbitrary<string> = fc.oneof(
	{ weight: 9, arbitrary: customers.map(({ code, national }) => `+${code}${national}`) },
	{ weight: 1, arbitrary: fc.record({ isUsername: fc.boolean(), last: fc.integer({ min: 10, max: 99 }) }).map(({ isUsername, last }) => (isUsername ? `@anna.shop${last}` : `CO.17260000000000${last}`)) },
);

/** The credential's Test Recipient; credentials imported by the command line may have numbers. */
export const testRecipients: fc.Arbitrary<unknown> = fc.oneof(
	{ weight: 4, arbitrary: fc.constantFrom<unknown[]>('+12025550199', '+1 (202) 555-0199', '12025550199', 12025550199, '4915112345699', 4915112345699) },
	{ weight: 1, arbitrary: fc.constantFrom<unknown[]>('', '  ', 'nobody', 'CO.1726000000000000', '@anna', 2025550143, '0151 12345699', '+521551234567') },
);
