import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';

interface Starter {
	file: string;
	nodes: Array<{ name: string; type: string; position: [number, number]; retryOnFail?: boolean; parameters: Record<string, unknown> & { content?: string; width?: number; height?: number } }>;
	connections: Record<string, unknown>;
}

const FOLDER = join(__dirname, '..', '..', 'workflows');
/** Small enough to be read like a starter. */
const QUESTIONS = 'advanced/delivery-status-by-questions.json';
const STARTERS = [...readdirSync(FOLDER).filter((file) => file.endsWith('.json')), QUESTIONS]
	.map((file) => ({ ...(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Starter), file }));
/** Characters of one line of n8n's expression editor, opened wide. */
const LINE = 140;
/** What can be read with the canvas fitted. */
const WORDS = 45;

const isNote = ({ type }: Starter['nodes'][number]) => type === 'n8n-nodes-base.stickyNote';
const textsOf = (value: unknown): string[] =>
	typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
/** The expressions in a parameter's text, without their braces. */
const expressionsIn = (text: string) => (text.startsWith('=') ? [...text.matchAll(/\{\{(.*?)\}\}(?=[^}]|$)/gs)].map(([, code]) => code!.trim()) : []);

describe.each(STARTERS)('the starter $file', ({ file, nodes, connections }) => {
	const steps = nodes.filter((node) => !isNote(node));

	test('has at most ten nodes, none of them code', () => {
		expect(steps.length).toBeLessThanOrEqual(10);
		expect(steps.filter(({ type }) => /code|function/i.test(type))).toEqual([]);
	});

	test('has no expression longer than a line', () => {
		// It groups thousands of rows in one expression, tested below.
		const but = file === QUESTIONS ? ['Group equal answers'] : [];
		const long = steps.flatMap(({ name, parameters }) => textsOf(parameters).flatMap(expressionsIn).filter((code) => code.length > LINE || code.includes('\n')).map(() => name));
		expect(long).toEqual(but);
	});

	test('has notes of few words, which begin with a heading and lie apart from the nodes', () => {
		const notes = nodes.filter(isNote);
		expect(notes.length).toBeGreaterThan(0);
		for (const { parameters, position } of notes) {
			const { content = '', width = 0, height = 0 } = parameters;
			expect(content).toMatch(/^# /);
			expect([content, content.split(/\s+/).length <= WORDS]).toEqual([content, true]);
			const [left, top] = position;
			expect(steps.filter(({ position: [x, y] }) => x > left - 100 && x < left + width && y > top - 100 && y < top + height)).toEqual([]);
		}
	});

	test('tries again to write a row: what was sent or reported meanwhile comes from nowhere else', () => {
		// Its page is told, and asked again.
		if (['set-up.json', 'customer-confirms.json'].includes(file)) return;
		const writes = steps.filter(({ type, parameters: { resource, operation } }) => type === 'n8n-nodes-base.dataTable' && resource === 'row' && ['insert', 'update', 'upsert'].includes(String(operation)));
		expect(writes.filter(({ retryOnFail }) => retryOnFail !== true).map(({ name }) => name)).toEqual([]);
	});

	test('has names of their own, all connected', () => {
		expect(new Set(nodes.map(({ name }) => name)).size).toBe(nodes.length);
		const known = steps.map(({ name }) => name);
		const ends = textsOf(Object.values(connections)).filter((text) => text !== 'main');
		for (const name of [...Object.keys(connections), ...ends]) expect(known).toContain(name);
		for (const name of known) expect([...Object.keys(connections), ...ends]).toContain(name);
	});
});

/** n8n runs the branches of a node from top to bottom. */
test.each([
	['stock-arrival-to-whatsapp.json', 'Who is told?', 'Arrival counts'],
	['stock-arrival-to-whatsapp.json', 'Log the messages', '50 at a time'],
	['delivery-status-to-log.json', 'Keep for later', 'Rows with a status'],
	['late-statuses.json', 'Failed, and in no row', 'A higher rank wins'],
	['late-statuses.json', 'A higher rank wins', 'Forget old ones'],
	['handle-a-failure.json', 'Read opt-outs', 'Send it again'],
	['tell-a-person.json', 'First of its kind?', 'Add the task'],
])('in %s, %s lies above %s, which runs after it', (file, first, second) => {
	const { nodes } = STARTERS.find((starter) => starter.file === file)!;
	const heightOf = (name: string) => nodes.find((node) => node.name === name)!.position[1];
	expect(heightOf(first)).toBeLessThan(heightOf(second));
});

describe('in stock-arrival-to-whatsapp.json', () => {
	const { nodes } = STARTERS.find(({ file }) => file === 'stock-arrival-to-whatsapp.json')!;
	/** What an expression gives for an order and an event. */
	const valueOf = (expression: unknown, order: object, event: object = {}) =>
		runInNewContext(expressionsIn(String(expression))[0]!, { $json: order, $: () => ({ first: () => ({ json: { body: event } }) }) }) as unknown;
	const parametersOf = (name: string) => nodes.find((node) => node.name === name)!.parameters;

	test.each([
		[undefined, 'A', true],
		[undefined, 'A,17', true],
		[['A,17'], 'A,17', true],
		[['A,17'], 'A', false],
		[['A,17'], '17', false],
		[['A 17', ' B'], ' B', true],
		[[10482], '10482', true],
		[10482, '10482', true],
		[[['A'], 'B'], 'A', true],
		['A, B', 'B', true],
		['A,B', 'A,B', false],
		['', 'A', false],
		[null, 'A', false],
		[[], 'A', false],
		[[null, {}, true], 'A', false],
		[{ 0: 'A' }, 'A', false],
		[true, 'A', false],
	])('an event that names %j tells the order %s: %s', (orderReferences, orderReference, isTold) => {
		const { conditions } = parametersOf('Who is told?').conditions as { conditions: Array<{ leftValue: string; rightValue: string; operator: { type: string; operation: string } }> };
		const { leftValue, rightValue } = conditions.find(({ operator }) => operator.type === 'array' && operator.operation === 'contains')!;
		const order = { orderReference };
		expect((valueOf(leftValue, order, { orderReferences }) as unknown[]).includes(valueOf(rightValue, order))).toBe(isTold);
	});

	test('the Send Once key is the order of one customer, however the phone is written', () => {
		const keyOf = (order: object) => valueOf((parametersOf('Send stock arrival').options as { sendOnceKey: string }).sendOnceKey, order);
		const order = { sku: 'LAMP-7', orderReference: '10482', phone: '+1 202 555-0100' };
		expect(keyOf({ ...order, phone: '12025550100' })).toBe(keyOf(order));
		const others = [{ phone: '12025550101' }, { orderReference: '10483' }, { sku: 'LAMP-8' }, { sku: 'LAMP-7 10482', orderReference: '' }, { phone: null }, { phone: '@anna' }, { phone: 'US.1726' }];
		expect(new Set([order, ...others.map((other) => ({ ...order, ...other }))].map(keyOf)).size).toBe(others.length + 1);
	});
});

describe('in delivery-status-by-questions.json', () => {
	const { nodes } = STARTERS.find(({ file }) => file === QUESTIONS)!;
	const code = expressionsIn((nodes.find(({ name }) => name === 'Group equal answers')!.parameters as { assignments: { assignments: Array<{ value: string }> } }).assignments.assignments[0]!.value)[0]!;

	interface Asked { id: number; messageId: string; updatedAt: string | Date }
	interface Told { messageId?: string; status?: string; rank?: number; statusAt?: string | null; errorCode?: string | null }
	interface Group extends Told { from: number; to: number; asked: string }
	const MARK = '2026-11-22T18:00:00.000Z';
	const items = (all: object[]) => ({ all: () => all.map((json) => ({ json })) });
	const groupsOf = (rows: Asked[], answers: Told[]) => Array.from(runInNewContext(code, { $input: items(answers), $: () => items(rows) }) as Group[], (group) => ({ ...group }));
	const asked = (id: number, updatedAt: string | Date = MARK): Asked => ({ id, messageId: `wamid.${id}`, updatedAt });
	const delivered = (id: number, second = 0): Told => ({ messageId: `wamid.${id}`, status: 'delivered', rank: 3, statusAt: `2026-11-22T18:00:0${second}.000Z`, errorCode: null });

	test('neighbours with the same answer are one group, timed by the latest', () => {
		const groups = groupsOf([asked(8), asked(7), asked(9)], [delivered(8, 5), delivered(7, 2), delivered(9, 3)]);
		expect(groups).toMatchObject([{ from: 7, to: 9, asked: MARK, status: 'delivered', rank: 3, statusAt: '2026-11-22T18:00:05.000Z' }]);
	});

	test('the mark is read from a text or a date', () => {
		expect(groupsOf([asked(1, new Date(MARK))], [delivered(1)])[0]!.asked).toBe(MARK);
	});

	test.each<[string, Told]>([
		['is on its way', { messageId: 'wamid.2', status: 'sent', rank: 1, statusAt: MARK }],
		['has no report', { messageId: 'wamid.2' }],
		['could not be asked', {}],
		['failed', { messageId: 'wamid.2', status: 'failed', rank: 2, errorCode: '131026' }],
	])('a row that %s is in no group of delivered ones', (_, answer) => {
		const groups = groupsOf([1, 2, 3].map((id) => asked(id)), [delivered(1), answer, delivered(3)]).filter(({ status }) => status === 'delivered');
		expect(groups.map(({ from, to }) => [from, to])).toEqual([[1, 1], [3, 3]]);
	});

	test('every row with news is in one group, which says what the channel said of it; no other row is in any', () => {
		const answer = fc.constantFrom<Told>({}, { status: 'sent', rank: 1 }, { status: 'delivered', rank: 3, errorCode: null }, { status: 'read', rank: 4, errorCode: null }, { status: 'failed', rank: 2, errorCode: '131026' }, { status: 'failed', rank: 2, errorCode: '131050' });
		fc.assert(
			fc.property(fc.uniqueArray(fc.tuple(fc.nat(60), answer), { selector: ([id]) => id }), (found) => {
				const rows = found.map(([id]) => asked(id));
				const groups = groupsOf(rows, found.map(([id, told]) => ({ messageId: `wamid.${id}`, ...told })));
				for (const [id, told] of found) {
					const mine = groups.filter(({ from, to }) => id >= from && id <= to);
					expect(mine.map(({ status, rank, errorCode }) => ({ status, rank, errorCode }))).toEqual((told.rank ?? 0) >= 2 ? [told] : []);
				}
			}),
		);
	});
});

describe('in delivery-status-to-log.json', () => {
	const { nodes } = STARTERS.find(({ file }) => file === 'delivery-status-to-log.json')!;
	const { assignments } = nodes.find(({ name }) => name === 'Group neighbours')!.parameters.assignments as { assignments: Array<{ value: string }> };

	interface Row {
		id: number;
		rank: number;
		errorCode: string | null;
	}
	const groupsOf = (rows: Row[]) => Object.values(runInNewContext(expressionsIn(assignments[0]!.value)[0]!, { $input: { all: () => rows.map((json) => ({ json })) } }) as Record<string, Row[]>);

	/** A table's rows, and statuses of some of them, in the order in which they came; rows that no status is for are in between. */
	const arrival = fc.record({
		rows: fc.uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 30 }), rank: fc.integer({ min: 0, max: 4 }) }), { selector: ({ id }) => id, maxLength: 25 }),
		reports: fc.array(fc.record({ id: fc.integer({ min: 1, max: 30 }), rank: fc.integer({ min: 1, max: 4 }) }), { maxLength: 40 }),
	});

	test('each row ends with its own highest status, and no other row changes', () => {
		fc.assert(
			fc.property(arrival, ({ rows, reports }) => {
				const table = new Map(rows.map(({ id, rank }) => [id, { id, rank, errorCode: null as string | null }]));
				const before = new Map(rows.map(({ id, rank }) => [id, rank]));
				// Rows that are read already are not looked at.
				const looked = reports.filter(({ id }) => (before.get(id) ?? 4) < 4);
				// The trigger skips repeats, and n8n joins a row with each of its statuses.
				const matched = [...new Map(looked.map(({ id, rank }) => [`${id} ${rank}`, { id, rank, errorCode: rank === 2 ? `of ${id}` : null }])).values()];
				for (const group of groupsOf(matched)) {
					const [{ id: from, rank, errorCode }, { id: to }] = [group[0]!, group.at(-1)!];
					for (const row of table.values()) if (row.id >= from && row.id <= to && row.rank < rank) Object.assign(row, { rank, errorCode });
				}
				for (const { id, rank, errorCode } of table.values()) {
					const highest = Math.max(before.get(id)!, ...matched.filter((one) => one.id === id).map((one) => one.rank));
					expect([id, rank]).toEqual([id, highest]);
					expect([id, errorCode]).toEqual([id, rank === 2 && rank > before.get(id)! ? `of ${id}` : null]);
				}
			}),
			{ numRuns: 2000 },
		);
	});

	test('a thousand neighbours with the same status are one group', () => {
		const rows = Array.from({ length: 1000 }, (_, place) => ({ id: 1000 - place, rank: 3, errorCode: null }));
		expect(groupsOf(rows).map((group) => [group[0]!.id, group.at(-1)!.id])).toEqual([[1, 1000]]);
	});
});
