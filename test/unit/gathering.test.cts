import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import type { ChannelEvent } from '../../nodes/core/events/events';
import { FULL, Gathering, PATIENCE } from '../../nodes/OneMsgTrigger/gathering';
import { VirtualClock } from './pacing-world.cjs';

/** An execution and its events. */
interface Started {
	/** When it had them all. */
	at: number;
	events: number[];
}

/** Milliseconds in which a POST is answered. */
const ANSWER_WITHIN = 800;

/** A POST, milliseconds after the one before; negative closes the window instead. */
interface Post {
	after: number;
	events: number;
	bytes?: number;
	isClosing?: boolean;
}

/** How n8n runs the executions. */
interface N8n {
	/** Milliseconds until an execution runs in this process; absent where another process runs it. */
	runsAfter?: number;
	/** Executions that n8n could not start, by their place: 1MSG's POST is answered 500. */
	failed?: readonly number[];
	/** Executions that are cancelled while they wait, by their place. */
	cancelled?: readonly number[];
}

/** Plays POSTs, whose events are numbered from 0, on a gathering of its own. */
async function play(posts: readonly Post[], gatherFor: number, { runsAfter, failed = [], cancelled = [] }: N8n = {}) {
	const clock = new VirtualClock();
	const gathering = new Gathering({ now: clock.now, sleep: clock.sleep });
	const started: Started[] = [];
	/** When each event came. */
	const came: number[] = [];
	let waited = 0;
	let open = 0;
	const add = async ({ events: count, bytes = 100 * count }: Post) => {
		open++;
		const numbers = Array.from({ length: count }, () => came.push(clock.time) - 1);
		const { events, join } = await gathering.add({ events: numbers as unknown as ChannelEvent[], bytes, gatherFor, answerBy: clock.time + ANSWER_WITHIN }, () => {
			waited++;
			expect(clock.time - came[numbers[0]!]!).toBeLessThanOrEqual(ANSWER_WITHIN);
		});
		if (events.length > 0) {
			const place = started.push({ at: clock.time, events: [...events] as unknown as number[] }) - 1;
			if (runsAfter !== undefined && !failed.includes(place)) {
				await clock.sleep(runsAfter);
				const { before, after } = (await join(() => cancelled.includes(place))) as unknown as { before: number[]; after: number[] };
				started[place] = { at: clock.time, events: [...before, ...started[place]!.events, ...after] };
			}
		}
		open--;
	};
	let at = 0;
	for (const post of posts) {
		at += post.after;
		clock.after(at, () => (post.isClosing ? gathering.close() : void add(post)));
	}
	await clock.run();
	expect(open).toBe(0);
	return { started, came, waited };
}

const one = (after: number): Post => ({ after, events: 1 });

test('events with time between them start one execution each, at once, and no answer is given for them', async () => {
	const { started, waited } = await play([one(0), one(1000), one(1001), one(60_000)], 1000);
	expect(started).toEqual([{ at: 0, events: [0] }, { at: 1000, events: [1] }, { at: 2001, events: [2] }, { at: 62_001, events: [3] }]);
	expect(waited).toBe(0);
});

test('what comes within the time starts together, in order, and the next time counts from there', async () => {
	const { started, waited } = await play([one(0), one(10), { after: 400, events: 3 }, one(500), one(91), one(10), one(2000)], 1000);
	expect(started).toEqual([{ at: 0, events: [0] }, { at: 1000, events: [1, 2, 3, 4, 5] }, { at: 2000, events: [6, 7] }, { at: 3011, events: [8] }]);
	expect(waited).toBe(5);
});

test('under load there is one execution per gatherFor', async () => {
	const { started } = await play(Array.from({ length: 10_000 }, () => one(1)), 500);
	expect(started.map(({ at }) => at)).toEqual(Array.from({ length: 21 }, (_, index) => 1 + 500 * index));
	expect(started.flatMap(({ events }) => events)).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
});

test.each([['in this process', 5], ['in another', undefined]])('one event a second after a storm: each starts at once, but the first; executions run %s', async (_, runsAfter) => {
	const posts = [...Array.from({ length: 20 }, () => one(1)), ...Array.from({ length: 10 }, () => one(1000))];
	const { started, came } = await play(posts, 1000, { runsAfter });
	expect(started.slice(-10).map(({ at, events }) => [at - came[events[0]!]!, events.length]).slice(1)).toEqual(Array(9).fill([runsAfter ?? 0, 1]));
});

test('without gatherFor nothing waits', async () => {
	const { started, waited } = await play(Array.from({ length: 100 }, () => one(0)), 0);
	expect([started.length, waited]).toEqual([100, 0]);
});

test.each<[string, Post]>([
	['events', { after: 0, events: FULL.events / 4 }],
	['bytes', { after: 0, events: 1, bytes: FULL.bytes / 4 }],
])('a window that is full of %s starts at once, and the next begins', async (_, post) => {
	const { started } = await play([one(0), ...Array.from({ length: 10 }, () => ({ ...post, after: 1 }))], 5000);
	expect(started.map(({ at, events }) => [at, events.length])).toEqual([[0, 1], [4, 4 * post.events], [8, 4 * post.events], [5008, 2 * post.events]]);
});

test('20,000 events in a second: none is lost, and none waits', async () => {
	const { started } = await play(Array.from({ length: 20_000 }, (_, index) => one(index % 20 === 0 ? 1 : 0)), 1000);
	expect(started.flatMap(({ events }) => events)).toEqual(Array.from({ length: 20_000 }, (_, index) => index));
	expect(started.every(({ events }) => events.length <= FULL.events)).toBe(true);
	expect(started).toHaveLength(21);
});

