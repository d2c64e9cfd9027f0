import fc from 'fast-check';
import { readEvents } from '../../nodes/core/events';
import { mergeReports, RANK, readStatusReport, type StatusReport } from '../../nodes/core/status';
import { SeenStatuses } from '../../nodes/core/seenStatuses';

const AT = '2026-11-22T18:00:00.000Z';

test('no body whatever makes the reader throw, and every event has an ID and a known kind', () => {
	const word = fc.constantFrom('sent', 'delivered', 'read', 'failed', 'viewed', 'constructor', '__proto__', '');
	const element = fc.oneof(fc.anything(), fc.record({ id: fc.oneof(fc.string(), fc.anything()), status: fc.oneof(word, fc.anything()), timestamp: fc.anything(), error: fc.anything(), errors: fc.anything(), phone: fc.anything(), type: fc.anything(), body: fc.anything() }, { requiredKeys: [] }));
	const list = fc.oneof(fc.anything(), fc.array(element, { maxLength: 4 }));
	const value = fc.record({ statuses: list, messages: list, message_echoes: list, contacts: list }, { requiredKeys: [] });
	const entry = fc.oneof(list, fc.array(fc.record({ changes: fc.oneof(list, fc.array(fc.record({ value }))) }, { requiredKeys: [] }), { maxLength: 3 }));
	const body = fc.oneof(fc.anything(), fc.string(), fc.record({ instanceId: fc.anything(), hooks: list, ack: list, messages: list, entry }, { requiredKeys: [] }));
	fc.assert(
		fc.property(body, (given) => {
			for (const event of readEvents(given, AT).events) {
				expect(event.messageId).not.toBe('');
				expect(['messageStatus', 'messageReceived', 'messageEchoed']).toContain(event.event);
				if (event.event === 'messageStatus') expect(event.rank).toBe(RANK[event.status]);
			}
		}),
		{ numRuns: 10_000 },
	);
});

test('truncated bodies give nothing and break nothing', () => {
	const whole = JSON.stringify({ instanceId: 'A', ack: [{ id: 'w', status: 'delivered' }], entry: [{ changes: [{ value: { statuses: [] } }] }] });
	for (let length = 0; length < whole.length; length++) expect(readEvents(whole.slice(0, length), AT).events).toEqual([]);
	expect(readEvents(whole, AT).events).toHaveLength(1);
});

const report = fc.record({
	messageId: fc.constant('w'),
	status: fc.constantFrom('sent', 'delivered', 'read', 'failed'),
	at: fc.option(fc.date({ min: new Date('2025-01-01'), max: new Date('2026-01-01'), noInvalidDate: true }).map((date) => date.toISOString())),
	phone: fc.constant('12025550100'),
	chatId: fc.constant(null),
	failure: fc.constant(null),
}) as fc.Arbitrary<StatusReport>;

test('reports give the same status in any order, with repeats, and the highest rank wins', () => {
	fc.assert(
		fc.property(fc.array(report, { maxLength: 8 }), fc.func(fc.integer()), (reports, shuffle) => {
			const merged = mergeReports('w', reports);
			const other = [...reports, ...reports].sort((a, b) => shuffle(a) - shuffle(b));
			expect(mergeReports('w', other)).toEqual(merged);
			expect(merged.rank).toBe(Math.max(0, ...reports.map(({ status }) => RANK[status])));
		}),
	);
});

test.each([['1754400000', '2025-08-05T13:20:00.000Z'], [1754400000, '2025-08-05T13:20:00.000Z'], [1754400000123, '2025-08-05T13:20:00.123Z'], ['soon', null], [-1, null], [9e99, null], [{}, null]])(
	'the time %j is read as %j',
	(timestamp, at) => expect(readStatusReport({ id: 'w', status: 'sent', timestamp })?.at).toBe(at),
);

test('what is seen is remembered within a bound, oldest forgotten first', () => {
	const seen = new SeenStatuses(100);
	for (let index = 0; index < 10_000; index++) seen.record(`w${index % 1000}`, 'sent');
	expect(seen.size).toBe(100);
	expect(seen.record('w999', 'sent')).toEqual({ repeat: true, late: false });
	expect(seen.record('w0', 'sent')).toEqual({ repeat: false, late: false });
	seen.record('w0', 'delivered');
	expect(seen.record('w0', 'failed')).toEqual({ repeat: false, late: true });
	expect(seen.record('w0', 'read')).toEqual({ repeat: false, late: false });
});
