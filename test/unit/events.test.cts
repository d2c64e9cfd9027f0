import fc from 'fast-check';
import { MAX_ENTRIES, MAX_LEVELS, readEvents } from '../../nodes/core/events/events';
import { mergeReports, RANK, readStatusReport, type StatusReport } from '../../nodes/core/status/status';

const AT = '2026-11-22T18:00:00.000Z';

test('no body makes the reader throw, and every event has an ID and a known kind', () => {
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

test('entries nested to any depth are read, and only what n8n can save is passed on', () => {
	const nest = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
	const element = (levels: number) => ({ id: 'w', status: 'delivered', error: nest(levels), id2: nest(levels) });
	for (const levels of [1, MAX_LEVELS - 1, MAX_LEVELS, 100_000]) {
		const body = { hooks: [element(levels)], messages: [{ ...element(levels), body: nest(levels) }], entry: [{ changes: [{ value: { statuses: [element(levels)], messages: [element(levels)] } }] }] };
		const { events, unknown } = readEvents(body, AT);
		expect([events.length, unknown]).toEqual([4, 0]);
		for (const { raw } of events) expect(raw === null).toBe(levels >= MAX_LEVELS);
	}
	expect(readEvents(nest(100_000), AT).events).toEqual([]);
	expect(readEvents({ ack: nest(100_000), entry: nest(100_000) }, AT).events).toEqual([]);
});

test('every entry is either an event or counted as unknown, whatever it is', () => {
	const known = fc.record({ id: fc.string({ minLength: 1 }), status: fc.constantFrom('sent', 'viewed', 'undelivered') });
	const lists = fc.record({ hooks: fc.array(fc.oneof(known, fc.anything()), { maxLength: 5 }), ack: fc.array(fc.anything(), { maxLength: 5 }), messages: fc.array(fc.anything(), { maxLength: 5 }) });
	fc.assert(
		fc.property(lists, (body) => {
			const { events, unknown } = readEvents(body, AT);
			expect(events.length + unknown).toBe(body.hooks.length + body.ack.length + body.messages.length);
		}),
		{ numRuns: 10_000 },
	);
});

test.each<[unknown, number]>([
	[undefined, 1], [7, 1], ['no JSON', 1], [[], 1], [{}, 1], [{ calls: [{}] }, 1], [{ constructor: [] }, 1], [{ ack: [] }, 0], [{ ack: {} }, 1],
	[{ entry: [null] }, 1], [{ entry: [{ changes: [{ value: { event: 'APPROVED' } }, null] }] }, 2],
])('%j holds no event and %i of unknown kind', (body, unknown) => expect(readEvents(body, AT)).toEqual({ events: [], unknown, tooMany: false }));

test.each([
	['a list', (entries: unknown[]) => ({ ack: entries })],
	['several lists together', (entries: unknown[]) => ({ ack: entries.slice(1), hooks: entries.slice(0, 1) })],
	['the envelope', (entries: unknown[]) => ({ entry: [{ changes: [{ value: { statuses: entries.slice(0, -2) } }] }] })],
])('%s with more entries than the bound is not read at all', (_, bodyOf) => {
	const entries = Array.from({ length: MAX_ENTRIES + 1 }, () => ({ id: 'w', status: 'sent' }));
	expect(readEvents(bodyOf(entries), AT)).toEqual({ events: [], unknown: 0, tooMany: true });
	expect(readEvents(bodyOf(entries.slice(0, -1)), AT).tooMany).toBe(false);
});