test('closed, a window starts what it has', async () => {
	const { started } = await play([one(0), one(10), one(10), { after: 5, events: 0, isClosing: true }, { after: 0, events: 0, isClosing: true }, one(1000)], 5000);
	expect(started).toEqual([{ at: 0, events: [0] }, { at: 25, events: [1, 2] }, { at: 5025, events: [3] }]);
});

test('where executions run in this process, one waits for the others of its window, and only those are answered early', async () => {
	const { started, waited } = await play([one(0), one(10), { after: 400, events: 3 }, one(500), one(91), one(10), one(2000)], 1000, { runsAfter: 5 });
	expect(started).toEqual([{ at: 5, events: [0] }, { at: 1000, events: [1, 2, 3, 4, 5] }, { at: 2000, events: [6, 7] }, { at: 3016, events: [8] }]);
	expect(waited).toBe(3);
});

test('an execution that runs too late, or is cancelled while it waits, leaves the gathered events to another', async () => {
	const posts = [one(0), one(1500), one(10), one(10), one(10)];
	expect((await play(posts, 1000, { runsAfter: 1200 })).started).toEqual([{ at: 1200, events: [0] }, { at: 2700, events: [1] }, { at: 2710, events: [2, 3, 4] }]);
	expect((await play([one(0), one(10), one(10), one(10)], 1000, { runsAfter: 5, cancelled: [1] })).started).toEqual([{ at: 5, events: [0] }, { at: 1000, events: [1] }, { at: 1025, events: [2, 3] }]);
});

test('an execution that n8n could not start leaves the gathered events to the next one, in order, or starts them itself in the end', async () => {
	const posts = [one(0), one(10), one(10), one(10), one(1000), one(10), one(10)];
	const { started } = await play(posts, 1000, { runsAfter: 5, failed: [1] });
	expect(started.map(({ events }) => events)).toEqual([[0], [1], [2, 3, 4, 5, 6]]);
	const ended = await play(posts.slice(0, 4), 1000, { runsAfter: 5, failed: [1] });
	expect(ended.started).toEqual([{ at: 5, events: [0] }, { at: 10, events: [1] }, { at: 10 + PATIENCE + 5, events: [2, 3] }]);
});

test('an execution that waits is full with its own events and the gathered ones', async () => {
	const half = { after: 1, events: FULL.events / 2 };
	const { started } = await play([one(0), half, half, half, { ...half, events: 1 }], 5000, { runsAfter: 0 });
	expect(started.map(({ at, events }) => [at, events.length])).toEqual([[0, 1], [2, FULL.events], [5002, FULL.events / 2 + 1]]);
});

test('whatever n8n cannot start or a person cancels, every gathered event is in exactly one execution', async () => {
	const posts = fc.array(fc.record({ after: fc.constantFrom(0, 1, 5, 999, 1000, 7000), events: fc.constantFrom(1, 3, FULL.events) }), { maxLength: 40 });
	await fc.assert(
		fc.asyncProperty(posts, fc.subarray([1, 2, 3, 4, 5, 6, 7, 8]), fc.subarray([1, 2, 3, 4, 5, 6, 7, 8]), async (some, failed, cancelled) => {
			const { started, came } = await play(some, 1000, { runsAfter: 5, failed, cancelled });
			expect(started.flatMap(({ events }) => events).sort((a, b) => a - b)).toEqual(came.map((_, index) => index));
		}),
		{ numRuns: 300 },
	);
});

test('every event is in exactly one execution, in order, and waits no longer than it should', async () => {
	const post = fc.record({
		after: fc.constantFrom(0, 0, 1, 5, 200, 999, 1000, 1001, 7000),
		events: fc.constantFrom(1, 1, 1, 3, FULL.events - 1, FULL.events),
		bytes: fc.constantFrom(100, 1000, FULL.bytes - 1, 16 * FULL.bytes),
		isClosing: fc.constantFrom(false, false, false, false, true),
	});
	await fc.assert(
		fc.asyncProperty(fc.array(post, { maxLength: 60 }), fc.constantFrom(0, 200, 1000, 5000), fc.constantFrom(undefined, 0, 5, 250, 3000), async (posts, gatherFor, runsAfter) => {
			const { started, came } = await play(posts, gatherFor, { runsAfter });
			expect(started.flatMap(({ events }) => events)).toEqual(came.map((_, index) => index));
			for (const { at, events } of started) expect(at - came[events[0]!]!).toBeLessThanOrEqual(gatherFor + (runsAfter ?? 0));
		}),
		{ numRuns: 300 },
	);
});

/** Collects garbage, as node --expose-gc lets a program do. */
async function collectGarbage(): Promise<void> {
	setFlagsFromString('--expose-gc');
	// What a WeakRef has just given stays until the end of the job.
	await new Promise(setImmediate);
	(runInNewContext('gc') as () => void)();
}

test('windows that always overlap do not keep the events of those that are over', async () => {
	const clock = new VirtualClock();
	const gathering = new Gathering({ now: clock.now, sleep: clock.sleep });
	const seen: Array<WeakRef<object>> = [];
	const add = async () => {
		const event = {};
		seen.push(new WeakRef(event));
		const { events, join } = await gathering.add({ events: [event as ChannelEvent], bytes: 1, gatherFor: 20, answerBy: clock.time + ANSWER_WITHIN }, () => {});
		if (events.length === 0) return;
		// Longer than a window: the next one is open before this one's execution runs.
		await clock.sleep(30);
		await join(() => false);
	};
	for (let at = 0; at < 6000; at += 3) clock.after(at, () => void add());
	const collected = new Promise<void>((resolve) => clock.after(5990, () => void collectGarbage().then(resolve)));
	await clock.run();
	await collected;
	expect(seen).toHaveLength(2000);
	expect(seen.filter((event) => event.deref()).length).toBeLessThan(200);
});
