import fc from 'fast-check';
import { MAX_ENTRIES, readEvents } from '../../nodes/core/events/events';
import { MAX_LEVELS } from '../../nodes/core/events/frame';
import { mergeReports, RANK, readStatusReport, type StatusReport } from '../../nodes/core/status/status';

const read = (body: unknown) => readEvents(body, '2026-11-22T18:00:00.000Z', { raw: true, statusTimes: true });
const FIELDS = ['user_preferences', 'message_template_status_update', 'message_template_quality_update', 'template_category_update', 'phone_number_quality_update', 'account_update', 'account_alerts'];
const EVENTS = ['messageStatus', 'messageReceived', 'messageEchoed', 'marketingPreference', 'templateChanged', 'linkClicked', 'accountChanged'];

test('no body makes the reader throw, and every event has an ID and a known kind', () => {
	const word = fc.constantFrom('sent', 'delivered', 'read', 'failed', 'viewed', 'constructor', '__proto__', '');
	const element = fc.oneof(fc.anything(), fc.record({ id: fc.oneof(fc.string(), fc.anything()), status: fc.oneof(word, fc.anything()), timestamp: fc.anything(), error: fc.anything(), errors: fc.anything(), phone: fc.anything(), type: fc.anything(), body: fc.anything() }, { requiredKeys: [] }));
	const list = fc.oneof(fc.anything(), fc.array(element, { maxLength: 4 }));
	const names = fc.record({ phone: fc.anything(), bsuid: fc.anything(), userName: fc.anything(), wa_id: fc.anything(), user_id: fc.anything(), profile: fc.anything(), chatId: fc.anything(), system: fc.anything(), reaction: fc.anything() }, { requiredKeys: [] });
	const named = fc.array(fc.oneof(fc.anything(), fc.tuple(names, fc.record({ id: fc.string(), value: fc.anything(), action_type: fc.constantFrom('a_click', 7) }, { requiredKeys: [] })).map(([who, what]) => ({ ...who, ...what }))), { maxLength: 3 });
	const told = fc.record({ event: fc.anything(), message_template_name: fc.anything(), new_category: fc.anything(), correct_category: fc.anything(), restriction_info: fc.oneof(fc.anything(), fc.array(fc.record({ restriction_type: fc.anything(), expiration: fc.anything() }))), alert_info: fc.anything() }, { requiredKeys: [] });
	const value = fc.oneof(told, fc.record({ statuses: list, messages: fc.oneof(list, named), message_echoes: list, contacts: fc.oneof(list, named), user_preferences: named, user_actions: named }, { requiredKeys: [] }));
	const field = fc.oneof(fc.anything(), fc.constantFrom(...FIELDS, 'messages', 'calls'));
	const entry = fc.oneof(list, fc.array(fc.record({ time: fc.anything(), changes: fc.oneof(list, fc.array(fc.record({ field, value }))) }, { requiredKeys: [] }), { maxLength: 3 }));
	const body = fc.oneof(fc.anything(), fc.string(), fc.record({ instanceId: fc.anything(), type: fc.anything(), hooks: list, ack: fc.oneof(list, named), messages: fc.oneof(list, named), entry }, { requiredKeys: [] }));
	fc.assert(
		fc.property(body, (given) => {
			for (const event of read(given).events) {
				expect(EVENTS).toContain(event.event);
				if ('messageId' in event && event.event !== 'linkClicked') expect(event.messageId).not.toBe('');
				if (event.event === 'messageStatus') expect(event.rank).toBe(RANK[event.status]);
				if (!('phone' in event)) continue;
				const { phone, bsuid, username, recipient, contactKey } = event;
				if (phone !== null) expect(phone).toMatch(/^\d+$/);
				expect([recipient === null, contactKey === null]).toEqual(Array(2).fill(phone === null && bsuid === null && username === null));
			}
		}),
		{ numRuns: 10_000 },
	);
});

test('truncated bodies give nothing and break nothing', () => {
	const whole = JSON.stringify({ instanceId: 'A', ack: [{ id: 'w', status: 'delivered' }], entry: [{ changes: [{ value: { statuses: [] } }] }] });
	for (let length = 0; length < whole.length; length++) expect(read(whole.slice(0, length)).events).toEqual([]);
	expect(read(whole).events).toHaveLength(1);
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
		const { events, unknown } = read(body);
		expect([events.length, unknown]).toEqual([4, 0]);
		for (const { raw } of events) expect(raw === null).toBe(levels >= MAX_LEVELS);
	}
	expect(read(nest(100_000)).events).toEqual([]);
	expect(read({ ack: nest(100_000), entry: nest(100_000) }).events).toEqual([]);
});

