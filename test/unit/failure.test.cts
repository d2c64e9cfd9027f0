import { readEvents } from '../../nodes/core/events/events';
import { explainFailure } from '../../nodes/core/failure/failure';
import { FAILURES } from '../../nodes/core/failure/table';
import { judgeSend } from '../../nodes/core/outcome/outcome';
import { readHookInfo } from '../../nodes/core/status/status';
import { ROWS } from './failure-rows.cjs';

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

test('an unknown failure is kept as is and never retried', () => {
	expect(explainFailure({ code: 999999, texts: ['Kaboom'] })).toMatchObject({ code: '999999', title: 'Kaboom', details: 'Kaboom', retryable: false, action: 'alertPerson' });
	expect(explainFailure({ texts: [] })).toMatchObject({ code: 'unknown-failure', retryable: false });
	for (const word of ['constructor', '__proto__', 'toString']) expect(explainFailure({ code: word, texts: [word] }).code).toBe('unknown-failure');
});

describe('every row of the API\'s error table', () => {
	const codes = ROWS.flatMap(([numbers, , action]) => numbers.map((code) => [code, action] as const));
	const texts = ROWS.flatMap(([[code], lines, action]) => lines.map((text) => [text, code!, action] as const));
	const nameOf = (code: string) => (/^2\d\d$/.test(code) ? '10' : code);
	const hook = (more: object) => ({ id: 'w', status: 'failed', timestamp: '1754400000', recipient_id: '12025550100', ...more });
	const failureOf = (body: object) => {
		const [event] = readEvents(body, '2026-11-22T18:00:00.000Z', { raw: false, statusTimes: false }).events;
		return event?.event === 'messageStatus' ? event.failure : undefined;
	};
	const refusal = (status: number, body: object) => {
		const outcome = judgeSend({ kind: 'answer', status, headers: {}, text: JSON.stringify(body) }, 0);
		return outcome.outcome === 'refused' ? outcome.problem : undefined;
	};

	test.each(codes)('%s: by its number, as number and as text', (code, action) => {
		expect(explainFailure({ code, texts: ['whatever was said'] })).toMatchObject({ code: nameOf(code), action, details: 'whatever was said' });
		if (/^\d+$/.test(code)) expect(explainFailure({ code: Number(code), texts: [] })).toMatchObject({ code: nameOf(code), action });
	});

	test.each(texts)('"%s": by the text alone', (text, code, action) => {
		const found = { code, action, retryable: action === 'retryLater', retryAfter: action === 'retryLater' ? expect.any(Number) : null };
		expect(explainFailure({ texts: [text] })).toMatchObject(found);
		expect(explainFailure({ code: 999999, texts: [text.toUpperCase()] })).toMatchObject({ ...found, code: '999999' });
	});

	test.each(codes.filter(([code]) => /^\d+$/.test(code)))('%s: the same from hookInfo, the webhook and a refused send', (code, action) => {
		const error = { code: Number(code), title: 'Said', message: 'Said', error_data: { details: 'More' } };
		const explained = { code: nameOf(code), action, details: 'More' };
		expect(readHookInfo('w', JSON.stringify({ hooks: [hook({ errors: [error] })] }))!.failure).toMatchObject(explained);
		expect(failureOf({ hooks: [hook({ errors: [error] })] })).toMatchObject(explained);
		expect(failureOf({ entry: [{ changes: [{ value: { statuses: [hook({ errors: [error] })] } }] }] })).toMatchObject(explained);
		expect(refusal(400, { error })).toMatchObject({ code: nameOf(code), action });
		expect(refusal(200, { sent: false, error })).toMatchObject({ code: nameOf(code), action });
		expect(refusal(200, { sent: false, message: `(#${code}) Said` })).toMatchObject({ code: nameOf(code), action });
	});

	test.each(texts)('"%s": the same from hookInfo, the webhook and a refused send', (text, code, action) => {
		expect(readHookInfo('w', JSON.stringify({ hooks: [hook({ error: text })] }))!.failure).toMatchObject({ code, action, details: expect.any(String) });
		expect(failureOf({ ack: [{ id: 'w', status: 'failed', error: text }] })).toMatchObject({ code, action });
		expect(failureOf({ ack: [{ id: 'w', status: 'failed', error: { message: text } }] })).toMatchObject({ code, action });
		expect(refusal(400, { error: text })).toMatchObject({ code, action });
		expect(refusal(200, { sent: false, message: text })).toMatchObject({ code, action });
	});

	test('the table has no other rows than those and ours', () => {
		const known = new Set(codes.map(([code]) => nameOf(code)));
		expect(FAILURES.map(({ code }) => code).filter((code) => !known.has(code))).toEqual(['namespace-rejected']);
	});

	test('no two rows share a number or a text', () => {
		const unique = (values: string[]) => expect(values.filter((value, index) => values.indexOf(value) !== index)).toEqual([]);
		unique(FAILURES.map(({ code }) => code));
		unique(FAILURES.flatMap((row) => row.texts));
		for (const { texts: pieces } of FAILURES) for (const piece of pieces) expect(piece).toBe(piece.toLowerCase());
	});
});

test.each([
	['The country code 1 is not supported', 'unknown-failure'],
	['Request failed with status code 200', 'unknown-failure'],
	['HTTP code 100', 'unknown-failure'],
	['{"error":{"code":131049}}', '131049'],
	['error_code=4', '4'],
	['Error code 2', '2'],
])('a number is WhatsApp\'s only where it can be nothing else: %s', (text, code) => {
	expect(explainFailure({ texts: [text] }).code).toBe(code);
});
