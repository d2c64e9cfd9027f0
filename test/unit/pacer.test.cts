import fc from 'fast-check';
import { INITIAL_WINDOW, MAX_WINDOW } from '../../nodes/core/pacing/concurrencyWindow';
import { Pacer, type Acquired, type Feedback, type Permit } from '../../nodes/core/pacing/pacer';
import { MAX_WAIT } from '../../nodes/core/pacing/backoff';
import { pacerOf } from '../../nodes/shared/channelPacers';
import { type ChannelRules, sendAll, VirtualChannel, VirtualClock, waitingOn } from './pacing-world.cjs';

const SEEDS = [1, 2, 3, 4, 5];

interface Run {
	sent: number;
	/** Seconds from first request to last acceptance, at the channel. */
	took: number;
	/** Ideal time divided by actual time. */
	share: number;
	/** Share of refused requests. */
	refused: number;
	channel: VirtualChannel;
	pacer: Pacer;
}

async function send(items: number, rules: ChannelRules, { seed = 1, ...options }: Parameters<typeof sendAll>[4] & { seed?: number } = {}): Promise<Run> {
	const clock = new VirtualClock();
	const channel = new VirtualChannel(clock, rules, seed * 7919);
	const pacer = new Pacer(clock.now);
	const sending = sendAll(pacer, clock, channel, items, options);
	await clock.run();
	const { sent } = await sending;
	const took = (channel.accepted.at(-1) ?? 0) / 1000;
	const limit = rules.limit ?? Infinity;
	expect(pacer.isIdle).toBe(true);
	return { sent, took, share: (items - limit) / limit / took, refused: channel.refused.length / channel.requests, channel, pacer };
}

/** The worst of several runs; each must send every message once. */
async function worst(items: number, rules: ChannelRules, options: Parameters<typeof sendAll>[4] = {}): Promise<{ share: number; refused: number }> {
	const runs = [];
	for (const seed of SEEDS) runs.push(await send(items, { jitter: 20, ...rules }, { ...options, seed }));
	for (const { sent, channel } of runs) {
		expect(sent).toBe(items);
		expect(channel.accepted).toHaveLength(items);
		expect(channel.mostInFlight).toBeLessThanOrEqual(MAX_WINDOW);
	}
	return { share: Math.min(...runs.map(({ share }) => share)), refused: Math.max(...runs.map(({ refused }) => refused)) };
}

/** A pacer that has learnt a channel's limit, a second after its last message. */
async function learned(limit: number): Promise<{ clock: VirtualClock; channel: VirtualChannel; pacer: Pacer }> {
	const clock = new VirtualClock();
	const channel = new VirtualChannel(clock, { limit, latency: 50 });
	const pacer = new Pacer(clock.now);
	const learning = sendAll(pacer, clock, channel, limit * 5);
	await clock.run();
	await learning;
	await clock.run(clock.time + 1000);
	return { clock, channel, pacer };
}

