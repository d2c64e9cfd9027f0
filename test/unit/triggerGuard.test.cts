import fc from 'fast-check';
import { bytesOf, isSecret } from '../../nodes/OneMsgTrigger/guard';

const SECRET = 'Zm9yIHRlc3RzIG9ubHksIG5vdCByZWFs';

test('only the whole secret, as one text, is the secret', () => {
	const near = fc.oneof(
		fc.nat({ max: SECRET.length - 1 }).map((length) => SECRET.slice(0, length)),
		fc.string({ minLength: 1 }).map((more) => SECRET + more),
		fc.string({ minLength: 1 }).map((more) => more + SECRET),
		fc.constantFrom([SECRET], [SECRET, SECRET], { 0: SECRET }, { toString: () => SECRET }, new String(SECRET), SECRET.toLowerCase(), null, undefined, true),
		fc.anything(),
	);
	fc.assert(fc.property(near, (given) => isSecret(given, SECRET) === (given === SECRET)), { numRuns: 10_000 });
	expect(isSecret(SECRET, SECRET)).toBe(true);
});

test('without a registered secret, none is valid', () => {
	for (const expected of [undefined, '']) for (const given of ['', undefined, SECRET]) expect(isSecret(given, expected)).toBe(false);
});

test.each([
	[{ rawBody: Buffer.alloc(12), headers: { 'content-length': '7' } }, 12],
	[{ headers: { 'content-length': '7' } }, 7],
	[{ headers: { 'content-length': 'many' } }, 0],
	[{ headers: {} }, 0],
])('the size of a body: %#', (request, bytes) => expect(bytesOf(request as never)).toBe(bytes));
