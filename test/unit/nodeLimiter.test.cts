import { Pacer } from '../../nodes/core/pacing/pacer';
import { NodeLimiter, type NodeLimits } from '../../nodes/shared/nodeLimiter';
import { type Acquire, type ChannelRules, sendAll, VirtualChannel, VirtualClock, waitingOn } from './pacing-world.cjs';

/** Sends through a node's limiter and then the channel's pacer, like the sender. */
async function send(items: number, rules: ChannelRules, limits: NodeLimits) {
	const clock = new VirtualClock();
	const channel = new VirtualChannel(clock, rules);
	const pacer = new Pacer(clock.now);
	const limiter = new NodeLimiter(clock.now);
	const acquire: Acquire = async (options) => {
		const nodePermit = await limiter.acquire(limits, options);
		const acquired = await pacer.acquire(options);
		nodePermit!.used();
		const release: NonNullable<typeof acquired.permit>['release'] = (feedback) => {
			acquired.permit!.release(feedback);
			nodePermit!.release();
		};
		return { permit: { release } };
	};
	const sending = sendAll(acquire, clock, channel, items);
	await clock.run();
	const { sent } = await sending;
	expect(pacer.isIdle).toBe(true);
	return { sent, took: channel.accepted.at(-1)! / 1000, channel };
}

it('messagesPerSecond is kept exactly', async () => {
	const { took, channel } = await send(301, { limit: null, latency: 100 }, { messagesPerSecond: 10 });
	expect(took).toBeGreaterThan(29.5);
	expect(took).toBeLessThan(30.1);
	const busiest = Math.max(...channel.accepted.map((at) => channel.accepted.filter((other) => other >= at && other < at + 1000).length));
	expect(busiest).toBeLessThanOrEqual(14);
});

it('a messagesPerSecond above the channel\'s limit yields, and nothing is lost', async () => {
	const { sent, took } = await send(1000, { limit: 20, latency: 100 }, { messagesPerSecond: 60 });
	expect(sent).toBe(1000);
	expect((1000 - 20) / 20 / took).toBeGreaterThan(0.9);
});

it.each([1, 3, 17])('maxConcurrency %i is never exceeded, and always used', async (maxConcurrency) => {
	const { sent, channel } = await send(100, { limit: null, latency: 20, jitter: 10 }, { maxConcurrency });
	expect(sent).toBe(100);
	expect(channel.mostInFlight).toBe(maxConcurrency);
});

it('a cancelled waiter leaves within a quarter of a second, and those behind it proceed', async () => {
	const clock = new VirtualClock();
	const limiter = new NodeLimiter(clock.now);
	let cancelled = false;
	const first = await limiter.acquire({ maxConcurrency: 1 }, waitingOn(clock));
	const second = limiter.acquire({ maxConcurrency: 1 }, { sleep: clock.sleep, isCancelled: () => cancelled });
	const third = limiter.acquire({ maxConcurrency: 2 }, waitingOn(clock));
	await clock.run(1000);
	cancelled = true;
	await clock.run(1260);
	expect(await second).toBeNull();
	await clock.run();
	(await third)!.release();
	first!.release();
});

it('a message that is never sent uses none of the node\'s rate', async () => {
	const clock = new VirtualClock();
	const limiter = new NodeLimiter(clock.now);
	for (let n = 0; n < 50; n++) {
		const permit = limiter.acquire({ messagesPerSecond: 1 }, waitingOn(clock));
		await clock.run();
		(await permit)!.release();
	}
	expect(clock.time).toBeLessThan(2000);
});