describe('a channel with an unknown limit', () => {
	const latencies = [50, 100, 300];
	const grid = [20, 80, 250].flatMap((limit) => latencies.map((latency) => ({ limit, latency, least: limit < 250 ? 0.97 : latency < 300 ? 0.95 : 0.93 })));

	describe.each([{ when: 'with the acceptances' }, { when: 'at once', refusalLatency: 0 }])('refusals come back $when', ({ refusalLatency }) => {
		it.each(grid)('$limit per second, $latency ms: a thousand in $least of the ideal time, at most 10 % refused', async ({ least, ...rules }) => {
			const { share, refused } = await worst(1000, { ...rules, refusalLatency });
			expect(share).toBeGreaterThan(least);
			expect(refused).toBeLessThan(0.1);
		});

		it.each(latencies)('20 per second, %i ms: two hundred in 95 %% of the ideal time', async (latency) => {
			expect((await worst(200, { limit: 20, latency, refusalLatency })).share).toBeGreaterThan(0.95);
		});

		it.each([{ limit: 20, latency: 300 }, { limit: 80, latency: 100 }, { limit: 250, latency: 50 }])(
			'$limit per second, $latency ms: ten thousand with at most 2 % refused',
			async (rules) => {
				const { sent, share, refused } = await send(10_000, { ...rules, refusalLatency, jitter: 20 });
				expect(sent).toBe(10_000);
				expect(share).toBeGreaterThan(0.97);
				expect(refused).toBeLessThan(0.02);
			},
		);
	});

	it('a sender with pauses: an estimate that is too low recovers in seconds', async () => {
		const clock = new VirtualClock();
		const pacer = new Pacer(clock.now);
		const tell = async (count: number, feedback: Feedback) => {
			const acquired = await Promise.all(Array.from({ length: count }, () => pacer.acquire(waitingOn(clock))));
			for (const { permit } of acquired) permit?.release(feedback);
		};
		const telling = (async () => {
			await tell(50, { kind: 'accepted' });
			await clock.sleep(400);
			await tell(30, { kind: 'accepted' });
			await tell(1, { kind: 'throttled', retryAfter: null });
			await clock.sleep(400);
			await tell(6, { kind: 'accepted' });
			await tell(4, { kind: 'throttled', retryAfter: null });
		})();
		await clock.run();
		await telling;
		const low = pacer.limiter.rate ?? 0;
		expect(low).toBeLessThan(60);
		const sending = sendAll(pacer, clock, new VirtualChannel(clock, { limit: null, latency: 50 }), 200);
		await clock.run();
		expect((await sending).sent).toBe(200);
		expect(pacer.limiter.rate).toBeGreaterThan(low * 1.15);
	});

	it('a thousand concurrent executions with one message each are paced like one with a thousand', async () => {
		const { share, refused } = await worst(1000, { limit: 80, latency: 100 }, { workers: 1000 });
		expect(share).toBeGreaterThan(0.97);
		expect(refused).toBeLessThan(0.1);
	});

	it.each([1, 3, 10])('a slow channel (%i per second) is found too', async (limit) => {
		expect((await worst(100, { limit, latency: 100 })).share).toBeGreaterThan(0.7);
	});

	it('batches with 800 ms in between, in which the bucket refills: pauses cost nothing, and few are throttled', async () => {
		const clock = new VirtualClock();
		const channel = new VirtualChannel(clock, { limit: 20, latency: 100, jitter: 20 });
		const pacer = new Pacer(clock.now);
		const sending = (async () => {
			for (let batch = 0; batch < 10; batch++) {
				await sendAll(pacer, clock, channel, 100);
				await clock.sleep(800);
			}
		})();
		await clock.run();
		await sending;
		const took = (channel.accepted.at(-1) ?? 0) / 1000;
		expect((1000 - 20) / 20 / took).toBeGreaterThan(0.97);
		expect(channel.refused.length / channel.requests).toBeLessThan(0.06);
	});

	it('small batches that never wait for the rate don\'t raise it', async () => {
		const { clock, channel, pacer } = await learned(80);
		const sending = (async () => {
			for (let batch = 0; batch < 100; batch++) {
				await clock.sleep(5000);
				await sendAll(pacer, clock, channel, 60);
			}
		})();
		await clock.run();
		await sending;
		expect(pacer.limiter.rate).toBeLessThan(120);
	});

	it('a one-second Retry-After on every refusal loses nothing and little time', async () => {
		const { sent, share, refused } = await send(5000, { limit: 80, latency: 100, jitter: 20, retryAfter: 1 });
		expect(sent).toBe(5000);
		expect(share).toBeGreaterThan(0.9);
		expect(refused).toBeLessThan(0.03);
	});

	it.each([
		{ before: 80, after: 20 },
		{ before: 250, after: 20 },
		{ before: 250, after: 80 },
		{ before: 80, after: 40 },
		{ before: 20, after: 80 },
		{ before: 80, after: 250 },
		{ before: 80, after: 20, refusalLatency: 0 },
		{ before: 20, after: 80, refusalLatency: 0 },
	])('follows a limit that changes from $before to $after per second within ten seconds', async ({ before, after, refusalLatency }) => {
		for (const seed of SEEDS) {
			const clock = new VirtualClock();
			const channel = new VirtualChannel(clock, { limit: before, latency: 100, jitter: 20, refusalLatency }, seed * 7919);
			const count = before * 20 + after * 40;
			const sending = sendAll(new Pacer(clock.now), clock, channel, count);
			clock.after(20_000, () => (channel.rules = { ...channel.rules, limit: after }));
			await clock.run();
			expect((await sending).sent).toBe(count);
			const within = (times: number[]) => times.filter((at) => at >= 30_000 && at < 40_000).length / (after * 10);
			expect(within(channel.accepted)).toBeGreaterThan(0.95);
			expect(within(channel.refused)).toBeLessThan(0.03);
		}
	});
});

