import { settles } from '../../nodes/core/waiting';
import { VirtualClock } from './pacing-world.cjs';

describe('waiting for a promise', () => {
	it('attaches to it once, however long it takes: a wait of an hour needs no more memory than one of a second', async () => {
		const clock = new VirtualClock();
		let resolve = () => {};
		const promise = new Promise<void>((settle) => (resolve = settle));
		const then = jest.spyOn(promise, 'then');
		const waiting = settles(promise, { sleep: clock.sleep, isCancelled: () => false });
		await clock.run(3_600_000);
		expect(then).toHaveBeenCalledTimes(1);
		resolve();
		expect(await waiting).toBe(true);
	});

	it('ends when it is cancelled, and when the promise is rejected', async () => {
		const clock = new VirtualClock();
		const never = settles(new Promise(() => {}), { sleep: clock.sleep, isCancelled: () => clock.time >= 1000 });
		await clock.run(2000);
		expect(await never).toBe(false);
		expect(await settles(Promise.reject(new Error('no')), { sleep: clock.sleep, isCancelled: () => false })).toBe(true);
	});
});
