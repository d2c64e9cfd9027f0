import { readArrivals } from '../../demo/arrivals.mts';
import { shareOfLimit } from '../../harness/channel-use.mts';
import { waitingCustomers } from '../../demo/customers.mts';
import { progressLine } from '../../demo/fan-out-counts.mts';
import { readPhone } from '../../nodes/core/recipient/phone';

const CHANNEL = { channelId: '12345', apiToken: 'not-a-secret', phone: '+1 202 555 0100', template: 'stock_arrival', baseUrl: 'http://127.0.0.1:9' };

describe('--arrivals', () => {
	test.each(['1', '500', ' 5000 '])('takes %j', (given) => expect(readArrivals(given, undefined)).toBe(Number(given)));

	test('may be left out', () => expect(readArrivals(undefined, CHANNEL)).toBeUndefined());

	test.each(['', '0', '-1', '5001', '1.5', '1e3', '0x10', 'many'])('refuses %j with a sentence', (given) =>
		expect(() => readArrivals(given, undefined)).toThrow(`--arrivals must be a whole number from 1 to 5000, not "${given}". Nothing was started.`),
	);

	test('is refused on a real channel', () => expect(() => readArrivals('500', CHANNEL)).toThrow(/sandbox only: on channel 12345 it would message 500 people/));
});

test('waiting customers have unique orders and valid phones', () => {
	const customers = waitingCustomers('SKU-1', 5000);
	for (const part of ['phone', 'orderReference'] as const) expect(new Set(customers.map((customer) => customer[part])).size).toBe(5000);
	for (const { phone } of customers) expect(readPhone(phone)).toEqual({ ok: true, value: phone });
});

test('the progress line shows counts, speed and limit', () => {
	const counts = { accepted: 500, delivered: 200, failed: 10, refusedForRate: 7, perSecond: 79, limit: 80 };
	expect(progressLine(500, 40, counts)).toBe(
		'[############------------] of 500: 500 accepted, 200 delivered, 10 failed, 40 in the log; 79 per second (limit 80), 7 x 429',
	);
	expect(progressLine(500, 0, { ...counts, limit: null })).toContain('(no limit)');
});

test('the first second of a limit is free; an unreached limit has no share', () => {
	expect(shareOfLimit(500, 80, 5.25)).toBe(1);
	expect(shareOfLimit(500, 80, 10.5)).toBe(0.5);
	for (const [accepted, limit, seconds] of [[80, 80, 1], [500, null, 5], [500, 80, 0]] as const) expect(shareOfLimit(accepted, limit, seconds)).toBeUndefined();
});