describe('a channel without a limit', () => {
	it.each([50, 100])('%i ms: 20 to 200 in flight, several hundred a second from the start', async (latency) => {
		const { sent, took, channel, pacer } = await send(1000, { limit: null, latency });
		expect(sent).toBe(1000);
		expect(took).toBeLessThan(1);
		expect(channel.mostInFlight).toBeGreaterThanOrEqual(20);
		expect(channel.mostInFlight).toBeLessThanOrEqual(200);
		expect(pacer.limiter.rate).toBeNull();
	});

	it('at most 50 leave before the first answer', async () => {
		const clock = new VirtualClock();
		const channel = new VirtualChannel(clock, { limit: null, latency: 10_000 });
		const sending = sendAll(new Pacer(clock.now), clock, channel, 500);
		await clock.run(9_999);
		expect(channel.requests).toBe(INITIAL_WINDOW);
		await clock.run();
		expect((await sending).sent).toBe(500);
	});

	it('an execution that stops before it reports its first answer costs 50 requests', async () => {
		const clock = new VirtualClock();
		let requests = 0;
		let stopped = false;
		const refusing = {
			async send(): Promise<Feedback> {
				requests++;
				await clock.sleep(100);
				stopped = true;
				return { kind: 'other' };
			},
		};
		const sending = sendAll(new Pacer(clock.now), clock, refusing, 1000, { isCancelled: () => stopped });
		await clock.run();
		expect(await sending).toEqual({ sent: INITIAL_WINDOW, notSent: 950 });
		expect(requests).toBe(INITIAL_WINDOW);
	});

	it('an idle channel starts with 50 again', async () => {
		const clock = new VirtualClock();
		const channel = new VirtualChannel(clock, { limit: null, latency: 1000 });
		const pacer = new Pacer(clock.now);
		const first = sendAll(pacer, clock, channel, 1000);
		await clock.run();
		expect((await first).sent).toBe(1000);
		await clock.run(clock.time + 10_000);
		channel.mostInFlight = 0;
		const second = sendAll(pacer, clock, channel, 1000);
		await clock.run(clock.time + 999);
		expect(channel.mostInFlight).toBe(INITIAL_WINDOW);
		await clock.run();
		expect((await second).sent).toBe(1000);
	});

	it('a learnt limit expires after ten idle minutes', async () => {
		const { pacer, clock } = await learned(20);
		await clock.run(clock.time + 590_000);
		expect(pacer.limiter.rate).not.toBeNull();
		await clock.run(clock.time + 20_000);
		(await pacer.acquire(waitingOn(clock))).permit!.release({ kind: 'accepted' });
		expect(pacer.limiter.rate).toBeNull();
	});
});

/** A channel that does `first` before `until` and `then` afterwards. */
function changing(clock: VirtualClock, until: number, first: Feedback, then: Feedback, latency = 20) {
	const counted = { before: 0, after: 0 };
	return {
		counted,
		async send(): Promise<Feedback> {
			const early = clock.time < until;
			counted[early ? 'before' : 'after']++;
			await clock.sleep(latency);
			return early ? first : then;
		},
	};
}

