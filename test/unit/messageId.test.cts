import fc from 'fast-check';
import { whyNoMessageId } from '../../nodes/core/status/messageId';

test.each([
	'wamid.HBgLNzkxMjM0NTY3ODkVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA', 'wamid.x', 'wamid.A+B/C==', 'gBGGFlA5FpafAgkOuJbRq54qwbM',
	'true_12020721369@c.us_3EB0C767D097B7C7C030', 'false_79123456789@c.us_DF38', 'null_1', '3EB0C767D097B7C7C030', 'a', '01234567890123456789012345678901',
])('%s may be a message ID', (text) => expect(whyNoMessageId(text)).toBeUndefined());

test.each([
	['undefined', /expression/], ['null', /expression/], ['NaN', /expression/], ['[object Object]', /expression/], ['[object Array]', /expression/], ['True', /expression/],
	['8812', /jobId/], ['79123456789', /phone/], ['+7 912 345-67-89', /phone/], ['(202) 555-0100', /phone/],
	['79123456789@c.us', /chat ID/], ['US.13491208655302741918@lid', /chat ID/], ['120363@g.us', /chat ID/],
	['wamid.A wamid.B', /spaces/], ['wamid.A\nwamid.B', /spaces/], ['{{ $json.messageId }}', /spaces/],
])('%j certainly is none', (text, why) => expect(whyNoMessageId(text)).toMatch(why));

test("no ID in WhatsApp's form is refused", () => {
	fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => whyNoMessageId(`wamid.${Buffer.from(bytes).toString('base64')}`) === undefined));
});
