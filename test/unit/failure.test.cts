import { explainFailure } from '../../nodes/core/failure';
import { FAILURES } from '../../nodes/core/failureTable';

test.each(FAILURES.map((row) => [row.code, row] as const))('%s is found by its code and explains itself', (code, row) => {
	expect(explainFailure({ code, texts: [] })).toMatchObject({ code, title: row.title, action: row.action, advice: row.advice, retryAfter: row.retryAfter });
	expect(row.retryAfter === null).toBe(row.action !== 'retryLater');
});

test.each(FAILURES.flatMap((row) => row.texts.map((text) => [text, row.code] as const)))('the words "%s" alone lead to %s', (text, code) => {
	expect(explainFailure({ texts: [`Something before, ${text.toUpperCase()}, and after`] }).code).toBe(code);
});

test.each([
	['(#131056) whatever', '131056'],
	['failed with code 131049', '131049'],
	['Error code: 130472 something', '130472'],
	['131026', '131026'],
])('a number in the text wins: %s', (text, code) => {
	expect(explainFailure({ texts: [text] }).code).toBe(code);
});

test('permissions from 200 to 299 are one row', () => {
	expect(explainFailure({ code: 200, texts: [] }).code).toBe('10');
	expect(explainFailure({ code: '294', texts: [] }).code).toBe('10');
});

test('what nobody knows is kept as it came and never retried', () => {
	expect(explainFailure({ code: 999999, texts: ['Kaboom'] })).toMatchObject({ code: '999999', title: 'Kaboom', details: 'Kaboom', retryable: false, action: 'alertPerson' });
	expect(explainFailure({ texts: [] })).toMatchObject({ code: 'unknown-failure', retryable: false });
	for (const word of ['constructor', '__proto__', 'toString']) expect(explainFailure({ code: word, texts: [word] }).code).toBe('unknown-failure');
});
