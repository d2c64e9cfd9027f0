import fc from 'fast-check';
import { judgeSend } from '../../nodes/core/outcome/outcome';
import { redact, redactDeep } from '../../nodes/core/redact';
import { readRetryAfter } from '../../nodes/core/retryAfter';

const NOW = Date.parse('2026-11-22T18:00:00Z');
const answered = (status: number, body: unknown) => judgeSend({ kind: 'answer', status, headers: {}, text: typeof body === 'string' ? body : JSON.stringify(body) }, NOW);

test('any answer gives one of four outcomes, and accepted only for a 2xx with sent: true', () => {
	const body = fc.oneof(
		fc.json(),
		fc.string(),
		fc.record({ sent: fc.constantFrom(true, false, 'true', 'false', 1, null), id: fc.anything(), jobId: fc.oneof(fc.string(), fc.anything()), error: fc.anything(), message: fc.anything() }, { requiredKeys: [] }).map((value) => {
			try {
				return JSON.stringify(value) ?? '';
			} catch {
				return '';
			}
		}),
	);
	fc.assert(
		fc.property(fc.integer({ min: 200, max: 599 }), body, (status, text) => {
			const { outcome } = answered(status, text);
			expect(['accepted', 'queued', 'refused', 'unknown']).toContain(outcome);
			if (outcome === 'accepted') {
				expect(status).toBeLessThan(300);
				expect(String(JSON.parse(text).sent).toLowerCase()).toBe('true');
			}
			if (outcome === 'unknown') expect(status < 300 || status >= 500).toBe(true);
		}),
		{ numRuns: 5000 },
	);
});

test('a token never survives, wherever it stands', () => {
	fc.assert(
		fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{8,40}$/), fc.string(), fc.string(), (token, before, after) => {
			expect(redact(before + token + after, [token])).not.toContain(token);
			expect(JSON.stringify(redactDeep({ [token]: [before + token, { deep: token }] }, [token]))).not.toContain(token);
		}),
	);
	expect(redact('Wrong token "secret-of-another" for channel')).not.toContain('secret-of-another');
	expect(redact('https://x/?token=abc&b=1')).toBe('https://x/?token=[hidden]&b=1');
});

test.each([
	['5', 5], ['0', 0], [7, 7], ['1.2', 2], ['-5', null], ['soon', null], ['', null], [undefined, null], ['604800', 3600], ['Infinity', null],
	[['3'], 3], ['Sun, 22 Nov 2026 18:00:30 GMT', 30], ['Sun, 22 Nov 2026 17:00:00 GMT', null], ['Sun, 22 Nov 2099 17:00:00 GMT', 3600],
])('Retry-After %j is %j seconds', (header, seconds) => {
	expect(readRetryAfter(header, NOW)).toBe(seconds);
});
