import fc from 'fast-check';
import { FIRST_IN_FLIGHT, LONGEST_PAUSE, MOST_IN_FLIGHT, Pace, type PaceSignal, type Ticket, type Turn } from '../../nodes/core/pace';
import { Paces } from '../../nodes/core/paces';
import { type ChannelRules, sendAll, VirtualChannel, VirtualClock } from './pace-world.cjs';

interface Told {
	sent: number;
	notSent: number;
	/** Seconds from the first request to the last acceptance, as the channel sees them. */
	took: number;
	/** Ideal time divided by the time it took. */
	share: number;
	/** Refused requests divided by all. */
	refused: number;
	channel: VirtualChannel;
	pace: Pace;
}

async function send(items: number, rules: ChannelRules, options: Parameters<typeof sendAll>[4] = {}): Promise<Told> {
	const clock = new VirtualClock();
	const channel = new VirtualChannel(clock, rules);
	const pace = new Pace(clock.now);
	const sending = sendAll(pace, clock, channel, items, options);
	await clock.run();
	const { sent, notSent } = await sending;
	const took = (channel.accepted.at(-1) ?? 0) / 1000;
	const limit = rules.limit ?? Infinity;
	expect(pace.isIdle).toBe(true);
	return { sent, notSent, took, share: (items - limit) / limit / took, refused: channel.refused.length / channel.requests, channel, pace };
}

