import fc from 'fast-check';
import { adviseOn } from '../../nodes/core/stockArrival/advice';

const state = (status: string, more: { category?: string; rejectedReason?: string | null } = {}) => ({ status, category: 'UTILITY', rejectedReason: null, ...more });

test.each(['PENDING', 'IN_APPEAL', 'SUBMITTED', 'RECEIVED'])('%s is worth waiting for', (status) => {
	expect(adviseOn(state(status), [])).toEqual({ fits: true, inReview: true, advice: expect.stringMatching(/reviewing it.*Look again later/) });
});

test.each([
	['approved', state('APPROVED'), [], /^It is approved\. Choose it/],
	['approved as another category', state('APPROVED', { category: 'MARKETING' }), [], /approved as Marketing.*without advertising/],
	['approved, with other variables', state('APPROVED'), ['its text has no variables'], /its text has no variables\. Use Send Template/],
	['rejected for its format', state('REJECTED', { rejectedReason: 'INVALID_FORMAT' }), [], /text before the first variable.*under another name/],
	['rejected for advertising, in lower case', state('REJECTED', { rejectedReason: 'promotional' }), [], /Take out offers.*under another name/],
	['rejected for a reason of their own', state('REJECTED', { rejectedReason: 'constructor' }), [], /^WhatsApp rejected it\..*under another name/],
	['rejected without a reason', state('REJECTED'), [], /^WhatsApp rejected it\./],
	['paused', state('PAUSED'), [], /pause ends after some hours/],
	['disabled', state('DISABLED'), [], /cannot be used again/],
	['flagged', state('FLAGGED'), [], /may disable it/],
	['more than the account may have', state('LIMIT_EXCEEDED'), [], /Delete those/],
	['being deleted', state('PENDING_DELETION'), [], /deleted it/],
	['archived', state('ARCHIVED'), [], /Restore it/],
	['locked', state('LOCKED'), [], /locked it/],
	['a status that is new', state('ON_HOLD'), [], /while its status is ON_HOLD/],
	['no status', state(''), [], /while its status is unknown/],
])('%s: decided, and says what to do', (_, template, misfits, words) => {
	expect(adviseOn(template, misfits)).toEqual({ fits: misfits.length === 0, inReview: false, advice: expect.stringMatching(words) });
});

test('whatever the list says, there is advice in sentences', () => {
	fc.assert(
		fc.property(fc.string(), fc.string(), fc.option(fc.string()), fc.array(fc.string()), (status, category, rejectedReason, misfits) => {
			expect(adviseOn({ status, category, rejectedReason }, misfits).advice).toMatch(/\.$/);
		}),
	);
});
