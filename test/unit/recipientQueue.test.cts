import fc from 'fast-check';
import { RecipientQueues } from '../../nodes/core/pacing/recipientQueue';
import { VirtualClock, waitingOn } from './pacing-world.cjs';

function world() {
	const clock = new VirtualClock();
	return { clock, queues: new RecipientQueues(clock.now) };
}

it('messages to one phone go one after the other, in the order they came; other phones do not wait', async () => {
	const { clock, queues } = world();
	const log: string[] = [];
	const send = async (phone: string, name: string) => {
		const place = await queues.enter(phone, waitingOn(clock));
		log.push(`${name} starts`);
		await clock.sleep(100);
		log.push(`${name} ends`);
		place!.leave();
	};
	const all = [send('1', 'a'), send('1', 'b'), send('2', 'x'), send('1', 'c')];
	await clock.run();
	await Promise.all(all);
	expect(log.filter((line) => !line.startsWith('x'))).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
	expect(log.indexOf('x starts')).toBe(1);
	expect(queues.queues.size).toBe(0);
});

it('once the service said so, messages to that phone stand six seconds apart', async () => {
	const { clock, queues } = world();
	const sent: number[] = [];
	const send = async (limited: boolean) => {
		const place = (await queues.enter('1', waitingOn(clock)))!;
		if (limited) place.space(6000);
		expect(await place.ready()).toBe(true);
		sent.push(clock.time);
		place.sent();
		place.leave();
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

it('whoever is cancelled while waiting leaves within a quarter of a second and holds nobody up', async () => {
	const { clock, queues } = world();
	let cancelled = false;
	const first = (await queues.enter('1', waitingOn(clock)))!;
	const second = queues.enter('1', { sleep: clock.sleep, isCancelled: () => cancelled });
	const third = queues.enter('1', waitingOn(clock));
	await clock.run(1000);
	cancelled = true;
	await clock.run(1250);
	expect(await second).toBeNull();
	first.space(60_000);
	const waiting = first.ready();
	await clock.run(2000);
	first.leave();
	await clock.run(2300);
	(await third)!.leave();
	await clock.run();
	expect(await waiting).toBe(true);
});

it('a place is left once, whoever leaves twice', async () => {
	const { clock, queues } = world();
	const first = (await queues.enter('1', waitingOn(clock)))!;
	first.leave();
	const second = (await queues.enter('1', waitingOn(clock)))!;
	first.leave();
	let entered = false;
	const third = queues.enter('1', waitingOn(clock)).then((place) => {
		entered = true;
		return place;
	});
	await clock.run(1000);
	expect(entered).toBe(false);
	second.leave();
	await clock.run();
	(await third)!.leave();
	await clock.run();
	expect(queues.queues.size).toBe(0);
});

it('whatever is cancelled, no two are ever at one phone and none is forgotten', async () => {
	const message = fc.record({ phone: fc.constantFrom('1', '2', '3'), arrives: fc.nat(500), takes: fc.nat(200), cancelledAt: fc.option(fc.nat(2000), { nil: Infinity }) });
	await fc.assert(
		fc.asyncProperty(fc.array(message, { maxLength: 40 }), async (messages) => {
			const { clock, queues } = world();
			const inside = new Map<string, number>();
			let done = 0;
			const all = messages.map(async ({ phone, arrives, takes, cancelledAt }) => {
				await clock.sleep(arrives);
				const place = await queues.enter(phone, { sleep: clock.sleep, isCancelled: () => clock.time >= cancelledAt });
				done++;
				if (!place) return;
				expect(inside.get(phone) ?? 0).toBe(0);
				inside.set(phone, 1);
				await clock.sleep(takes);
				inside.set(phone, 0);
				place.leave();
			});
			await clock.run();
			await Promise.all(all);
			expect(done).toBe(messages.length);
			expect(queues.queues.size).toBe(0);
		}),
		{ numRuns: 100 },
	);
});