describe('a channel that accepts nothing for a while', () => {
	const refused: Feedback = { kind: 'throttled', retryAfter: null };

	it.each([
		{ what: 'unreachable', feedback: { kind: 'unreached' } as Feedback },
		{ what: 'refusing everything', feedback: refused },
		{ what: 'refusing everything for a week', feedback: { kind: 'throttled', retryAfter: 604_800 } as Feedback },
	])('$what: is asked seldom, and used again as soon as it answers', async ({ feedback }) => {
		const clock = new VirtualClock();
		const channel = changing(clock, 20_000, feedback, { kind: 'accepted' });
		const sending = sendAll(new Pacer(clock.now), clock, channel, 500);
		await clock.run();
		expect(await sending).toEqual({ sent: 500, notSent: 0 });
		expect(channel.counted.before).toBeLessThan(120);
		expect(clock.time).toBeLessThan(20_000 + MAX_WAIT + 10_000);
	});

	it.each(['unreached', 'throttled'] as const)('probes a channel that is %s one request at a time, with backoff up to eight seconds', async (kind) => {
		const clock = new VirtualClock();
		const at: number[] = [];
		const feedback: Feedback = kind === 'throttled' ? refused : { kind };
		const dead = {
			async send(): Promise<Feedback> {
				at.push(clock.time);
				await clock.sleep(20);
				return feedback;
			},
		};
		const sending = sendAll(new Pacer(clock.now), clock, dead, 200, { patience: 120_000, since: 0 });
		await clock.run();
		expect((await sending).notSent).toBe(200);
		const gaps = at.slice(1).map((time, index) => time - at[index]!);
		expect(Math.max(...gaps)).toBeGreaterThan(7900);
		expect(Math.max(...gaps)).toBeLessThan(8300);
		expect(at.filter((time) => time > 60_000).length).toBeLessThan(10);
	});

	it('a throttled probe keeps the circuit half-open for others', async () => {
		const clock = new VirtualClock();
		const pacer = new Pacer(clock.now);
		const sending = sendAll(pacer, clock, new VirtualChannel(clock, { limit: null, latency: 20 }), 100);
		await clock.run();
		await sending;
		const take = async (isRetry: boolean) => (await pacer.acquire({ ...waitingOn(clock), isRetry })).permit!;
		(await take(false)).release({ kind: 'unreached' });
		const trial = take(true);
		await clock.run();
		(await trial).release(refused);
		const next = take(true);
		await clock.run();
		(await next).release({ kind: 'accepted' });
		expect(pacer.isIdle).toBe(true);
	});

	/** A pacer whose circuit has just opened. */
	async function opened() {
		const clock = new VirtualClock();
		const pacer = new Pacer(clock.now);
		const early = (await pacer.acquire(waitingOn(clock))).permit!;
		(await pacer.acquire(waitingOn(clock))).permit!.release({ kind: 'unreached' });
		return { clock, pacer, early };
	}

	it('probes with new messages, too, while retries wait', async () => {
		const { clock, pacer } = await opened();
		let probes = 0;
		let probesBefore = Infinity;
		const retry = async (): Promise<void> => {
			for (let attempt = 0; attempt < 20; attempt++) {
				const { permit } = await pacer.acquire({ ...waitingOn(clock), isRetry: true });
				probes++;
				permit!.release({ kind: 'throttled', retryAfter: null });
				await clock.sleep(1);
				if (probesBefore < Infinity) return;
			}
		};
		const retries = [retry(), retry()];
		const message = pacer.acquire(waitingOn(clock)).then(({ permit }) => {
			probesBefore = probes;
			permit!.release({ kind: 'accepted' });
		});
		await clock.run();
		await Promise.all([message, ...retries]);
		expect(probesBefore).toBeLessThan(3);
	});

	it('a probe that is answered after the circuit has closed opens nothing', async () => {
		const { clock, pacer, early } = await opened();
		const probe = pacer.acquire(waitingOn(clock));
		await clock.run();
		early.release({ kind: 'accepted' });
		(await probe).permit!.release({ kind: 'lost' });
		const before = clock.time;
		const next = pacer.acquire(waitingOn(clock));
		await clock.run();
		(await next).permit!.release({ kind: 'accepted' });
		expect(clock.time - before).toBeLessThan(100);
	});

	it('a waiter past its deadline gives up, with the reason', async () => {
		const clock = new VirtualClock();
		const pacer = new Pacer(clock.now);
		const channel = changing(clock, Infinity, refused, refused);
		const sending = sendAll(pacer, clock, channel, 5000, { patience: 30_000, since: 0 });
		await clock.run();
		expect(await sending).toEqual({ sent: 0, notSent: 5000 });
		expect(clock.time).toBeLessThan(60_000);
		expect(channel.counted.before).toBeLessThan(150);
		const acquired = await pacer.acquire({ ...waitingOn(clock), patience: 1, since: 0 });
		expect(acquired).toEqual({ permit: null, cause: 'throttled' });
	});

	it('one phone that is always refused slows the others, but stops none', async () => {
		const clock = new VirtualClock();
		const pacer = new Pacer(clock.now);
		let gaveUp = false;
		const bad = (async () => {
			for (let attempt = 1; attempt <= 20; attempt++) {
				const { permit } = await pacer.acquire({ ...waitingOn(clock), isRetry: attempt > 1 });
				await clock.sleep(100);
				permit!.release({ kind: 'throttled', retryAfter: 1 });
				await clock.sleep(1000);
			}
			gaveUp = true;
		})();
		const channel = new VirtualChannel(clock, { limit: null, latency: 100 });
		const sending = sendAll(pacer, clock, channel, 1000);
		await clock.run();
		await bad;
		expect(gaveUp).toBe(true);
		expect((await sending).sent).toBe(1000);
		expect(channel.accepted.at(-1)).toBeLessThan(25_000);
	});
});

