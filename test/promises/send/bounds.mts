/** Time limits: what the node's options allow, plus a margin. */
import { asks, type NodePlan, type SendWorld } from './world.mts';
import { numberOf, optionOf } from './oracle/options.mts';
import { DEFAULT_RETRY_FOR, DEFAULT_TIMEOUT, DEFAULT_WAIT } from './setting.mts';

/** Milliseconds of unavoidable overhead: database calls, pacing. */
export const SLACK = 3000;

/** Maximum milliseconds the pacer may pause for a `Retry-After`. */
const MAX_PAUSE = 60_000;

/** Milliseconds between two messages to a customer under the pair limit. */
const PAIR_SPACING = 7000;

function most(node: NodePlan, of: (item: number) => number): number {
	return node.rows.reduce((longest, _, item) => Math.max(longest, of(item)), 0);
}

/** Milliseconds per answer. */
export function timeoutOf(node: NodePlan, item: number): number {
	return numberOf(node, 'timeout', item, DEFAULT_TIMEOUT) * 1000;
}

/** Maximum milliseconds to wait for an item's status; 0 if it doesn't. */
export function waitOf(node: NodePlan, item: number): number {
	const until = optionOf(node, 'waitUntil', item);
	return until === undefined || until === 'none' ? 0 : numberOf(node, 'waitTimeout', item, DEFAULT_WAIT) * 1000;
}

export function longestWait(node: NodePlan): number {
	return most(node, (item) => waitOf(node, item));
}

/** Milliseconds that the node's own rate limit takes for its items; 0 without one. */
export function paceOf(node: NodePlan): number {
	return node.rows.reduce((sum, _, item) => {
		const perSecond = numberOf(node, 'messagesPerSecond', item, 0);
		return sum + (perSecond > 0 ? 1000 / perSecond : 0);
	}, 0);
}

/** Milliseconds of database time in one run, with all calls at once. */
export function databaseOf({ nodes, moments, storeLatency }: SendWorld): number {
	return 6 * storeLatency * nodes.reduce((sum, { rows }) => sum + rows.length, 0) * Math.max(1, moments.length);
}

/** Maximum duration of an execution, whatever goes wrong. */
export function longestOf(world: SendWorld, node: NodePlan): number {
	const { latency } = world.channel;
	const timeout = most(node, (item) => timeoutOf(node, item));
	const retryFor = most(node, (item) => numberOf(node, 'retryFor', item, DEFAULT_RETRY_FOR)) * 1000;
	// Concurrent users of the channel share its pace.
	const items = world.nodes.reduce((sum, { rows, runs }) => sum + rows.length * runs, 0) * world.moments.length;
	const questions = retryFor + 4 * (timeout + 10_000);
	const work = asks(node) ? questions : retryFor + MAX_PAUSE + items * (timeout + latency + PAIR_SPACING) + paceOf(node);
	const once = questions + work + longestWait(node) + databaseOf(world) + SLACK;
	const { maxTries, waitBetweenTries } = node.retry ?? { maxTries: 1, waitBetweenTries: 0 };
	return (once + waitBetweenTries) * maxTries * node.runs + SLACK;
}

/** Maximum duration of an attempt if nothing goes wrong anywhere; `atOnce` executions of the node share its own rate limit. */
export function calmOf(world: SendWorld, node: NodePlan, atOnce: number): number {
	// Concurrent executions may queue messages to the same customer.
	const oneByOne = node.options.maxConcurrency ? 2 * atOnce : atOnce;
	return SLACK + databaseOf(world) + world.channel.latency * (3 + 2 * node.rows.length) * oneByOne + paceOf(node) * atOnce + longestWait(node);
}
