/** Worlds in which messages are sent. */
import fc from 'fast-check';
import { startExecution } from '../execution.mts';
import { Stage } from '../stage.mts';
import type { Broken, WorldKind } from '../world-kind.mts';

export interface SendWorld {
	items: number;
}

export const sendWorlds: WorldKind<SendWorld> = {
	name: 'send',
	weight: 1,
	arbitrary: fc.record({ items: fc.integer({ min: 1, max: 12 }) }),
	show: (world) => JSON.stringify(world),
	play: async (engine, world) =>
		await Stage.play(
			engine,
			{
				chance: 1,
				channel: {
					channelId: 'ABC123456789',
					token: 'token-of-the-world',
					origin: 'https://api.1msg.io',
					latency: 100,
					templates: [{ name: 'stock_arrival', language: 'en', status: 'approved', namespace: 'ns', body: 'Hello, {{1}}! For order #{{2}}, item "{{3}}" is now in stock. {{4}}.' }],
					others: [],
					reports: [[]],
					hasOldNames: false,
					faultOf: () => undefined,
				},
			},
			async (stage) => {
				const execution = startExecution(stage, {
					name: 'first',
					workflowId: 'w1',
					parameters: {
						operation: 'sendStockArrivalTemplate', template: { __rl: true, mode: 'name', value: 'stock_arrival|en' },
						phone: '={{ $json.phone }}', customerName: 'Ana', orderReference: '={{ $json.ref }}', productName: 'Shelf', nextStep: 'We ship it',
					},
					credential: { channelId: 'ABC123456789', apiToken: 'token-of-the-world', baseUrl: 'https://api.1msg.io', testRecipient: '' },
					items: Array.from({ length: world.items }, (_, place) => ({ phone: `+7912345${1000 + place}`, ref: `R${place}.` })),
				});
				const broken: Broken[] = [];
				const waited = await stage.time.until(execution.ended, 60_000);
				if (waited !== 'done') broken.push({ invariant: 'neverStuck', what: `the execution was ${waited}` });
				if (stage.channel.messages.length !== world.items) broken.push({ invariant: 'atMostOnce', what: `${stage.channel.messages.length} messages for ${world.items} items` });
				return { broken, messages: stage.channel.messages.length, faults: 0 };
			},
		),
};