describe('a channel with a limit nobody told', () => {
	const latencies = [50, 100, 300];
	const limits = [20, 80, 250];
	const grid = limits.flatMap((limit) => latencies.map((latency) => ({ limit, latency })));

	it.each(grid)('$limit per second, $latency ms: a thousand in 95 % of the ideal time, at most 10 % refused', async (rules) => {
		const { sent, share, refused, channel } = await send(1000, { ...rules, jitter: 20 });
		expect(sent).toBe(1000);
		expect(channel.accepted).toHaveLength(1000);
		expect(share).toBeGreaterThan(0.95);
		expect(refused).toBeLessThan(0.1);
		expect(channel.mostInFlight).toBeLessThanOrEqual(MOST_IN_FLIGHT);
	});

	it.each(latencies)('20 per second, %i ms: two hundred in 90 %% of the ideal time', async (latency) => {
		const { sent, share } = await send(200, { limit: 20, latency, jitter: 20 });
		expect(sent).toBe(200);
		expect(share).toBeGreaterThan(0.9);
	});

	it.each([{ limit: 20, latency: 300 }, { limit: 80, latency: 100 }, { limit: 250, latency: 50 }])(
		'$limit per second, $latency ms: ten thousand with at most 2 % refused',
		async (rules) => {
			const { sent, share, refused } = await send(10_000, { ...rules, jitter: 20 });
			expect(sent).toBe(10_000);
			expect(share).toBeGreaterThan(0.95);
			expect(refused).toBeLessThan(0.02);
		},
	);

	it('a sender that stands still now and then: an estimate that came out too low is made good in seconds', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock.now);
		const tell = async (count: number, signal: PaceSignal) => {
			const turns = await Promise.all(Array.from({ length: count }, () => pace.turn({ sleep: clock.sleep })));
			for (const { ticket } of turns) ticket?.done(signal);
		};
		const telling = (async () => {
			await tell(50, { kind: 'accepted' });
			await clock.sleep(400);
			await tell(30, { kind: 'accepted' });
			await tell(1, { kind: 'refusedForRate', retryAfter: null });
			await clock.sleep(400);
			await tell(6, { kind: 'accepted' });
			await tell(4, { kind: 'refusedForRate', retryAfter: null });
		})();
		await clock.run();
		await telling;
		const low = pace.messagesPerSecond ?? 0;
		expect(low).toBeLessThan(60);
		const sending = sendAll(pace, clock, new VirtualChannel(clock, { limit: null, latency: 50 }), 200);
		await clock.run();
		expect((await sending).sent).toBe(200);
		expect(pace.messagesPerSecond).toBeGreaterThan(low * 1.15);
	});

	it('a thousand executions with one message each, fired at once, are paced like one of a thousand', async () => {
		const { sent, share, refused } = await send(1000, { limit: 80, latency: 100, jitter: 20 }, { workers: 1000 });
		expect(sent).toBe(1000);
		expect(share).toBeGreaterThan(0.95);
		expect(refused).toBeLessThan(0.1);
	});

	it.each([1, 3, 10])('a slow channel (%i per second) is found too', async (limit) => {
		const { sent, share } = await send(100, { limit, latency: 100, jitter: 20 });
		expect(sent).toBe(100);
		expect(share).toBeGreaterThan(0.7);
	});

	it('batch after batch with 800 ms in between, in which the channel saves up: the pause costs nothing, and little is refused', async () => {
		const clock = new VirtualClock();
		const channel = new VirtualChannel(clock, { limit: 20, latency: 100, jitter: 20 });
		const pace = new Pace(clock.now);
		const sending = (async () => {
			for (let batch = 0; batch < 10; batch++) {
				await sendAll(pace, clock, channel, 100);
				await clock.sleep(800);
			}
		})();
		await clock.run();
		await sending;
		const took = (channel.accepted.at(-1) ?? 0) / 1000;
		expect((1000 - 20) / 20 / took).toBeGreaterThan(0.97);
		expect(channel.refused.length / channel.requests).toBeLessThan(0.06);
	});

	it('Retry-After of one second with every refusal loses nothing and little time', async () => {
		const { sent, share, refused } = await send(5000, { limit: 80, latency: 100, jitter: 20, retryAfter: 1 });
		expect(sent).toBe(5000);
		expect(share).toBeGreaterThan(0.9);
		expect(refused).toBeLessThan(0.03);
	});

	it.each([[80, 20], [20, 80], [250, 80], [80, 40]])('follows a limit that changes from %i to %i per second', async (before, after) => {
		const clock = new VirtualClock();
		const channel = new VirtualChannel(clock, { limit: before, latency: 100, jitter: 20 });
		const sending = sendAll(new Pace(clock.now), clock, channel, before * 20 + after * 60);
		clock.after(20_000, () => (channel.rules = { ...channel.rules, limit: after }));
		await clock.run();
		expect((await sending).sent).toBe(before * 20 + after * 60);
		const last = channel.accepted.at(-1)!;
		// The first to finish is the best there is: 20 s, then 60 s, less the second's worth that was saved up.
		expect(last).toBeLessThan(after > before ? 110_000 : 90_000);
		const late = channel.refused.filter((at) => at > 25_000).length;
		expect(late / (after * 60)).toBeLessThan(0.02);
	});
});

describe('a channel without a limit', () => {
	it.each([50, 100])('%i ms: 20 to 200 in flight, several hundred a second from the start', async (latency) => {
		const { sent, took, channel, pace } = await send(1000, { limit: null, latency });
		expect(sent).toBe(1000);
		expect(took).toBeLessThan(1);
		expect(channel.mostInFlight).toBeGreaterThanOrEqual(20);
		expect(channel.mostInFlight).toBeLessThanOrEqual(200);
		expect(pace.messagesPerSecond).toBeNull();
	});

	it('no more than 50 leave before the first answer', async () => {
		const clock = new VirtualClock();
		const channel = new VirtualChannel(clock, { limit: null, latency: 10_000 });
		const sending = sendAll(new Pace(clock.now), clock, channel, 500);
		await clock.run(9_999);
		expect(channel.requests).toBe(FIRST_IN_FLIGHT);
		await clock.run();
		expect((await sending).sent).toBe(500);
	});

	it('an execution that stops before it reports its first answer costs 50 requests', async () => {
		const clock = new VirtualClock();
		let requests = 0;
		let stopped = false;
		const refusing = {
			async send(): Promise<PaceSignal> {
				requests++;
				await clock.sleep(100);
				stopped = true;
				return { kind: 'other' };
			},
		};
		const sending = sendAll(new Pace(clock.now), clock, refusing, 1000, { isCancelled: () => stopped });
		await clock.run();
		expect(await sending).toEqual({ sent: FIRST_IN_FLIGHT, notSent: 950 });
		expect(requests).toBe(FIRST_IN_FLIGHT);
	});

	it('a channel that rested starts with 50 again', async () => {
		const clock = new VirtualClock();
		const channel = new VirtualChannel(clock, { limit: null, latency: 1000 });
		const pace = new Pace(clock.now);
		const first = sendAll(pace, clock, channel, 1000);
		await clock.run();
		expect((await first).sent).toBe(1000);
		await clock.run(clock.time + 10_000);
		channel.mostInFlight = 0;
		const second = sendAll(pace, clock, channel, 1000);
		await clock.run(clock.time + 999);
		expect(channel.mostInFlight).toBe(FIRST_IN_FLIGHT);
		await clock.run();
		expect((await second).sent).toBe(1000);
	});
});

