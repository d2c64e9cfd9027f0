/** Never stuck: the node ends in time, makes no requests afterwards, and ignores other nodes' settings. */
import { calmOf, databaseOf, longestOf, longestWait, paceOf, timeoutOf } from '../bounds.mts';
import { errorOf, type Case } from '../case.mts';
import type { Story } from '../play.mts';
import type { Broken } from '../../world-kind.mts';

/** Milliseconds for a cancelled node to end. */
const CANCEL_SLACK = 1500;

/** Milliseconds before retrying a database that threw. */
const STORE_RETRY = 1000;

/** Margin on the Wait Timeout in milliseconds. */
const WAIT_SLACK = 2000;

export function checkTime(story: Story, cases: readonly Case[]): Broken[] {
	const found = [...story.played.flatMap((played) => checkEnd(story, played)), ...cases.flatMap((entry) => [...checkWait(story, entry), ...checkCalm(story, entry), ...checkStarved(story, entry), ...checkAfterwards(entry)])];
	return found.map((what) => ({ invariant: 'neverStuck', what }));
}

function checkEnd(story: Story, { execution, node, stuck, isKilled, startedAt }: Story['played'][number]): string[] {
	const { name } = execution.plan;
	if (stuck === 'stuck') return [`${name} waits for something that can never happen`];
	if (stuck === 'late') return [`${name} has not ended ${longestOf(story.world, node)} ms after its start at ${startedAt} ms`];
	const last = execution.tries.at(-1);
	const { cancelledAt } = execution;
	const { stage } = story;
	if (isKilled || cancelledAt === undefined || !last) return [];
	const end = last.endedAt ?? Infinity;
	// Claimed keys are released at the database's speed.
	const slack = CANCEL_SLACK + (node.options.sendOnce || node.options.sendAgain ? databaseOf(story.world) + stage.store.thrown * STORE_RETRY : 0);
	// n8n itself retries a cancelled node.
	return end > Math.max(cancelledAt, last.startedAt) + slack ? [`${name} was cancelled at ${cancelledAt} ms, and its node ended at ${end} ms`] : [];
}

/** The Wait Timeout holds, whatever the answers. */
function checkWait(story: Story, { played, tries, asked, name }: Case): string[] {
	const { node } = played;
	// Find Sent Message waits for no status, and a rate-limited channel delays everyone.
	if (node.operation === 'findSentMessage' || story.world.channel.limit) return [];
	const wait = longestWait(node);
	// Pacing, or another execution's send, delays a node for other reasons.
	const atOnce = executionsOf(story, played);
	if (wait === 0 || asked.some(({ fault }) => fault?.kind === 'throttled' || fault?.kind === 'unreached')) return [];
	if (atOnce > 1 && (node.options.sendOnce ?? node.options.sendAgain)) return [];
	const most = wait + WAIT_SLACK + paceOf(node) * atOnce + databaseOf(story.world);
	const timeout = played.node.rows.reduce((most, _, item) => Math.max(most, timeoutOf(played.node, item)), 0);
	return tries.flatMap(({ from, to, startedAt, endedAt }): string[] => {
		if (endedAt === undefined) return [];
		const own = asked.filter(({ sequence }) => sequence > from && sequence < to);
		const working = own.filter(({ path }) => path !== '/hookInfo' && path !== '/messages');
		// The wait begins with the first query sent, which may be delayed after throttling.
		const isSlowed = story.stage.channel.asked.some(({ fault }) => fault?.kind === 'throttled');
		const begunAt = isSlowed ? Math.max(startedAt, own[0]?.at ?? 0) : startedAt;
		const doneAt = working.reduce((latest, { at, answeredAt }) => Math.max(latest, Math.min(answeredAt ?? Infinity, at + timeout)), begunAt);
		return endedAt - doneAt > most ? [`${name} went on for ${endedAt - doneAt} ms after its last send, with a Wait Timeout of ${wait} ms`] : [];
	});
}

/** If nothing goes wrong, no node waits for another's settings, or for a clock. */
function checkCalm(story: Story, { played, tries, name }: Case): string[] {
	const { stage, world } = story;
	if (played.isKilled || stage.channel.asked.some(({ fault }) => fault !== undefined) || stage.store.thrown > 0) return [];
	const longest = calmOf(world, played.node, executionsOf(story, played));
	return tries.flatMap(({ startedAt, endedAt }): string[] =>
		endedAt !== undefined && endedAt - startedAt > longest ? [`${name} took ${endedAt - startedAt} ms, and nothing was in its way (at most ${longest} ms)`] : [],
	);
}

/** A message gives up on a channel only if the channel turned a message away; queries may be turned away for hours. */
function checkStarved({ stage }: Story, { results, name, expectations }: Case): string[] {
	const isDown = stage.channel.asked.some(({ path, fault }) => path !== '/hookInfo' && path !== '/messages' && (fault?.kind === 'throttled' || fault?.kind === 'unreached' || fault?.kind === 'refused'));
	if (isDown || expectations.length === 0) return [];
	return results.flatMap((result, item): string[] => {
		const code = errorOf(result)?.code;
		return code === 'rate-limited' || code === 'channel-unreachable' ? [`item ${item} of ${name} is ${code}, and the channel turned no message away`] : [];
	});
}

/** Executions of the same node, which share its rate limit. */
function executionsOf({ played }: Story, { nodeIndex }: Case['played']): number {
	return played.filter((other) => other.nodeIndex === nodeIndex).length;
}

/** A finished node makes no requests. */
function checkAfterwards({ tries, asked, name, played }: Case): string[] {
	if (played.isKilled) return [];
	const after = asked.filter(({ sequence }) => tries.every(({ from, to }) => sequence < from || sequence > to));
	if (after.length === 0) return [];
	return [`${name} asked for ${after.length} things after its node had ended, ${after[0]!.path} at ${after[0]!.at} ms first`];
}