test('every entry is either an event or counted as unknown, whatever it is', () => {
	const known = fc.record({ id: fc.string({ minLength: 1 }), status: fc.constantFrom('sent', 'viewed', 'undelivered') });
	const lists = fc.record({ hooks: fc.array(fc.oneof(known, fc.anything()), { maxLength: 5 }), ack: fc.array(fc.anything(), { maxLength: 5 }), messages: fc.array(fc.anything(), { maxLength: 5 }) });
	fc.assert(
		fc.property(lists, (body) => {
			const { events, unknown } = read(body);
			expect(events.length + unknown).toBe(body.hooks.length + body.ack.length + body.messages.length);
		}),
		{ numRuns: 10_000 },
	);
});

test.each<[unknown, number]>([
	[undefined, 1], [7, 1], ['no JSON', 1], [[], 1], [{}, 1], [{ calls: [{}] }, 1], [{ type: 'calls', event: 'connect' }, 0], [{ constructor: [] }, 1], [{ ack: [] }, 0], [{ ack: {} }, 1],
	[{ entry: [null] }, 1], [{ entry: [{ changes: [{ value: { event: 'APPROVED' } }, null] }] }, 2],
	[{ entry: [{ changes: [{ field: 'calls', value: { calls: [{}], statuses: [{ id: 'wacid.1', type: 'call', status: 'sent' }] } }] }] }, 0],
	[{ entry: [{ changes: [{ field: 'message_template_status_update', value: { event: 'APPROVED' } }, { field: 'message_template_components_update', value: { message_template_name: 'x' } }] }] }, 2],
	[{ entry: [{ changes: [{ field: 'account_update', value: {} }, { field: 'template_category_update', value: { message_template_name: 'x' } }, { field: 'security', value: { event: 'X' } }] }] }, 3],
	[{ entry: [{ changes: [{ field: 'messages', value: { user_actions: [{ action_type: 'landing_page_view' }], user_preferences: [{ value: null }] } }] }] }, 2],
])('%j holds no event and %i of unknown kind', (body, unknown) => expect(read(body)).toEqual({ events: [], unknown, tooMany: false }));

test.each([
	['a list', (entries: unknown[]) => ({ ack: entries })],
	['several lists together', (entries: unknown[]) => ({ ack: entries.slice(1), hooks: entries.slice(0, 1) })],
	['the envelope', (entries: unknown[]) => ({ entry: [{ changes: [{ value: { statuses: entries.slice(0, -2) } }] }] })],
])('%s with more entries than the bound is not read at all', (_, bodyOf) => {
	const entries = Array.from({ length: MAX_ENTRIES + 1 }, () => ({ id: 'w', status: 'sent' }));
	expect(read(bodyOf(entries))).toEqual({ events: [], unknown: 0, tooMany: true });
	expect(read(bodyOf(entries.slice(0, -1))).tooMany).toBe(false);
});

