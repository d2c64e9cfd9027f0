/** Plays a world and records it. */
import type { AgentMessage, Moment, NodePlan, SendWorld } from './world.mts';
import type { ChannelSettings, ChannelTemplate } from '../channel.mts';
import type { Engine } from '../engine.mts';
import { startExecution, type Execution } from '../execution.mts';
import type { Fault } from '../faults.mts';
import { Stage } from '../stage.mts';
import { longestOf } from './bounds.mts';
import { itemsOf, parametersOf } from './parameters.mts';
import { CHANNEL_ID, ORIGIN, TEMPLATE, TOKEN } from './setting.mts';
import { phoneOf } from './oracle/expectation.mts';
import { readRecipient } from './oracle/recipient.mts';
import { optionOf } from './oracle/options.mts';

/** An execution of one of the world's nodes. */
export interface Played {
	nodeIndex: number;
	node: NodePlan;
	testRecipient: unknown;
	execution: Execution;
	/** Number of its n8n process. */
	process: number;
	/** World milliseconds. */
	startedAt: number;
	endedAt?: number;
	/** Interrupted by a crash. */
	isKilled: boolean;
	/** Exceeded the maximum its options allow. */
	stuck?: string;
}

/** The record of a world. */
export interface Story {
	world: SendWorld;
	stage: Stage;
	played: Played[];
	jumps: Array<{ at: number; by: number }>;
}

/** Milliseconds in which leftover activity would show. */
const AFTERMATH = 30_000;

export async function playWorld<T>(engine: Engine, world: SendWorld, judge: (story: Story) => T): Promise<T> {
	const settings = { chance: world.chance, channel: channelSettings(world), storeFaultOf: (index: number) => world.store[index] ?? undefined, storeLatency: world.storeLatency };
	return await Stage.play(engine, settings, async (stage) => {
		const story: Story = { world, stage, played: [], jumps: [] };
		const processes = { now: 1, last: 1, others: [] as number[] };
		for (const moment of world.moments) {
			if (moment.when === 'idle' || moment.act.do === 'restart') await waitUntilIdle(story);
			else await stage.time.pass(moment.when);
			act(story, moment.act, processes);
		}
		await waitUntilIdle(story);
		await stage.time.pass(AFTERMATH);
		return judge(story);
	});
}

function act(story: Story, what: Moment['act'], processes: { now: number; last: number }): void {
	const { stage, world, played } = story;
	switch (what.do) {
		case 'start': {
			const nodeIndex = what.node % world.nodes.length;
			const node = world.nodes[nodeIndex]!;
			if (what.process === 'second') {
				stage.restart();
				processes.now = ++processes.last;
			}
			const execution = startExecution(stage, {
				name: `execution ${played.length + 1}`,
				workflowId: `workflow ${nodeIndex + 1}`,
				typeVersion: node.version,
				parameters: parametersOf(node),
				credential: { channelId: CHANNEL_ID, apiToken: TOKEN, baseUrl: ORIGIN, testRecipient: (what.testRecipient ?? '') as never },
				items: itemsOf(node),
				onError: node.onError,
				settings: node.retry && { retryOnFail: true, ...node.retry },
				runs: node.runs,
			});
			const entry: Played = { nodeIndex, node, testRecipient: what.testRecipient, execution, process: processes.now, startedAt: stage.time.elapsed(), isKilled: false };
			played.push(entry);
			void execution.ended.then(() => {
				entry.endedAt = stage.time.elapsed();
			});
			return;
		}
		case 'crash':
			for (const entry of running(story)) entry.isKilled = true;
			stage.crash();
			processes.now = ++processes.last;
			return;
		case 'restart':
			stage.restart();
			processes.now = ++processes.last;
			return;
		case 'cancel':
			running(story).at(-1)?.execution.cancel();
			return;
		case 'jump':
			stage.time.jump(what.by);
			story.jumps.push({ at: stage.time.elapsed(), by: what.by });
	}
}

function running({ played }: Story): Played[] {
	return played.filter(({ endedAt, isKilled, stuck }) => endedAt === undefined && !isKilled && stuck === undefined);
}

async function waitUntilIdle(story: Story): Promise<void> {
	const { time } = story.stage;
	for (let [entry] = running(story); entry; [entry] = running(story)) {
		const waited = await time.until(entry.execution.ended, entry.startedAt + longestOf(story.world, entry.node));
		if (waited !== 'done') entry.stuck = waited;
		await time.settle();
	}
}

function channelSettings(world: SendWorld): ChannelSettings {
	const { channel } = world;
	let sends = 0;
	const lists: Record<string, Array<Fault | null>> = { '/templates': channel.templates, '/hookInfo': channel.hookInfo, '/messages': channel.history };
	const faultOf = (path: string, index: number): Fault | undefined => {
		if (path === '/sendTemplate' || path === '/sendMessage') {
			const send = sends++;
			if (channel.everyone && send >= channel.everyone.from) return channel.everyone.fault;
			return channel.sends[send] ?? undefined;
		}
		const fault = lists[path]?.[index] ?? undefined;
		if (fault === undefined && channel.throttlesQueries && (path === '/hookInfo' || path === '/messages')) return { kind: 'throttled', status: 429, body: 'Too Many Requests' };
		if (fault === undefined && path === '/hookInfo' && channel.slowHookInfo > 0) return { kind: 'late', after: channel.slowHookInfo };
		return fault;
	};
	return {
		channelId: CHANNEL_ID, token: TOKEN, origin: ORIGIN, latency: channel.latency, templates: templatesOf(channel.twin), reports: channel.reports,
		hasOldNames: channel.hasOldNames, limit: channel.limit, faultOf,
		others: channel.agents.flatMap((agent) => {
			const address = addressOf(world, agent);
			return address === undefined ? [] : [{ to: address, text: agent.text, fromMe: true, ago: agent.ago }];
		}),
	};
}

function templatesOf(twin: SendWorld['channel']['twin']): ChannelTemplate[] {
	const other = { ...TEMPLATE, body: `${TEMPLATE.body} Reply STOP to end this.` };
	switch (twin) {
		case 'rejectedBefore':
			return [{ ...other, status: 'rejected' }, TEMPLATE];
		case 'rejectedAfter':
			return [TEMPLATE, { ...other, status: 'REJECTED' }];
		case 'paused':
			return [{ ...TEMPLATE, status: 'PAUSED' }];
		case 'none':
			return [TEMPLATE];
	}
}

/** Recipient of an agent's message: the row's customer, if it names one. */
function addressOf(world: SendWorld, { node, row }: AgentMessage): string | undefined {
	const plan = world.nodes[node % world.nodes.length]!;
	if (plan.rows.length === 0) return undefined;
	const item = row % plan.rows.length;
	return readRecipient(phoneOf(plan, item), optionOf(plan, 'defaultCountry', item)).to[0];
}
