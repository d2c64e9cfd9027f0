import { Pace } from '../../nodes/core/pace';
import { sendAll, VirtualChannel, VirtualClock } from './pace-world.cjs';

it('explore', async () => {
	const rows: string[] = [];
	for (const jitter of [0, 20])
	for (const [limit, items] of [[20, 200], [20, 1000], [80, 1000], [250, 1000], [250, 10000], [500,5000], [10,100], [1,50], [1000,5000],[1e6,1000],[1e6,10000]] as const)
		for (const latency of [50, 100, 300]) {
			const clock = new VirtualClock();
			const channel = new VirtualChannel(clock, { limit, latency, jitter });
			const pace = new Pace(clock.now);
			const done = sendAll(pace, clock, channel, items);
			await clock.run();
			const { sent } = await done;
			const ideal = (items - limit) / limit;
			const took = channel.accepted.at(-1)! / 1000;
			rows.push([jitter, limit, latency, items, sent, 'share', ((ideal / took) * 100).toFixed(1), 'wall', (ideal / (took + latency / 1000) * 100).toFixed(1), 'refused%', ((channel.refused.length / channel.requests) * 100).toFixed(2), channel.refused.length, 'max', channel.mostInFlight, 'r', pace.messagesPerSecond?.toFixed(1)].join(' '));
		}
	console.log(rows.join('\n'));
}, 300_000);
