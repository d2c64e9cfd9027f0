/** Worlds that send messages. */
import { inspect } from 'node:util';
import { sendWorldArbitrary } from './arbitrary.mts';
import { casesOf } from './case.mts';
import { checkOnce } from './invariants/once.mts';
import { checkOutput } from './invariants/output.mts';
import { checkQuestions } from './invariants/questions.mts';
import { checkRecipients } from './invariants/recipients.mts';
import { checkRows } from './invariants/rows.mts';
import { checkSecrets } from './invariants/secrets.mts';
import { checkStops } from './invariants/stops.mts';
import { checkTime } from './invariants/time.mts';
import { checkTruth } from './invariants/truth.mts';
import { playWorld } from './play.mts';
import type { SendWorld } from './world.mts';
import type { WorldKind } from '../world-kind.mts';

const CHECKS = [checkRecipients, checkOnce, checkTruth, checkOutput, checkTime, checkStops, checkSecrets, checkQuestions, checkRows];

export const sendWorlds: WorldKind<SendWorld> = {
	name: 'send',
	weight: 1,
	arbitrary: sendWorldArbitrary,
	show: (world) => inspect(structuredClone(world), { depth: 8, breakLength: 160, compact: 4 }),
	play: async (engine, world) =>
		await playWorld(engine, world, (story) => {
			const cases = casesOf(story);
			const { channel, store } = story.stage;
			return {
				broken: CHECKS.flatMap((check) => check(story, cases)),
				messages: channel.messages.length,
				faults: channel.asked.filter(({ fault }) => fault !== undefined).length + store.thrown,
			};
		}),
};