describe('permits', () => {
	it('are first come, first served', async () => {
		const clock = new VirtualClock();
		const pacer = new Pacer(clock.now);
		const order: number[] = [];
		const all = Array.from({ length: 300 }, async (_, index) => {
			const { permit } = await pacer.acquire(waitingOn(clock));
			order.push(index);
			await clock.sleep(10 + ((index * 7) % 50));
			permit!.release(index === 40 ? { kind: 'throttled', retryAfter: null } : { kind: 'accepted' });
		});
		await clock.run();
		await Promise.all(all);
		expect(order).toEqual(order.toSorted((a, b) => a - b));
		expect(order).toHaveLength(300);
	});

	it('are granted eight per tick, and after an answer only once all received ones are read', async () => {
		const clock = new VirtualClock();
		const pacer = new Pacer(clock.now);
		const at: number[] = [];
		const permits: Permit[] = [];
		const ask = async () => {
			const { permit } = await pacer.acquire(waitingOn(clock));
			at.push(clock.time);
			permits.push(permit!);
		};
		const asked = Array.from({ length: 2000 }, ask);
		await clock.run(100);
		expect(at).toHaveLength(INITIAL_WINDOW);
		const most = (times: number[]) => Math.max(...Object.values(Object.groupBy(times, String)).map((same) => same!.length));
		expect(most(at)).toBe(8);
		const [given, read] = [at.length, clock.time];
		for (const permit of permits.splice(0, 4)) permit.release({ kind: 'accepted' });
		await clock.run(read + 100);
		expect(at.length).toBeGreaterThanOrEqual(given + 4);
		expect(at[given]).toBeGreaterThan(read);
		while (!pacer.isIdle) {
			for (const permit of permits.splice(0)) permit.release({ kind: 'accepted' });
			await clock.run(clock.time + 100);
		}
		await Promise.all(asked);
		// Two sleeps may end in the same millisecond; the event loop turns between them.
		expect(most(at)).toBeLessThanOrEqual(16);
	});

	it.each([
		{ limit: 20, together: 1 },
		{ limit: 80, together: 3 },
		{ limit: 250, together: 8 },
	])('held back to $limit per second leave at least $together together, so that waking up costs little', async ({ limit, together }) => {
		const { clock, channel, pacer } = await learned(limit);
		channel.accepted = [];
		const sending = sendAll(pacer, clock, channel, limit * 10);
		await clock.run();
		await sending;
		const wakings = channel.accepted.filter((at, index) => at - (channel.accepted[index - 1] ?? -Infinity) > 3).length;
		expect((limit * 10) / wakings).toBeGreaterThanOrEqual(together);
	});

	it('a lone waiter leaves on time', async () => {
		const { clock, pacer } = await learned(20);
		const take = async () => {
			const acquired = pacer.acquire(waitingOn(clock));
			await clock.run();
			(await acquired).permit!.release({ kind: 'accepted' });
		};
		for (const spent = clock.time; clock.time < spent + 1; ) await take();
		const before = clock.time;
		await take();
		expect(clock.time - before).toBeLessThanOrEqual(60);
	});

	it('a throttled message goes before those that never had a permit', async () => {
		const clock = new VirtualClock();
		const pacer = new Pacer(clock.now);
		const order: string[] = [];
		const take = async (name: string, isRetry = false) => {
			const { permit } = await pacer.acquire({ ...waitingOn(clock), isRetry });
			order.push(name);
			return permit!;
		};
		const holding = Promise.all(Array.from({ length: INITIAL_WINDOW }, (_, index) => take(`held ${index}`)));
		await clock.run(100);
		const [first, second] = await holding;
		const others = ['a', 'b'].map(async (name) => (await take(name)).release({ kind: 'accepted' }));
		const back = take('refused again', true).then((permit) => permit.release({ kind: 'accepted' }));
		first!.release({ kind: 'lost' });
		second!.release({ kind: 'lost' });
		await clock.run();
		await Promise.all([...others, back]);
		expect(order.slice(INITIAL_WINDOW)).toEqual(['refused again', 'a', 'b']);
	});

	it('an unused one costs no time in start-up either', async () => {
		const clock = new VirtualClock();
		const pacer = new Pacer(clock.now);
		const asking = (async () => {
			for (let n = 0; n < 2000; n++) (await pacer.acquire(waitingOn(clock))).permit!.release({ kind: 'unused' });
		})();
		await clock.run();
		await asking;
		expect(clock.time).toBeLessThan(10);
	});

	it('an unused one costs no time at any rate, and teaches nothing', async () => {
		const { clock, pacer } = await learned(20);
		const [before, rate] = [clock.time, pacer.limiter.rate];
		for (let n = 0; n < 1000; n++) (await pacer.acquire(waitingOn(clock))).permit!.release({ kind: 'unused' });
		expect(clock.time).toBe(before);
		expect(pacer.limiter.rate).toBe(rate);
		expect(pacer.isIdle).toBe(true);
	});

	it('a cancelled execution is released within a quarter of a second, along with its permits', async () => {
		const clock = new VirtualClock();
		const pacer = new Pacer(clock.now);
		let cancelled = false;
		const holding = Promise.all(Array.from({ length: INITIAL_WINDOW }, () => pacer.acquire(waitingOn(clock))));
		await clock.run(100);
		const held = await holding;
		const acquired: Acquired[] = [];
		const wait = async (isCancelled: () => boolean) => {
			const one = await pacer.acquire({ sleep: clock.sleep, isCancelled });
			acquired.push(one);
			one.permit?.release({ kind: 'accepted' });
		};
		const waiting = [...Array.from({ length: 500 }, () => wait(() => cancelled)), ...Array.from({ length: 20 }, () => wait(() => false))];
		await clock.run(1000);
		cancelled = true;
		await clock.run(1260);
		expect(acquired).toHaveLength(500);
		expect(acquired.every((one) => one.permit === null && one.cause === 'cancelled')).toBe(true);
		for (const { permit } of held) permit!.release({ kind: 'lost' });
		await clock.run();
		await Promise.all(waiting);
		expect(pacer.isIdle).toBe(true);
	});

	it('a sleep that rejects cancels its own waiter only', async () => {
		const clock = new VirtualClock();
		const pacer = new Pacer(clock.now);
		const holding = Promise.all(Array.from({ length: INITIAL_WINDOW }, () => pacer.acquire(waitingOn(clock))));
		await clock.run(100);
		const held = await holding;
		const cancelled = pacer.acquire({ ...waitingOn(clock), sleep: async () => await Promise.reject(new Error('cancelled')) });
		const other = pacer.acquire(waitingOn(clock));
		expect(await cancelled).toEqual({ permit: null, cause: 'cancelled' });
		for (const { permit } of held) permit!.release({ kind: 'accepted' });
		await clock.run();
		(await other).permit!.release({ kind: 'accepted' });
		expect(pacer.isIdle).toBe(true);
	});
});