describe('what the user set', () => {
	it('messagesPerSecond is kept exactly', async () => {
		const { took, channel } = await send(301, { limit: null, latency: 100 }, { messagesPerSecond: 10 });
		expect(took).toBeGreaterThan(29.5);
		expect(took).toBeLessThan(30.1);
		const busiest = Math.max(...channel.accepted.map((at) => channel.accepted.filter((other) => other >= at && other < at + 1000).length));
		expect(busiest).toBeLessThanOrEqual(14);
	});

	it('messagesPerSecond above what the channel takes gives way, and nothing is lost', async () => {
		const { sent, share } = await send(1000, { limit: 20, latency: 100 }, { messagesPerSecond: 60 });
		expect(sent).toBe(1000);
		expect(share).toBeGreaterThan(0.9);
	});

	it.each([1, 3, 17])('maxConcurrency %i is never exceeded', async (maxConcurrency) => {
		const { sent, channel } = await send(100, { limit: null, latency: 20, jitter: 10 }, { maxConcurrency });
		expect(sent).toBe(100);
		expect(channel.mostInFlight).toBe(maxConcurrency);
	});
});

/** A channel that does `then` from `until` on and `first` before. */
function changing(clock: VirtualClock, until: number, first: PaceSignal, then: PaceSignal, latency = 20) {
	const counted = { before: 0, after: 0 };
	return {
		counted,
		async send(): Promise<PaceSignal> {
			const early = clock.time < until;
			counted[early ? 'before' : 'after']++;
			await clock.sleep(latency);
			return early ? first : then;
		},
	};
}

describe('a channel that takes nothing for a while', () => {
	const refused: PaceSignal = { kind: 'refusedForRate', retryAfter: null };

	it.each([
		{ what: 'unreachable', signal: { kind: 'unreached' } as PaceSignal },
		{ what: 'refusing everything', signal: refused },
		{ what: 'refusing everything for a week', signal: { kind: 'refusedForRate', retryAfter: 604_800 } as PaceSignal },
	])('$what: is asked seldom, and used again as soon as it answers', async ({ signal }) => {
		const clock = new VirtualClock();
		const channel = changing(clock, 20_000, signal, { kind: 'accepted' });
		const sending = sendAll(new Pace(clock.now), clock, channel, 500);
		await clock.run();
		expect(await sending).toEqual({ sent: 500, notSent: 0 });
		expect(channel.counted.before).toBeLessThan(120);
		expect(clock.time).toBeLessThan(20_000 + LONGEST_PAUSE + 10_000);
	});

	it('whoever has waited longer than the patience gives up, and knows why', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock.now);
		const channel = changing(clock, Infinity, refused, refused);
		const sending = sendAll(pace, clock, channel, 5000, { patience: 30_000, since: 0 });
		await clock.run();
		expect(await sending).toEqual({ sent: 0, notSent: 5000 });
		expect(clock.time).toBeLessThan(60_000);
		expect(channel.counted.before).toBeLessThan(150);
		const turn = await pace.turn({ sleep: clock.sleep, patience: 1, since: 0 });
		expect(turn).toEqual({ ticket: null, because: 'refusedForRate' });
	});

	it('one phone that is always refused slows the others down, but stops nobody', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock.now);
		let gaveUp = false;
		const bad = (async () => {
			let again: Ticket | undefined;
			for (let tries = 0; tries < 20; tries++) {
				const { ticket } = await pace.turn({ sleep: clock.sleep, again });
				await clock.sleep(100);
				ticket!.done({ kind: 'refusedForRate', retryAfter: 1 });
				again = ticket!;
				await clock.sleep(1000);
			}
			gaveUp = true;
		})();
		const channel = new VirtualChannel(clock, { limit: null, latency: 100 });
		const sending = sendAll(pace, clock, channel, 1000);
		await clock.run();
		await bad;
		expect(gaveUp).toBe(true);
		expect((await sending).sent).toBe(1000);
		expect(channel.accepted.at(-1)).toBeLessThan(25_000);
	});
});