describe('customers', () => {
	const BSUID = 'CO.1726000000000000';
	const hidden = { phone: null, bsuid: BSUID, contactKey: BSUID, recipient: BSUID, chatId: `${BSUID}@lid` };
	const envelope = (value: object) => ({ entry: [{ changes: [{ field: 'messages', value }] }] });
	const only = (body: unknown) => read(body).events[0];

	test.each<[string, object, object]>([
		['an ack to a phone', { id: 'w', status: 'sent', chatId: '12025550100@c.us', phone: '12025550100', bsuid: BSUID, userName: 'ana.shop' }, { phone: '12025550100', bsuid: BSUID, username: 'ana.shop', contactKey: '12025550100', recipient: '+12025550100' }],
		['an ack to a BSUID, its phone null', { id: 'w', status: 'sent', chatId: `${BSUID}@lid`, phone: null, bsuid: BSUID, userName: null }, { ...hidden, username: null }],
		['an ack to a BSUID, which is its phone, too', { id: 'w', status: 'sent', chatId: `${BSUID}@lid`, phone: BSUID, bsuid: BSUID }, hidden],
		['an ack with a chat ID only', { id: 'w', status: 'sent', chatId: `${BSUID}@lid` }, hidden],
		['an ack with a username only', { id: 'w', status: 'sent', chatId: 'Ana.Shop@username' }, { phone: null, bsuid: null, username: 'Ana.Shop', contactKey: '@ana.shop', recipient: '@Ana.Shop' }],
		['a status of the raw form', { id: 'w', status: 'sent', recipient_user_id: BSUID }, hidden],
		['a status with a parent ID only', { id: 'w', status: 'sent', recipient_parent_user_id: 'US.ENT.1' }, { bsuid: 'US.ENT.1', contactKey: 'US.ENT.1' }],
		['a status of a group', { id: 'w', status: 'sent', recipient_id: '12025550100', recipient_type: 'group' }, { phone: null, bsuid: null, contactKey: null, recipient: null }],
		['an ack of strange types', { id: 'w', status: 'sent', chatId: {}, phone: [1], bsuid: 17.5, userName: { name: 'x' } }, { phone: null, bsuid: null, username: null, contactKey: null }],
		['a BSUID of another form', { id: 'w', status: 'sent', chatId: '1726000@lid', bsuid: 'CO 17' }, { phone: null, bsuid: null, contactKey: null }],
		['a username with spaces', { id: 'w', status: 'sent', userName: 'ana shop' }, { username: null, recipient: null }],
	])('%s', (_, element, customer) => {
		expect(only({ ack: [element] })).toMatchObject(customer);
		expect(only({ hooks: [element] })).toMatchObject(customer);
	});

	test('a message names who wrote it, an echo only its chat', () => {
		const element = { id: 'w', chatId: `${BSUID}@lid`, author: `${BSUID}@lid`, authorBsuid: BSUID, authorUserName: '@ana.shop', senderName: 'Ana' };
		expect(only({ messages: [element] })).toMatchObject({ ...hidden, username: 'ana.shop', senderName: 'Ana' });
		expect(only({ messages: [{ ...element, chatId: '12025550100@c.us', author: '12025550199@c.us', authorBsuid: 'US.9', authorUserName: 'our.shop', fromMe: 1 }] })).toMatchObject({ phone: '12025550100', bsuid: null, username: null });
		expect(only({ messages: [{ ...element, fromMe: true, authorBsuid: 'US.9' }] })).toMatchObject({ ...hidden, username: null });
	});

	test('contacts are joined by user ID, then by phone, and never by nothing or by another form of the number', () => {
		const contacts = [
			{ user_id: BSUID, profile: { name: 'Ana', username: 'ana.shop' } },
			{ user_id: 'US.2', parent_user_id: 'US.ENT.2', profile: { name: 'Bob' } },
			{ wa_id: '5511987776666', user_id: 'BR.3', profile: { name: 'Caio' } },
			{ profile: { name: 'Nobody' } }, { wa_id: '', user_id: '', profile: { name: 'Empty' } }, null, 7,
		];
		const from = [{ from_user_id: BSUID }, { from_user_id: 'US.9', from_parent_user_id: 'US.ENT.2' }, { from: '5511987776666' }, { from: '551187776666' }, {}, { from: '' }, { from: 'US.8' }, { from: '5511987776666', from_user_id: BSUID }];
		const { events } = read(envelope({ contacts, messages: from.map((names, index) => ({ id: `w${index}`, ...names })) }));
		expect(events.map((event) => 'senderName' in event && [event.senderName, event.phone, event.bsuid, event.username])).toEqual([
			['Ana', null, BSUID, 'ana.shop'], ['Bob', null, 'US.9', null], ['Caio', '5511987776666', 'BR.3', null],
			[null, '551187776666', null, null], 			[null, null, null, null], [null, null, null, null], [null, null, 'US.8', null], ['Ana', '5511987776666', BSUID, 'ana.shop'],
		]);
		expect(only(envelope({ contacts, statuses: [{ id: 'w', status: 'read', recipient_user_id: 'BR.3' }] }))).toMatchObject({ phone: '5511987776666', bsuid: 'BR.3', contactKey: '5511987776666' });
		expect(only(envelope({ contacts, statuses: [{ id: 'w', status: 'failed', recipient_user_id: 'US.7' }] }))).toMatchObject({ phone: null, bsuid: 'US.7', username: null });
	});

	test('whoever is in a body, each event has their own names', () => {
		const digits = fc.integer({ min: 10_000_000, max: 99_999_999 }).map((number) => `1202${number}`);
		const person = fc.record({ wa_id: fc.option(digits), user_id: fc.option(fc.integer({ min: 1, max: 9999 }).map((number) => `CO.${number}`)), name: fc.option(fc.string({ minLength: 1 })) });
		fc.assert(
			fc.property(fc.uniqueArray(person, { comparator: (a, b) => (a.wa_id !== null && a.wa_id === b.wa_id) || (a.user_id !== null && a.user_id === b.user_id) }), (people) => {
				const contacts = people.map(({ wa_id, user_id, name }) => ({ ...(wa_id !== null && { wa_id }), ...(user_id !== null && { user_id }), profile: { name } }));
				const messages = people.map(({ wa_id, user_id }, index) => ({ id: `w${index}`, from: wa_id, from_user_id: user_id }));
				const { events } = read(envelope({ contacts, messages }));
				expect(events).toHaveLength(people.length);
				for (const [index, { wa_id, user_id, name }] of people.entries()) {
					const isNobody = wa_id === null && user_id === null;
					expect(events[index]).toMatchObject({ phone: wa_id, bsuid: user_id, senderName: isNobody ? null : name, contactKey: wa_id ?? user_id });
				}
			}),
			{ numRuns: 1000 },
		);
	});
});