describe('whatever happens', () => {
	const feedback = fc.oneof(
		{ weight: 6, arbitrary: fc.constant<Feedback>({ kind: 'accepted' }) },
		fc.constantFrom<Feedback>({ kind: 'other' }, { kind: 'lost' }, { kind: 'unreached' }, { kind: 'unused' }),
		fc
			.oneof(fc.constantFrom(null, NaN, Infinity, -Infinity, -1, -604_800, 604_800, 0, 1), fc.double())
			.map((retryAfter): Feedback => ({ kind: 'throttled', retryAfter })),
	);
	const message = fc.record({
		arrives: fc.integer({ min: 0, max: 3000 }),
		latency: fc.integer({ min: 0, max: 500 }),
		feedback,
		isRetry: fc.boolean(),
		cancelledAt: fc.option(fc.integer({ min: 0, max: 4000 }), { nil: Infinity }),
	});

	it('everyone gets a permit or is cancelled; no permit leaks, no bound is exceeded, nothing stalls', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 120 }), async (messages) => {
				const clock = new VirtualClock();
				const pacer = new Pacer(clock.now);
				let answered = 0;
				let last = 0;
				let pauses = 0;
				let open = 0;
				const all = messages.map(async ({ arrives, latency, feedback: answer, isRetry, cancelledAt }) => {
					await clock.sleep(arrives);
					const { permit } = await pacer.acquire({ sleep: clock.sleep, isCancelled: () => clock.time >= cancelledAt, isRetry });
					answered++;
					if (!permit) return expect(clock.time).toBeGreaterThanOrEqual(cancelledAt);
					expect(clock.time).toBeLessThan(cancelledAt);
					expect(++open).toBeLessThanOrEqual(MAX_WINDOW);
					if (answer.kind === 'throttled' || answer.kind === 'unreached' || answer.kind === 'lost') pauses++;
					await clock.sleep(latency);
					last = clock.time;
					open--;
					permit.release(answer);
					permit.release(answer);
				});
				await clock.run();
				await Promise.all(all);
				expect(answered).toBe(messages.length);
				expect(pacer.isIdle).toBe(true);
				// Each refusal may pause once, and at the slowest there is a message every few seconds.
				expect(last).toBeLessThan(10_000 + pauses * (MAX_WAIT + 1000) + messages.length * 2600);
			}),
			{ numRuns: 60 },
		);
	}, 120_000);
});

test('a channel has one pacer for its messages and one for each kind of query per process', () => {
	const first = pacerOf('https://a/1', 'messages');
	expect(pacerOf('https://a/2', 'messages')).not.toBe(first);
	expect(pacerOf('https://a/1', 'GET /templates')).not.toBe(first);
	expect(pacerOf('https://a/1', 'messages')).toBe(first);
});