describe('turns', () => {
	it('come first come, first served', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock.now);
		const order: number[] = [];
		const all = Array.from({ length: 300 }, async (_, index) => {
			const { ticket } = await pace.turn({ sleep: clock.sleep });
			order.push(index);
			await clock.sleep(10 + ((index * 7) % 50));
			ticket!.done(index === 40 ? { kind: 'refusedForRate', retryAfter: null } : { kind: 'accepted' });
		});
		await clock.run();
		await Promise.all(all);
		expect(order).toEqual(order.toSorted((a, b) => a - b));
		expect(order).toHaveLength(300);
	});

	it('are given four at a breath, twelve once the channel has taken hundreds, and after an answer only once all that have come in are read', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock.now);
		const at: number[] = [];
		const tickets: Ticket[] = [];
		const ask = async () => {
			const { ticket } = await pace.turn({ sleep: clock.sleep });
			at.push(clock.time);
			tickets.push(ticket!);
		};
		const asked = Array.from({ length: 2000 }, ask);
		await clock.run(100);
		expect(at).toHaveLength(FIRST_IN_FLIGHT);
		while (pace.inFlight < MOST_IN_FLIGHT) {
			for (const ticket of tickets.splice(0)) ticket.done({ kind: 'accepted' });
			await clock.run(clock.time + 100);
		}
		const most = (times: number[]) => Math.max(...Object.values(Object.groupBy(times, String)).map((same) => same!.length));
		expect(most(at.slice(0, 400))).toBe(4);
		expect(most(at)).toBe(12);
		const [given, read] = [at.length, clock.time];
		for (const ticket of tickets.splice(0, 4)) ticket.done({ kind: 'accepted' });
		await clock.run(read + 100);
		expect(at.slice(given)).toHaveLength(4);
		expect(at[given]).toBeGreaterThan(read);
		while (!pace.isIdle) {
			for (const ticket of tickets.splice(0)) ticket.done({ kind: 'accepted' });
			await clock.run(clock.time + 100);
		}
		await Promise.all(asked);
	});

	it.each([
		{ perSecond: 5, together: 2, behind: 200 },
		{ perSecond: 40, together: 8, behind: 175 },
		{ perSecond: 250, together: 8, behind: 28 },
	])('held back to $perSecond per second leave $together at a time, none before its time, none over $behind ms behind it', async ({ perSecond, together, behind }) => {
		const clock = new VirtualClock();
		const pace = new Pace(clock.now);
		const channel = new VirtualChannel(clock, { limit: null, latency: 100 });
		const sending = sendAll(pace, clock, channel, 2000, { messagesPerSecond: perSecond });
		await clock.run();
		expect((await sending).sent).toBe(2000);
		// Up to 400 ms may be made up for, so that early; what is on its way bounds the very first.
		const later = channel.accepted.map((at, place) => ({ at, late: at + 400 - place * (1000 / perSecond) })).filter(({ at }) => at > 1000);
		expect(Math.min(...later.map(({ late }) => late))).toBeGreaterThanOrEqual(-1);
		expect(Math.max(...later.map(({ late }) => late))).toBeLessThanOrEqual(behind + 3);
		const wakings = channel.accepted.filter((at, place) => at - (channel.accepted[place - 1] ?? -Infinity) > 3).length;
		expect(2000 / wakings).toBeGreaterThan(together * 0.75);
	});

	it('one that waits alone leaves at its own time', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock.now);
		const options = { sleep: clock.sleep, messagesPerSecond: 10 };
		const turns = Promise.all(Array.from({ length: 5 }, async () => (await pace.turn(options)).ticket!.done({ kind: 'accepted' })));
		await clock.run();
		await turns;
		const before = clock.time;
		const alone = pace.turn(options).then(({ ticket }) => ticket!.done({ kind: 'accepted' }));
		await clock.run();
		await alone;
		expect(clock.time - before).toBeLessThanOrEqual(100);
	});

	it('a refused message comes before those that never had a turn', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock.now);
		const order: string[] = [];
		const take = async (name: string, again?: Ticket) => {
			const { ticket } = await pace.turn({ sleep: clock.sleep, maxConcurrency: 1, again });
			order.push(name);
			return ticket!;
		};
		const first = await take('refused');
		const others = ['a', 'b'].map(async (name) => (await take(name)).done({ kind: 'accepted' }));
		first.done({ kind: 'lost' });
		const back = take('refused again', first).then((ticket) => ticket.done({ kind: 'accepted' }));
		await clock.run();
		await Promise.all([...others, back]);
		expect(order.indexOf('refused again')).toBeLessThan(order.indexOf('b'));
	});

	it('a turn that is not used costs no time, whatever the pace', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock.now);
		const channel = new VirtualChannel(clock, { limit: 20, latency: 50 });
		const learning = sendAll(pace, clock, channel, 100);
		await clock.run();
		await learning;
		await clock.run(clock.time + 1000);
		const before = clock.time;
		for (let n = 0; n < 1000; n++) (await pace.turn({ sleep: clock.sleep })).ticket!.done({ kind: 'unused' });
		expect(clock.time).toBe(before);
		expect(pace.isIdle).toBe(true);
	});

	it('a cancelled execution is let go within a quarter of a second, and its places are free', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock.now);
		let cancelled = false;
		const holding = Promise.all(Array.from({ length: FIRST_IN_FLIGHT }, () => pace.turn({ sleep: clock.sleep })));
		await clock.run(100);
		const held = await holding;
		const turns: Turn[] = [];
		const wait = async (isCancelled?: () => boolean) => {
			const turn = await pace.turn({ sleep: clock.sleep, isCancelled });
			turns.push(turn);
			turn.ticket?.done({ kind: 'accepted' });
		};
		const waiting = [...Array.from({ length: 500 }, () => wait(() => cancelled)), ...Array.from({ length: 20 }, () => wait())];
		await clock.run(1000);
		cancelled = true;
		await clock.run(1260);
		expect(turns).toHaveLength(500);
		expect(turns.every((turn) => turn.ticket === null && turn.because === 'cancelled')).toBe(true);
		for (const { ticket } of held) ticket!.done({ kind: 'lost' });
		await clock.run();
		await Promise.all(waiting);
		expect(pace.isIdle).toBe(true);
	});

	it('a sleep that rejects cancels its own waiter only', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock.now);
		const held = await pace.turn({ sleep: clock.sleep });
		const cancelled = pace.turn({ sleep: async () => await Promise.reject(new Error('cancelled')), maxConcurrency: 1 });
		const other = pace.turn({ sleep: clock.sleep, maxConcurrency: 1 });
		expect(await cancelled).toEqual({ ticket: null, because: 'cancelled' });
		held.ticket!.done({ kind: 'accepted' });
		await clock.run();
		(await other).ticket!.done({ kind: 'accepted' });
		expect(pace.isIdle).toBe(true);
	});

	it('a clock that is set back by an hour stops nothing', async () => {
		const clock = new VirtualClock();
		let back = 0;
		const channel = new VirtualChannel(clock, { limit: 20, latency: 50, retryAfter: 1 });
		const sending = sendAll(new Pace(() => clock.time - back), clock, channel, 400);
		await clock.run(5000);
		back = 3_600_000;
		await clock.run();
		expect((await sending).sent).toBe(400);
		expect(channel.accepted.at(-1)).toBeLessThan(60_000);
	});
});

