import fc from 'fast-check';
import { cluesIn } from '../../nodes/core/errorClues';
import { judgeSend } from '../../nodes/core/outcome/outcome';
import { readStatusReport } from '../../nodes/core/status/status';

const GRAPH = { code: 131049, title: 'Title', message: 'Message', error_user_title: 'User title', error_user_msg: 'User message', error_data: { details: 'Details' } };
const refused = (status: number, body: unknown) => {
	const judged = judgeSend({ kind: 'answer', status, headers: {}, text: typeof body === 'string' ? body : JSON.stringify(body) }, 0);
	return judged.outcome === 'refused' ? { ...judged.problem, stops: judged.stops } : undefined;
};

describe('the code is read', () => {
	test.each<[string, unknown]>([
		['in error.code', { error: { code: 131049 } }],
		['in error.code as a text', { error: { code: ' 131049 ' } }],
		['in error.error_code', { error: { code: 'ERR_SENDING', error_code: 131049 } }],
		['in errors', { errors: [{ code: 131049 }, { code: 131050 }] }],
		['in errors that are no list', { errors: { code: 131049 } }],
		['in response.error', { response: { error: { code: 131049 } } }],
		['in detail.error', { detail: { error: { code: 131049 } } }],
		['at the top', { sent: false, code: '131049', message: 'No' }],
		['in JSON after an HTTP status', { sent: false, message: '400 - {"error":{"code":131049,"message":"No"}}' }],
		['in JSON behind a client\'s words', { error: 'Chat API HTTP 400 Bad Request: body={"error":{"code":131049}}' }],
		['in JSON as a text', { message: '{"error":{"code":131049}}' }],
		['in JSON inside JSON', { message: `400 - ${JSON.stringify({ error: `400 - ${JSON.stringify({ error: { code: 131049 } })}` })}` }],
		['in a plain text with JSON', '400 - {"error":{"code":131049}}'],
	])('%s', (_, body) => {
		const text = typeof body === 'string' ? body : undefined;
		expect(cluesIn(text ?? body).code).toBe('131049');
		expect(refused(400, body)).toMatchObject({ code: '131049', retryAfter: 86_400 });
	});

	test('in the first of several places', () => {
		const [error, errors, response, detail] = [1, 2, 3, 4].map((digit) => ({ code: 130000 + digit }));
		const body = { error: { ...error!, error_code: 5 }, errors: [errors], response: { error: response }, detail: { error: detail }, code: 130009 };
		const left = Object.entries(body).map((_, index, all) => cluesIn(Object.fromEntries(all.slice(index))).code);
		expect(left).toEqual(['130001', '130002', '130003', '130004', '130009']);
	});

	test.each([0, 3, 10, 200, '299'])('not at the top if it can be anything, such as %j', (code) => {
		expect(cluesIn({ sent: false, code, message: 'wrong file' }).code).toBeNull();
		expect(refused(200, { sent: false, code, message: 'wrong file' })).toMatchObject({ code: 'wrong-file', stops: undefined });
	});

	test('not in JSON that a customer\'s text may hold', () => {
		const customer = '{"error":{"code":131031}}';
		for (const message of [`Invalid value: ${customer}`, `"${customer}" is too long`, `Value 250 of 'Lamp 400 ${customer}`, `Lamp 250 ${customer}`]) {
			expect(cluesIn({ message }).code).toBeNull();
			expect(refused(400, { sent: false, message })?.stops).toBeUndefined();
		}
	});
});

