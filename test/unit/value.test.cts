import fc from 'fast-check';
import { readValue } from '../../nodes/core/value';

test('accepts what WhatsApp accepts: not empty, no line breaks, tabs or more than four spaces in a row', () => {
	fc.assert(
		fc.property(fc.oneof(fc.anything(), fc.string({ unit: fc.constantFrom(' ', '\n', '\t', '\r', 'a', '\u200b', '\u2028') })), (given) => {
			const result = readValue(given, 'Product Name');
			if (result.ok) expect(result.value).toMatch(/^(?!\s)(?!.*[\r\n\t\u2028\u2029])(?!.* {5})[^]*\S$|^\S$/u);
			else expect(result.problem.message).toContain('Product Name');
		}),
		{ numRuns: 3000 },
	);
});

test.each([['  a  ', 'a'], ['a\nb', 'a b'], ['a\r\n\tb', 'a b'], ['a     b', 'a b'], ['a    b', 'a    b'], [0, '0'], [10482, '10482'], ['\u0645\u0631\u062d\u0628\u0627', '\u0645\u0631\u062d\u0628\u0627'], ['\ud83d\udce6', '\ud83d\udce6']])(
	'%j is taken as %j',
	(given, expected) => expect(readValue(given, 'x')).toEqual({ ok: true, value: expected }),
);

test.each([['', 'empty-variable'], ['\u200b', 'empty-variable'], ['\u3164', 'empty-variable'], [null, 'empty-variable'], [true, 'invalid-variable'], [NaN, 'invalid-variable'], [[], 'invalid-variable'], ['Hello [object Object]', 'invalid-variable'], ['x'.repeat(40_000), 'text-too-long']])(
	'%j is refused',
	(given, code) => expect(readValue(given, 'x')).toMatchObject({ ok: false, problem: { code } }),
);