describe('whatever happens', () => {
	const signal = fc.oneof(
		{ weight: 6, arbitrary: fc.constant<PaceSignal>({ kind: 'accepted' }) },
		fc.constantFrom<PaceSignal>({ kind: 'other' }, { kind: 'lost' }, { kind: 'unreached' }, { kind: 'unused' }),
		fc
			.oneof(fc.constantFrom(null, NaN, Infinity, -Infinity, -1, -604_800, 604_800, 0, 1), fc.double())
			.map((retryAfter): PaceSignal => ({ kind: 'refusedForRate', retryAfter })),
	);
	const message = fc.record({
		arrives: fc.integer({ min: 0, max: 3000 }),
		latency: fc.integer({ min: 0, max: 500 }),
		signal,
		maxConcurrency: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
		messagesPerSecond: fc.option(fc.constantFrom(5, 50, 500), { nil: undefined }),
		cancelledAt: fc.option(fc.integer({ min: 0, max: 4000 }), { nil: Infinity }),
	});

	it('everyone gets a turn or is cancelled, no place leaks, no bound is exceeded, nothing stalls for long', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 120 }), async (messages) => {
				const clock = new VirtualClock();
				const pace = new Pace(clock.now);
				let turns = 0;
				let last = 0;
				let pauses = 0;
				// In flight as of each grant: pace.inFlight may count those who were let go in the same moment, after this one.
				let open = 0;
				const all = messages.map(async ({ arrives, latency, signal: answer, cancelledAt, ...bounds }) => {
					await clock.sleep(arrives);
					const { ticket } = await pace.turn({ sleep: clock.sleep, isCancelled: () => clock.time >= cancelledAt, ...bounds });
					turns++;
					if (!ticket) return expect(clock.time).toBeGreaterThanOrEqual(cancelledAt);
					expect(clock.time).toBeLessThan(cancelledAt);
					expect(++open).toBeLessThanOrEqual(Math.min(MOST_IN_FLIGHT, bounds.maxConcurrency ?? Infinity));
					if (answer.kind === 'refusedForRate' || answer.kind === 'unreached' || answer.kind === 'lost') pauses++;
					await clock.sleep(latency);
					last = clock.time;
					open--;
					ticket.done(answer);
					ticket.done(answer);
				});
				await clock.run();
				await Promise.all(all);
				expect(turns).toBe(messages.length);
				expect(pace.isIdle).toBe(true);
				expect(pace.inFlight).toBe(0);
				// Every refusal may pause once, and at the slowest there is a message every two seconds.
				expect(last).toBeLessThan(10_000 + pauses * (LONGEST_PAUSE + 1000) + messages.length * 2600);
			}),
			{ numRuns: 60 },
		);
	}, 120_000);
});

describe('the paces of a process', () => {
	it('are one per channel, and those unused for longest are forgotten', () => {
		const paces = new Paces(() => 0);
		const first = paces.of('https://a/1');
		expect(paces.of('https://a/1')).toBe(first);
		expect(paces.of('https://a/2')).not.toBe(first);
		for (let n = 0; n < 300; n++) paces.of(`https://b/${n}`);
		expect(paces.of('https://a/1')).not.toBe(first);
	});

	it('one in use is never forgotten', async () => {
		const paces = new Paces(() => 0);
		const busy = paces.of('https://a/1');
		await busy.turn({ sleep: async () => {} });
		for (let n = 0; n < 300; n++) paces.of(`https://b/${n}`);
		expect(paces.of('https://a/1')).toBe(busy);
	});
});
