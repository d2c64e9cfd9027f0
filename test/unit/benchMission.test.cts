import { checkLog } from '../bench/mission/check.mts';
import { contendersOf, OURS, QUESTIONS, REFERENCE } from '../bench/mission/contenders.mts';
import { figuresOf, missionGoals } from '../bench/mission/goals.mts';
import { missionPlain, missionReport } from '../bench/mission/report.mts';
import { SIZES } from '../bench/mission/sizes.mts';
import type { MissionTurn } from '../bench/mission/turn.mts';

describe('the log beside the channel', () => {
	const phones = ['1', '2'];
	const message = (phone: string, ...statuses: string[]) => ({ id: `id-${phone}`, phone, statuses: statuses.map((status) => ({ status })) });
	const messages = [message('1', 'sent', 'read'), message('2', 'sent')];
	const right = [{ messageId: 'id-1', phone: '1', status: 'read' }, { messageId: 'id-2', phone: '2', status: 'sent' }];
	const check = (rows: typeof right | Array<{ messageId: string | null; phone: string | null; status: string | null }>, of = messages) => checkLog(phones, of, rows);

	test('is right with one row for each message that says what the channel says last', () => {
		expect(check(right)).toEqual({ missing: 0, wrong: 0, twice: 0 });
	});

	test('misses a customer without a row, or without a message', () => {
		expect(check(right.slice(1))).toEqual({ missing: 1, wrong: 0, twice: 0 });
		expect(check(right, messages.slice(1))).toEqual({ missing: 1, wrong: 0, twice: 0 });
	});

	test('is wrong with an earlier status, none, or another message', () => {
		for (const row of [{ ...right[0]!, status: 'sent' }, { ...right[0]!, status: null }, { ...right[0]!, messageId: 'id-2' }]) {
			expect(check([row, right[1]!])).toEqual({ missing: 0, wrong: 1, twice: 0 });
		}
	});

	test('has a customer twice with two rows, one of them without a phone, or with two messages', () => {
		expect(check([...right, { messageId: 'id-1', phone: null, status: 'read' }])).toEqual({ missing: 0, wrong: 0, twice: 1 });
		expect(check(right, [...messages, { ...messages[0]!, id: 'again' }])).toEqual({ missing: 0, wrong: 0, twice: 1 });
	});
});

const turn = (given: Partial<MissionTurn>): MissionTurn => ({
	customers: 1000, limit: 80, accepted: 1000, lastAcceptedAfter: 11.5, lastStatusAfter: 14, lastRowAfter: 20, cpuSeconds: 10,
	p50Ms: 20, p99Ms: 300, slowestMs: 400, circuitState: 'ok', skipped: 0, isCutOff: false, missing: 0, wrong: 0, twice: 0, ...given,
});

test('figures: the share counts from the event, incomplete rows are not carried', () => {
	expect(figuresOf(turn({}))).toEqual({ share: 1, rowSeconds: 6, cpu: 0.01, carried: 50, bad: 0 });
	expect(figuresOf(turn({ lastAcceptedAfter: 23, wrong: 100, missing: 50, twice: 50 }))).toMatchObject({ share: 0.5, carried: 40, bad: 200 });
});

describe('a run', () => {
	const run = (ours: Partial<MissionTurn>, reference: Partial<MissionTurn>) =>
		SIZES.flatMap((size) => {
			const { customers, limit } = size;
			const turns = (figures: Partial<MissionTurn>) => [turn({ customers, limit, accepted: customers, lastAcceptedAfter: customers / limit, ...figures })];
			return contendersOf(size).map((contender) => ({ size, contender, turns: turns(contender === OURS ? ours : reference) }));
		});
	const good = run({}, { cpuSeconds: 30, lastRowAfter: 60 });

	test('reaches its goals, and names what is missed', () => {
		expect(missionGoals(good).filter(({ reached }) => !reached)).toEqual([]);
		const missed = (measurements: typeof good) => new Set(missionGoals(measurements).filter(({ reached }) => !reached).map(({ what }) => what.replace(/^.*?: /, '')));
		expect(missed(run({ wrong: 1 }, { cpuSeconds: 30, lastRowAfter: 60 }))).toEqual(new Set(["at most 0.5 times the reference's CPU per customer", 'the last row within 10 s after the last status', 'no row missing, wrong or there twice']));
		expect(missed(run({}, {}))).toEqual(new Set(["at most 0.5 times the reference's CPU per customer", "at least 2 times the reference's messages from event to complete log per second"]));
		expect(missed(run({ lastAcceptedAfter: 200 }, { cpuSeconds: 30, lastRowAfter: 60 }))).toEqual(new Set(['sent at 80 % of the limit or more']));
	});

	test('compares hooks with questions once, without a goal', () => {
		const two = SIZES.filter(({ variant }) => variant === 'two ways back');
		expect(two.map(contendersOf)).toEqual([[OURS, QUESTIONS]]);
		expect(contendersOf(SIZES[0]!)).toEqual([OURS, REFERENCE]);
		expect(missionGoals(good.filter(({ size }) => size.variant))).toEqual([]);
	});

	test('is reported whole, without a hole', () => {
		const odd = run({ accepted: 3 }, { circuitState: 'open', skipped: 1234, missing: 5 });
		for (const text of [missionReport(good), missionPlain(good), missionReport(odd), missionPlain(odd)]) expect(text).not.toMatch(/undefined|NaN|Infinity|null/);
		expect(missionReport(odd)).toContain("had kept back 1,234 statuses");
	});
});