describe('the texts are read', () => {
	test('the most telling first, the title last', () => {
		expect(cluesIn({ error: GRAPH, message: 'Top', description: 'Description' }).texts).toEqual(['User message', 'Details', 'Message', 'Top', 'Description', 'User title', 'Title']);
		expect(cluesIn({ message: 'Top', error: 'Error' }).texts).toEqual(['Top', 'Error']);
		expect(cluesIn({ message: '400 - {"error":{"message":"Message","error_data":{"details":"Details"}}}', error: 'Error' }).texts).toEqual(['Details', 'Message', 'Error']);
	});

	test.each<[unknown, string[]]>([
		['plain text', ['plain text']],
		[{ error: ['text in a list'] }, ['text in a list']],
		[{ errors: ['text in a list'] }, ['text in a list']],
		[{ response: { error: 'text' } }, ['text']],
		[{ error: { code: 'ERR_SENDING' } }, ['ERR_SENDING']],
		[{ message: '400 - {}' }, ['400 - {}']],
		[{ message: '400 - {"error"' }, ['400 - {"error"']],
		[{ error: { message: { text: 'object' } }, message: ['list'] }, []],
		[null, []], [7, []], [[], []], [{}, []],
	])('%j says %j', (answer, texts) => expect(cluesIn(answer)).toEqual({ code: null, texts }));

	test('a refusal says the details, a failed status too', () => {
		expect(refused(400, { error: GRAPH })?.message).toContain('User message');
		expect(refused(400, { error: { ...GRAPH, error_user_msg: undefined } })?.message).toContain('Details');
		expect(readStatusReport({ id: 'w', status: 'failed', errors: [{ ...GRAPH, code: 999_999, error_user_msg: undefined }] })?.failure).toMatchObject({ code: '999999', title: 'Title', details: 'Details' });
	});

	test.each<[unknown, object]>([
		["User's number is part of an experiment", { code: '130472' }],
		['(#131026) Not this one', { code: '131026' }],
		['Failed, error code: 131049', { code: '131049' }],
		['400 - {"error":{"code":131050,"message":"No"}}', { code: '131050', details: 'No' }],
		[{ code: 131026, message: 'No', error_data: { details: 'Why' } }, { code: '131026', details: 'Why' }],
		[{ error_code: 131026 }, { code: '131026' }],
		[[{ code: '131026' }], { code: '131026' }],
		[{ message: { deep: true } }, { code: 'unknown-failure', title: 'Not delivered' }],
		[true, { code: 'unknown-failure' }],
		[undefined, { code: 'unknown-failure' }],
	])('the error %j of an ack is explained', (error, failure) => {
		expect(readStatusReport({ id: 'w', status: 'failed', error })?.failure).toMatchObject(failure);
	});
});

test.each([
	['131008', { error: { code: 131008, message: '(#131008) Required parameter is missing', error_data: { details: 'buttons: Button at index 0 of type Url requires a parameter' } } }, /button/],
	['100', { error: { code: 100, message: '(#100) Invalid parameter', error_data: { details: 'buttons: Button at index 1 is of type URL and does not support parameters' } } }, /button/],
	['132001', { message: 'Template stock_arrival not found' }, /templates of the channel/],
	['132001', { error: 'template name (stock_arrival) does not exist in en_US' }, /templates of the channel/],
])('%s gives advice that fits', (code, body, advice) => {
	for (const status of [400, 422]) expect(refused(status, body)).toMatchObject({ code, description: expect.stringMatching(advice) });
	expect(refused(200, { sent: false, ...body })).toMatchObject({ code, description: expect.stringMatching(advice) });
});

test('no answer makes the reader throw, however it nests, and what it says are texts', () => {
	const text = fc.oneof(fc.string(), fc.json().map((json) => `400 - ${json}`), fc.constantFrom('400 - {"error":{"code":1}}', '{', '400 - {"message":"{}"}'));
	const error = fc.oneof(text, fc.anything(), fc.record({ code: fc.anything(), error_code: fc.anything(), message: fc.oneof(text, fc.anything()), error_data: fc.anything(), details: text }, { requiredKeys: [] }));
	const answer = fc.oneof(fc.anything(), text, fc.record({ error, errors: fc.oneof(error, fc.array(error)), response: fc.oneof(fc.anything(), fc.record({ error })), detail: fc.record({ error }), code: fc.anything(), message: text }, { requiredKeys: [] }));
	fc.assert(
		fc.property(answer, (given) => {
			const { code, texts } = cluesIn(given);
			if (code !== null) expect(code).toMatch(/^\d+$/);
			for (const one of texts) expect(one.trim()).not.toBe('');
		}),
		{ numRuns: 5000 },
	);
	const deep = (levels: number): string => (levels === 0 ? '{"error":"no"}' : `{"error":${deep(levels - 1)}}`);
	expect(cluesIn(JSON.parse(deep(5000)) as unknown).texts).toEqual([]);
});
