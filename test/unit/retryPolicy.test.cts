import { type Answer, judgeSend, retryAfterOf } from '../../nodes/core/outcome/outcome';
import { nextStep, type Attempts } from '../../nodes/core/pacing/retryPolicy';
import { neverLeft, refused } from '../../nodes/OneMsg/sending/notSentProblems';
import { feedbackOf } from '../../nodes/OneMsg/sending/sender';

const answer = (status: number, body: unknown, headers: Record<string, unknown> = {}): Answer => ({ kind: 'answer', status, headers, text: JSON.stringify(body) });
const accepted = answer(200, { sent: true, id: 'wamid.1' });
const tooMany = answer(429, { error: 'Too many requests' });
const tooManyInBody = answer(200, { sent: false, error: { code: 130429, message: 'Rate limit hit' } });
const pair = answer(200, { sent: false, error: { code: 131056, message: 'Pair rate limit hit' } });
const unreached: Answer = { kind: 'unreached', code: 'ECONNREFUSED', reason: 'nothing accepts connections there' };
const lost: Answer = { kind: 'lost', reason: 'no answer within 30 seconds' };

const attempts = (changes: Partial<Attempts> = {}): Attempts => ({ count: 1, firstAt: 1000, now: 1100, retryAfter: null, retryFor: 300, ...changes });
const step = (given: Answer, changes?: Partial<Attempts>) => nextStep(judgeSend(given, 0), attempts(changes));
const problem = (given: Answer, changes?: Partial<Attempts>) => {
	const outcome = judgeSend(given, 0);
	return outcome.outcome === 'refused' ? refused(outcome, attempts(changes)) : undefined;
};

describe('feedback to the pacer', () => {
	it.each([
		['accepted', accepted, { kind: 'accepted' }],
		['queued', answer(200, { sent: false, jobId: 'j1' }), { kind: 'accepted' }],
		['429', tooMany, { kind: 'throttled', retryAfter: null }],
		['429 with Retry-After', answer(429, {}, { 'retry-after': '7' }), { kind: 'throttled', retryAfter: 7 }],
		['130429 in a body', tooManyInBody, { kind: 'throttled', retryAfter: null }],
		['130429 in an unprocessable answer', answer(422, { error: { code: 130429 } }), { kind: 'throttled', retryAfter: null }],
		['80007', answer(400, { error: '(#80007) Rate limit issues' }), { kind: 'throttled', retryAfter: null }],
		['the pair limit, which is about one customer', pair, { kind: 'other' }],
		['a refusal for another reason', answer(422, { error: 'Wrong number of parameters' }), { kind: 'other' }],
		['500', answer(500, { error: 'Internal server error' }), { kind: 'other' }],
		['no connection', unreached, { kind: 'unreached' }],
		['no answer', lost, { kind: 'lost' }],
	])('%s', (_, given, feedback) => {
		expect(feedbackOf(given, judgeSend(given, 0), 0)).toEqual(feedback);
	});

	it.each([['-5', null], ['a week', null], ['604800', 3600], ['Thu, 01 Jan 1970 00:00:30 GMT', 30]])('Retry-After "%s" asks for %s seconds', (header, seconds) => {
		expect(retryAfterOf(answer(429, {}, { 'retry-after': header }), 0)).toBe(seconds);
	});
});

describe('retries of a message', () => {
	it.each([
		['accepted', accepted],
		['queued', answer(200, { sent: false, jobId: 'j1' })],
		['unknown after a lost answer', lost],
		['unknown after a 500', answer(500, 'oops')],
		['refused for its data', answer(422, { error: 'Invalid phone' })],
		['refused for the token', answer(401, { error: 'Wrong token' })],
		['refused for spam', answer(400, { error: { code: 131048 } })],
	])('%s: settled', (_, given) => {
		expect(step(given)).toEqual({ step: 'settle' });
	});

	it('after two throttled attempts, the pacer alone decides when to retry', () => {
		expect(step(tooMany)).toEqual({ step: 'retry', delay: 0 });
		expect(step(tooManyInBody, { count: 2 })).toEqual({ step: 'retry', delay: 0 });
	});

	it('repeated refusals back off, up to a minute', () => {
		const waits = [3, 4, 5, 9, 10, 1000].map((count) => step(tooMany, { count }));
		expect(waits).toEqual([500, 1000, 2000, 32_000, 60_000, 60_000].map((delay) => ({ step: 'retry', delay })));
	});

	it('honours Retry-After, up to a minute', () => {
		expect(step(tooMany, { retryAfter: 7 })).toEqual({ step: 'retry', delay: 7000 });
		expect(step(tooMany, { retryAfter: 3600 })).toEqual({ step: 'retry', delay: 60_000 });
		expect(step(tooMany, { retryAfter: -1 })).toEqual({ step: 'retry', delay: 0 });
		expect(step(tooMany, { retryAfter: NaN })).toEqual({ step: 'retry', delay: 0 });
	});

	it('the pair limit waits six seconds and keeps its code in the final error', () => {
		expect(step(pair)).toEqual({ step: 'retry', delay: 6000 });
		expect(step(pair, { now: 300_000 })).toEqual({ step: 'giveUp' });
		expect(problem(pair, { now: 300_000 })).toMatchObject({ code: '131056', action: 'retryLater' });
	});

	it('gives up when time is up, or would be by the next attempt', () => {
		expect(step(tooMany, { count: 12, now: 301_000 })).toEqual({ step: 'giveUp' });
		expect(step(tooMany, { retryAfter: 20, retryFor: 10 })).toEqual({ step: 'giveUp' });
		expect(step(tooMany, { retryFor: 0 })).toEqual({ step: 'giveUp' });
		expect(problem(tooMany, { count: 12, now: 301_000 })).toMatchObject({ code: 'rate-limited', action: 'retryLater', httpCode: 429, message: expect.stringContaining('12 times in 300 seconds') });
		expect(problem(tooManyInBody, { count: 12, now: 301_000 })).toMatchObject({ code: 'rate-limited', httpCode: 200 });
		expect(problem(tooMany)).toMatchObject({ message: expect.stringContaining('once') });
	});

	it('an unreachable service is retried, then reported as such', () => {
		expect(step(unreached)).toEqual({ step: 'retry', delay: 0 });
		expect(step(unreached, { now: 302_000 })).toEqual({ step: 'giveUp' });
		expect(problem(unreached, { now: 302_000 })).toMatchObject({ code: 'channel-unreachable', action: 'retryLater' });
	});

	it('a message that never got a permit says why', () => {
		expect(neverLeft('unreached', 300)).toMatchObject({ code: 'channel-unreachable', action: 'retryLater', saidBy: 'service' });
		expect(neverLeft('throttled', 300)).toMatchObject({ code: 'rate-limited', action: 'retryLater' });
	});
});
