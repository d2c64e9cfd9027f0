/** How long things may take: what the node's options allow, and a little more. */
import { asks, type NodePlan, type SendWorld } from './world.mts';
import { numberOf, optionOf } from './oracle/options.mts';
import { DEFAULT_RETRY_FOR, DEFAULT_TIMEOUT, DEFAULT_WAIT } from './setting.mts';

/** Milliseconds that are nobody's fault: rounds of the database, turns of the pace. */
export const SLACK = 3000;

/** Longest that a pace may have everybody wait for a `Retry-After`, in milliseconds. */
const LONGEST_PAUSE = 60_000;

/** Milliseconds between two messages to one customer whom WhatsApp wants left alone. */
const PAIR_SPACING = 7000;

function most(node: NodePlan, of: (item: number) => number): number {
	return node.rows.reduce((longest, _, item) => Math.max(longest, of(item)), 0);
}

/** Milliseconds for one answer. */
export function timeoutOf(node: NodePlan, item: number): number {
	return numberOf(node, 'timeout', item, DEFAULT_TIMEOUT) * 1000;
}

/** Milliseconds that an item may be waited for; 0 where it is not. */
export function waitOf(node: NodePlan, item: number): number {
	const until = optionOf(node, 'waitUntil', item);
	return until === undefined || until === 'none' ? 0 : numberOf(node, 'waitTimeout', item, DEFAULT_WAIT) * 1000;
}

export function longestWait(node: NodePlan): number {
	return most(node, (item) => waitOf(node, item));
}

/** Milliseconds that the node's own pace takes for its items; 0 where it has none. */
export function paceOf(node: NodePlan): number {
	return node.rows.reduce((sum, _, item) => {
		const perSecond = numberOf(node, 'messagesPerSecond', item, 0);
		return sum + (perSecond > 0 ? 1000 / perSecond : 0);
	}, 0);
}

/** Milliseconds for what the database is asked in one run, by all at once. */
export function databaseOf({ nodes, moments, storeLatency }: SendWorld): number {
	return 6 * storeLatency * nodes.reduce((sum, { rows }) => sum + rows.length, 0) * Math.max(1, moments.length);
}

/** Longest that an execution of the node may take, whatever goes wrong on the way. */
export function longestOf(world: SendWorld, node: NodePlan): number {
	const { latency } = world.channel;
	const timeout = most(node, (item) => timeoutOf(node, item));
	const retryFor = most(node, (item) => numberOf(node, 'retryFor', item, DEFAULT_RETRY_FOR)) * 1000;
	// Others that use the channel at the same time share its pace.
	const items = world.nodes.reduce((sum, { rows, runs }) => sum + rows.length * runs, 0) * world.moments.length;
	const questions = retryFor + 4 * (timeout + 10_000);
	const work = asks(node) ? questions : retryFor + LONGEST_PAUSE + items * (timeout + latency + PAIR_SPACING) + paceOf(node);
	const once = questions + work + longestWait(node) + databaseOf(world) + SLACK;
	const { maxTries, waitBetweenTries } = node.retry ?? { maxTries: 1, waitBetweenTries: 0 };
	return (once + waitBetweenTries) * maxTries * node.runs + SLACK;
}

/** Longest that one try may take where nothing goes wrong in the whole world; `atOnce` executions of the node share its own pace. */
export function calmOf(world: SendWorld, node: NodePlan, atOnce: number): number {
	// Side by side, executions may write to the same customer, one message after the other.
	const oneByOne = node.options.maxConcurrency ? 2 * atOnce : atOnce;
	return SLACK + databaseOf(world) + world.channel.latency * (3 + 2 * node.rows.length) * oneByOne + paceOf(node) * atOnce + longestWait(node);
}
