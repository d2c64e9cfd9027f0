import fc from 'fast-check';
import { RecipientQueues } from '../../nodes/core/pacing/recipientQueue';
import { VirtualClock, waitingOn } from './pacing-world.cjs';

function world() {
	const clock = new VirtualClock();
	return { clock, queues: new RecipientQueues(clock.now) };
}

it('messages to one phone go in sequence, in arrival order; other phones do not wait', async () => {
	const { clock, queues } = world();
	const log: string[] = [];
	const send = async (phone: string, name: string) => {
		const lock = await queues.acquire(phone, waitingOn(clock));
		log.push(`${name} starts`);
		await clock.sleep(100);
		log.push(`${name} ends`);
		lock!.release();
	};
	const all = [send('1', 'a'), send('1', 'b'), send('2', 'x'), send('1', 'c')];
	await clock.run();
	await Promise.all(all);
	expect(log.filter((line) => !line.startsWith('x'))).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
	expect(log.indexOf('x starts')).toBe(1);
	expect(queues.queues.size).toBe(0);
});

it('after a pair limit, messages to that phone are six seconds apart', async () => {
	const { clock, queues } = world();
	const sent: number[] = [];
	const send = async (limited: boolean) => {
		const lock = (await queues.acquire('1', waitingOn(clock)))!;
		if (limited) lock.space(6000);
		expect(await lock.ready()).toBe(true);
		sent.push(clock.time);
		lock.sent();
		lock.release();
	};
	const all = [send(false), send(true), send(false), send(false)];
	await clock.run();
	await Promise.all(all);
	expect(sent).toEqual([0, 6000, 12_000, 18_000]);
	clock.time += 700_000;
	await Promise.all([send(false), send(false), clock.run()]);
	expect(sent.slice(4)).toEqual([718_000, 718_000]);
	expect(queues.queues.size).toBe(0);
});

it('a cancelled waiter leaves within a quarter of a second and blocks nobody', async () => {
	const { clock, queues } = world();
	let cancelled = false;
	const first = (await queues.acquire('1', waitingOn(clock)))!;
	const second = queues.acquire('1', { sleep: clock.sleep, isCancelled: () => cancelled });
	const third = queues.acquire('1', waitingOn(clock));
	await clock.run(1000);
	cancelled = true;
	await clock.run(1250);
	expect(await second).toBeNull();
	first.space(60_000);
	const waiting = first.ready();
	await clock.run(2000);
	first.release();
	await clock.run(2300);
	(await third)!.release();
	await clock.run();
	expect(await waiting).toBe(true);
});

it('releasing a lock twice releases it once', async () => {
	const { clock, queues } = world();
	const first = (await queues.acquire('1', waitingOn(clock)))!;
	first.release();
	const second = (await queues.acquire('1', waitingOn(clock)))!;
	first.release();
	let entered = false;
	const third = queues.acquire('1', waitingOn(clock)).then((lock) => {
		entered = true;
		return lock;
	});
	await clock.run(1000);
	expect(entered).toBe(false);
	second.release();
	await clock.run();
	(await third)!.release();
	await clock.run();
	expect(queues.queues.size).toBe(0);
});

it('under any cancellation, each phone has one sender at a time and no waiter is forgotten', async () => {
	const message = fc.record({ phone: fc.constantFrom('1', '2', '3'), arrives: fc.nat(500), takes: fc.nat(200), cancelledAt: fc.option(fc.nat(2000), { nil: Infinity }) });
	await fc.assert(
		fc.asyncProperty(fc.array(message, { maxLength: 40 }), async (messages) => {
			const { clock, queues } = world();
			const inside = new Map<string, number>();
			let done = 0;
			const all = messages.map(async ({ phone, arrives, takes, cancelledAt }) => {
				await clock.sleep(arrives);
				const lock = await queues.acquire(phone, { sleep: clock.sleep, isCancelled: () => clock.time >= cancelledAt });
				done++;
				if (!lock) return;
				expect(inside.get(phone) ?? 0).toBe(0);
				inside.set(phone, 1);
				await clock.sleep(takes);
				inside.set(phone, 0);
				lock.release();
			});
			await clock.run();
			await Promise.all(all);
			expect(done).toBe(messages.length);
			expect(queues.queues.size).toBe(0);
		}),
		{ numRuns: 100 },
	);
});
